"""boto3_client: Debian's boto3 against the running fnward, and its answers beside AWS's own."""

import base64
import json
import os
import re
import shutil
import sys
import threading

try:
    import boto3
    import botocore.config
    from botocore.exceptions import ClientError
except ImportError:
    if sys.executable != "/usr/bin/python3" and shutil.which("/usr/bin/python3"):
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    boto3 = None

import tap
from clients import INVOCATIONS, SENT_MAX, credentials, differences, project, recorded
from server import talk, until

CLIENT_CONTEXT = {"custom": {"foo": "bar"}, "client": {"snap": ["crackle", "pop"]}, "env": {"fizz": "buzz"}}


def connect(server):
    config = botocore.config.Config(retries={"max_attempts": 0}, parameter_validation=False)
    return boto3.client("lambda", endpoint_url=server.url, config=config, region_name="us-east-1")


def plain(answer):
    """A response as the recordings keep them."""
    answer = dict(answer)
    if "Payload" in answer:
        text = answer["Payload"].read().decode()
        answer["Payload"] = json.loads(text) if text[:1] in ("{", "[") else text
    answer["ResponseMetadata"] = {"HTTPHeaders": {}, "HTTPStatusCode": answer["ResponseMetadata"]["HTTPStatusCode"]}
    return answer


def failure(call, **parameters):
    try:
        call(**parameters)
    except ClientError as error:
        return plain(error.response)
    return None


def like_aws(ours, test, step, name, file="test_lambda"):
    steps = recorded(test, file)
    if steps is None:
        tap.skip(f"FNWARD_SUITES is not set: {name} is not compared with AWS's")
        return
    wrong = differences(steps[step], ours)
    tap.check(not wrong, f"{name} is as AWS's ({test}) {wrong or ''}")


# ---- invocations ----

def invocations(client):
    for name, event, error, payload in INVOCATIONS:
        got = client.invoke(FunctionName="lab", Payload=json.dumps(event))
        text = got["Payload"].read().decode()
        tap.same((got["StatusCode"], got.get("FunctionError"), got["ExecutedVersion"]), (200, error, "$LATEST"), name)
        tap.check(re.fullmatch(payload, text, re.S), f"... with its payload {text[:100]}")


def recorded_invocations(client):
    def invoke(**parameters):
        return plain(client.invoke(FunctionName="lab", **parameters))

    like_aws(invoke(Payload="{}"), "test_invocation_type_request_response[python3.10]", "invoke-result", "an answer")
    like_aws(invoke(InvocationType="Event", Payload='{"do":"answer"}'), "test_invocation_type_event[python3.10]",
             "invoke-result", "an Event's answer")
    like_aws(invoke(InvocationType="DryRun"), "test_invocation_type_dry_run[python3.10]", "invoke-result", "a DryRun's")
    like_aws(invoke(Payload='{"do":"answer"}'), "test_invocation_type_no_return_payload[nodejs-RequestResponse]",
             "invoke-result", "the answer of a function without a result")
    like_aws(invoke(Payload='{"do":"spin"}'), "test_lambda_invoke_with_timeout", "invoke-result", "a timeout's")
    like_aws(invoke(Payload='{"do":"big","size":6291557}'), "test_lambda_too_large_response", "invoke_result",
             "the answer for too large a response")
    like_aws(failure(client.invoke, FunctionName="doesnotexist"), "test_invoke_exceptions",
             "invoke_function_doesnotexist", "an unknown function's")
    context = base64.b64encode(json.dumps(CLIENT_CONTEXT).encode()).decode()
    got = invoke(Payload='{"do":"context"}', ClientContext=context)
    aws = recorded("test_lambda_with_context")
    if aws:
        aws = aws["invocation"]["Payload"]["context"]
        wrong = differences(aws, {k: v for k, v in got["Payload"].items() if k in aws})
        tap.check(not wrong, f"the context that a function sees is as AWS's {wrong or ''}")


def logs(client):
    got = client.invoke(FunctionName="lab", LogType="Tail", Payload=json.dumps({"do": "print", "lines": ["one", "two"]}))
    text = base64.b64decode(got["LogResult"]).decode()
    request = got["ResponseMetadata"]["RequestId"]
    expected = (rf"START RequestId: {request} Version: \$LATEST\n(.*\t{request}\t.*)?one\n.*two\nEND RequestId: {request}\n"
                rf"REPORT RequestId: {request}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\t.*")
    tap.check(re.fullmatch(expected, text, re.S), f"Tail has the lines of this call: {text!r}")
    got = client.invoke(FunctionName="lab", LogType="Tail", Payload=json.dumps({"do": "flood", "lines": 3000}))
    text = base64.b64decode(got["LogResult"])
    tap.check(len(text) == 4096 and b"line 2999\n" in text, "... and no more than the last 4 KB")


def events(client, server):
    before = len(server.ledger(kind="invocation", outcome="ok"))
    got = client.invoke(FunctionName="lab", InvocationType="Event", Payload='{"a":7}')
    tap.same((got["StatusCode"], got["Payload"].read()), (202, b""), "an Event is accepted")
    tap.check(until(lambda: len(server.ledger(kind="invocation", outcome="ok")) > before), "... and runs")
    tap.same(failure(client.invoke, FunctionName="lab", InvocationType="Event",
                     Payload=json.dumps("x" * (1 << 20)))["ResponseMetadata"]["HTTPStatusCode"], 413,
             "past 1 MB it is refused")
    tap.same(failure(client.invoke, FunctionName="lab", InvocationType="Often")["Error"]["Code"],
             "InvalidParameterValueException", "an unknown invocation type is refused")


# ---- refusals ----

def refusals(client):
    wrong = failure(client.invoke, FunctionName="strict", Payload='{"n":"not a number"}')
    tap.same((wrong["Error"]["Code"], wrong["ResponseMetadata"]["HTTPStatusCode"]),
             ("InvalidRequestContentException", 400), "an event that does not fit is refused")
    tap.check("/n" in wrong["message"] and "not a number" not in wrong["message"],
              f"... with the place and without the value: {wrong['message']}")
    broken = failure(client.invoke, FunctionName="lab", Payload=b"\x87")
    tap.check(broken["message"].startswith("Could not parse request body into json: Could not parse payload into json: "),
              "what is no JSON is refused in AWS's words")
    large = failure(client.invoke, FunctionName="lab", Payload=json.dumps("x" * SENT_MAX))
    tap.same((large["Error"]["Code"], large["ResponseMetadata"]["HTTPStatusCode"]), ("RequestTooLargeException", 413),
             "too large a request is refused")
    tap.same(plain(client.invoke(FunctionName="lab", Payload=json.dumps({"do": "big", "size": 6291556})))["StatusCode"],
             200, "the largest response passes")


def throttled(client, server):
    client.invoke(FunctionName="busy")
    body = b'{"do":"sleep","ms":1500}'
    head = b"POST /2015-03-31/functions/busy/invocations HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    running = threading.Thread(target=talk, args=(server.port, head + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)))
    running.start()
    until(lambda: server.instances("busy")["idle"] == 0)
    try:
        client.invoke(FunctionName="busy")
        tap.check(False, "a busy function throttles")
    except client.exceptions.TooManyRequestsException as error:
        tap.same(error.response["ResponseMetadata"]["HTTPHeaders"]["retry-after"], "1",
                 "a busy function throttles, and says when to come again")
        like_aws(plain({k: v for k, v in error.response.items() if k != "retryAfterSeconds"}),
                 "test_lambda_concurrency_block", "invoke_latest_first_exc", "its answer")
    running.join()
    tap.same(client.invoke(FunctionName="busy")["StatusCode"], 200, "afterwards it answers again")


# ---- names, and what is known of functions ----

def names(client):
    arn = client.get_function_configuration(FunctionName="lab")["FunctionArn"]
    account = arn.split(":")[4]
    for name in ("lab", "lab:$LATEST", f"{account}:function:lab", f"function:lab", arn, arn + ":$LATEST"):
        tap.same(client.invoke(FunctionName=name)["StatusCode"], 200, f"'{name}' is found")
    tap.same(client.invoke(FunctionName="lab", Qualifier="$LATEST")["StatusCode"], 200, "$LATEST by Qualifier too")
    missing = failure(client.invoke, FunctionName="lab", Qualifier="prod")
    tap.same((missing["Error"]["Code"], missing["Message"]),
             ("ResourceNotFoundException", f"Function not found: {arn}:prod"), "another qualifier is not")


def recorded_names(client):
    """Every name that AWS was recorded to refuse by its form."""
    cases = recorded_name_cases()
    if cases is None:
        tap.skip("FNWARD_SUITES is not set: refused names are not compared with AWS's")
        return
    for name, operation, expected in cases:
        got = failure(getattr(client, operation), FunctionName=name)
        tap.same((got["Error"]["Code"], got["Error"]["Message"]) if got else None, ("ValidationException", expected),
                 f"{operation} refuses '{name[:60]}' in AWS's words")
    mismatch = failure(client.get_function, FunctionName="some-function:1", Qualifier="$LATEST")
    like_aws(mismatch, "test_ops_with_arn_qualifier_mismatch[get_function]", "not_match_exception",
             "the answer to contradicting qualifiers", "test_lambda_api")
    for operation in ("get_function", "get_function_configuration"):
        like_aws(failure(getattr(client, operation), FunctionName="no-such-function"),
                 f"test_ops_on_nonexisting_fn[{operation}]", "not_found_exception", f"{operation} of nothing",
                 "test_lambda_api")


def recorded_name_cases():
    path = os.environ.get("FNWARD_SUITES", "") + "/lambda-aws-recorded/test_lambda_api.snapshot.json"
    if not os.path.exists(path):
        return None
    found = []
    for key, case in json.load(open(path, encoding="utf-8")).items():
        for step, told in case["recorded-content"].items():
            operation = step.removesuffix("_exception")
            if "name_and_qualifier_validation" not in key or operation not in ("get_function", "invoke"):
                continue
            first = (told.get("Errors") or [""])[0].replace("<partition>", "aws")
            value = re.match("Value '([^'<]*)' at 'functionName'", first)
            if value and told["Count"] == 1:
                found.append((value.group(1), operation, f"1 validation error detected: {first}"))
    return found


def functions(client):
    listed = client.list_functions()["Functions"]
    tap.same([f["FunctionName"] for f in listed], ["lab", "busy", "strict"], "all functions are listed")
    got = plain(client.get_function(FunctionName="busy"))
    configuration = client.get_function_configuration(FunctionName="busy")
    tap.check(got["Configuration"] == {k: v for k, v in configuration.items() if k != "ResponseMetadata"} == listed[1],
              "GetFunction, GetFunctionConfiguration and the list say the same")
    tap.same((configuration["Timeout"], configuration["MemorySize"], configuration["State"]), (5, 128, "Active"),
             "... of limits and state")
    aws = recorded("test_function_state")
    if aws:
        aws = aws["get-fn-response"]
        aws["Configuration"] |= {"Handler": "app.handler", "Timeout": 5,
                                 "EphemeralStorage": got["Configuration"]["EphemeralStorage"]}
        got.pop("Tags", None)
        wrong = differences(aws, got)
        tap.check(not wrong, f"GetFunction is as AWS's {wrong or ''}")
    client.get_waiter("function_active_v2").wait(FunctionName="lab")
    client.get_waiter("function_updated_v2").wait(FunctionName="lab")
    tap.check(True, "waiters come to their end")


def main():
    if not boto3:
        tap.skip("boto3 is not installed (Debian package: python3-boto3)")
        tap.end()
    with project() as p:
        os.environ.update(credentials(p))
        with p.serve() as server:
            client = connect(server)
            for part in (invocations, recorded_invocations, logs, refusals, names, recorded_names, functions):
                part(client)
            events(client, server)
            throttled(client, server)
    tap.end()


if __name__ == "__main__":
    main()
