"""runtime_node: the Node client against a fake Runtime API. What it expects is what AWS does."""

import json
import os
import pathlib
import shutil

import tap
from fake_runtime_api import PAYLOAD_MAX, Instance

SOURCE = pathlib.Path(os.environ.get("FNWARD_SOURCE", pathlib.Path(__file__).parents[2]))
HANDLERS = SOURCE / "test/e2e/handlers/node"
COMMAND = ["node", str(SOURCE / "runtimes/node/client.cjs")]

# handler, event, what is posted back
RESULTS = [
    (
        "esm.echo",
        {"a": [1, "é", None]},
        {"a": [1, "é", None]},
        "an ES module's async handler answers",
    ),
    ("esm.topLevel", {}, "ready", "a module may await at its top level"),
    ("esm.nothing", {}, None, "undefined becomes null"),
    ("esm.plainResult", {}, None, "what a handler returns outside a promise is ignored"),
    ("esm.api.v1.handler", {}, "nested", "a handler may be nested in an export"),
    ("typed/app.handler", {}, "undefined", "package.json can say that .js is an ES module"),
    ("src/deep/plain.handler", {}, "src/deep/plain.js", "a handler may lie in a sub-directory"),
    ("common.echo", [1], [1], "a CommonJS handler answers"),
    ("common.callback", {"b": 2}, {"b": 2}, "a callback answers"),
    ("common.callbackTwice", {}, "first", "the first call of the callback counts"),
    (
        "common.callbackWaits",
        {},
        "after the loop is empty",
        "a callback waits for the empty loop",
    ),
    ("common.callbackDoesNotWait", {}, "at once", "... unless the context says not to"),
    ("common.succeed", {}, {"by": "succeed"}, "context.succeed answers"),
    ("common.done", 5, {"by": "done", "event": 5}, "context.done answers"),
    ("common.neverSettles", {}, None, "a promise that can't settle any more is null"),
    ("common.never", {}, None, "a handler that never calls back is null"),
    ("common.trace", {}, "none", "no trace id is set when none came"),
    (
        "common.unicode",
        {"k": "ü😀"},
        {"k": "ü😀", "own": "😀\ud800"},
        "any text survives both ways",
    ),
]

# handler, errorType, errorMessage
ERRORS = [
    ("esm.rejects", "RangeError", "out of range", "a rejection is reported"),
    ("common.throws", "SyntaxError", "thrown at once", "a synchronous throw is reported"),
    ("common.callbackError", "TypeError", "called back", "an error called back is reported"),
    ("common.callbackText", "string", "only text", "text called back as an error is reported"),
    ("common.fail", "Error", "by fail", "context.fail reports"),
    ("common.failEmpty", "string", "handled", "context.fail without an error reports"),
    ("common.custom", "PaymentError", "with more", "an error's own name is its type"),
    ("common.throwsText", "string", "just text", "thrown text is reported"),
    ("common.throwsNull", "string", "handled", "thrown null is reported"),
    (
        "common.throwsHostile",
        "handled",
        None,
        "an unreadable thrown value is reported all the same",
    ),
    (
        "common.circular",
        "Error",
        "Unable to stringify response body",
        "a circular result is reported",
    ),
]

# handler, errorType, the beginning of errorMessage
INIT_ERRORS = [
    ("common.absent", "Runtime.HandlerNotFound", "common.absent is undefined or not exported"),
    ("common.notAFunction", "Runtime.HandlerNotFound", "common.notAFunction is not a function"),
    ("absent.handler", "Runtime.ImportModuleError", "Error: Cannot find module 'absent'"),
    (
        "common-missing.x",
        "Runtime.ImportModuleError",
        "Error: Cannot find module 'a-package-that",
    ),
    ("common-syntax.x", "Runtime.UserCodeSyntaxError", "SyntaxError: Unexpected"),
    ("esm-syntax.x", "Runtime.UserCodeSyntaxError", "SyntaxError: Unexpected"),
    ("common-throws.x", "TypeError", "no good start"),
    ("esm-throws.x", "Error", "no good start"),
    ("nodot", "Runtime.MalformedHandlerName", "Bad handler"),
    (
        "../esm.echo",
        "Runtime.MalformedHandlerName",
        "'../esm.echo' is not a valid handler name",
    ),
    (
        "streaming.handler",
        "fnward.StreamingNotSupported",
        "streaming.handler streams its response",
    ),
]

# handler, type, message, exit status
DEATHS = [
    ("common.uncaught", "RangeError", "nobody caught this", 129),
    (
        "common.unhandled",
        "Runtime.UnhandledPromiseRejection",
        "Error: nobody handled this",
        128,
    ),
]


def start(handler, **options):
    return Instance(COMMAND, HANDLERS, handler, **options)


def check_results():
    for handler, event, expected, name in RESULTS:
        with start(handler) as instance:
            first, second = instance.invoke(event), instance.invoke(event)
            tap.same((first.kind, first.body and first.json), ("response", expected), name)
            tap.check(second.body == first.body, f"... and again ({handler})")


def check_errors():
    for handler, kind, message, name in ERRORS:
        with start(handler) as instance:
            post = instance.invoke({})
            body = post.json
            tap.same(
                (post.kind, list(body)[:2]), ("error", ["errorType", "errorMessage"]), name
            )
            tap.same(body["errorType"], kind, f"... as {kind}")
            tap.check(
                message is None or body["errorMessage"] == message, f"... saying '{message}'"
            )
            tap.check(isinstance(body["trace"], list), "... with a trace")
            tap.check("Invoke Error\t{" in post.log, "... and in the log")
            tap.same(instance.invoke({}).kind, "error", "... and the process goes on")


def check_trace():
    with start("esm.rejects") as instance:
        trace = instance.invoke({}).json["trace"]
        tap.same(trace[0], "RangeError: out of range", "a trace begins with the error")
        tap.check("esm.mjs:9:9" in trace[1], "... and the place where it was thrown")
    with start("common.custom") as instance:
        log = instance.invoke({}).log.partition("\t")[2]
        told = json.loads(log)
        tap.same(told["detail"], {"a": 1}, "an error's own fields are in the log")
        tap.same(told["cause"]["errorMessage"], "the cause", "... and what caused it")
    with start("common.echo") as instance:
        post = instance.invoke(b'{"a":')
        tap.same(
            (post.kind, post.json["errorType"]),
            ("error", "SyntaxError"),
            "an event that is no JSON is reported",
        )


def check_init_errors():
    for handler, kind, message in INIT_ERRORS:
        with start(handler) as instance:
            post, end = instance.next_post(), instance.next_post()
            tap.same(
                (post.kind, post.json["errorType"]),
                ("init error", kind),
                f"{handler} is {kind}",
            )
            tap.check(post.json["errorMessage"].startswith(message), f"... saying '{message}'")
            tap.same(
                post.headers.get("lambda-runtime-function-error-type"),
                kind,
                "... in a header too",
            )
            tap.same((end.kind, end.status), ("exit", 129), "... and the process ends")


def check_deaths():
    for handler, kind, message, status in DEATHS:
        with start(handler) as instance:
            post, end = instance.invoke({}), instance.next_post()
            tap.same(
                (post.kind, post.json["errorType"], post.json["errorMessage"]),
                ("error", kind, message),
                f"{handler} is reported",
            )
            tap.same((end.kind, end.status), ("exit", status), "... and ends the process")
            tap.check("common.cjs" in end.log, "... with the place in the log")
    for handler, status in [("common.exits", 7), ("common.exitsCleanly", 0)]:
        with start(handler) as instance:
            end = instance.invoke({})
            tap.same((end.kind, end.status), ("exit", status), f"exit({status}) posts nothing")
    with start("exits.handler") as instance:
        tap.same(instance.next_post().status, 3, "an exit while starting posts nothing")
    with start("common.between") as instance:
        tap.same(
            instance.invoke({}).kind, "response", "an error after the answer leaves the answer"
        )
        end = instance.next_post()
        tap.same((end.kind, end.status), ("exit", 129), "... and ends the process")
        tap.check("between two events" in end.log, "... and is in the log")


def check_context():
    headers = {
        "Lambda-Runtime-Client-Context": '{"custom":{"shop":"é"}}',
        "Lambda-Runtime-Cognito-Identity": '{"cognitoIdentityId":"i","cognitoIdentityPoolId":"p"}',
    }
    with start("common.context") as instance:
        plain, full = instance.invoke({}).json, instance.invoke({}, headers).json
    tap.same(
        {k: v for k, v in plain.items() if k != "keys"},
        {
            "callbackWaitsForEmptyEventLoop": True,
            "functionVersion": "$LATEST",
            "functionName": "tested",
            "memoryLimitInMB": "128",
            "logGroupName": "/aws/lambda/tested",
            "logStreamName": "2030/01/01/[$LATEST]0",
            "invokedFunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:tested",
            "awsRequestId": "request-1",
            "left": True,
        },
        "the context has AWS's fields",
    )
    tap.check(
        {"succeed", "fail", "done", "getRemainingTimeInMillis", "identity", "clientContext"}
        <= set(plain["keys"]),
        "... and its functions, all its own properties",
    )
    tap.same(full["clientContext"], {"custom": {"shop": "é"}}, "the client context is read")
    tap.same(full["identity"]["cognitoIdentityId"], "i", "the identity is read")
    with start("common.trace") as instance:
        got = instance.invoke({}, {"Lambda-Runtime-Trace-Id": "Root=1-2-3"}).json
        tap.same(got, "Root=1-2-3", "the trace id is in the environment")
        tap.same(instance.invoke({}).json, "none", "... and gone with the next event")
    with start("common.traceEverywhere") as instance:
        got = instance.invoke({}, {"Lambda-Runtime-Trace-Id": "Root=1-2-3"}).json
        tap.same(
            got,
            {"copied": "Root=1-2-3", "known": True, "inherited": "Root=1-2-3 1\n"},
            "... in copies of it, and in that of child processes",
        )
    with start("common.echo") as instance:
        post = instance.invoke({}, {"Lambda-Runtime-Client-Context": "{"})
        tap.check(
            "Cannot parse ClientContext" in post.json["errorMessage"],
            "a bad client context is told",
        )


def check_output():
    with start("common.logs") as instance:
        tap.same(
            instance.invoke({}).log,
            "one\ntwo\nthree 3\nfour",
            "what was printed is there before the response, as it was printed",
        )
    with start("common.floods") as instance:
        instance.send_event({"size": 4 << 20})
        while (post := instance.next_post(0.01)).kind == "nothing":
            instance.read_output()
        tap.same(
            len(post.log), (4 << 20) + 4, "4 MB past a full pipe are there before the response"
        )
    with start("common.callbackWaits") as instance:
        tap.same(
            instance.invoke({}).log,
            "the loop was not empty\n",
            "... also while the loop runs empty",
        )


def check_protocol():
    with start("common.echo") as instance:
        tap.check(
            instance.invoke({}).with_next, "a result and the next request come in one write"
        )
    with start("common.echo", split_writes=True) as instance:
        event = {"text": "ü" * 500}
        posts = [instance.invoke(event) for _ in range(3)]
        tap.check(
            all(post.json == event for post in posts),
            "answers in small pieces are put together",
        )
    with start("common.big") as instance:
        tap.same(len(instance.invoke({"size": PAYLOAD_MAX - 2}).body), PAYLOAD_MAX, "6 MB pass")
    with start("common.echo") as instance:
        tap.same(instance.invoke("z" * 6000000).json, "z" * 6000000, "an event of 6 MB passes")
    for hang_up, name in [(False, "after a 413"), (True, "when the server hangs up on it")]:
        with start("common.big", hang_up_on_large=hang_up) as instance:
            instance.invoke({"size": PAYLOAD_MAX + 1})
            tap.same(
                instance.invoke({"size": 3}).json, "xxx", f"too large a result: goes on {name}"
            )


def check_hostile_servers():
    rows = [
        (b"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: a\r\n\r\n", "no Content-Length"),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "another version"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "no request id"),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "403"),
        (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 20000, "an endless head"),
    ]
    for answer, name in rows:
        with start("common.echo") as instance:
            instance.send = lambda connection, _: connection.sock.sendall(answer)
            end = instance.invoke({})
            tap.same(
                (end.kind, end.status), ("exit", 1), f"an event with {name} ends the process"
            )
            tap.check("the Runtime API" in end.log, "... saying why")


if __name__ == "__main__":
    if not shutil.which("node"):
        tap.skip("node is not installed")
        tap.end()
    for check in (
        check_results,
        check_errors,
        check_trace,
        check_init_errors,
        check_deaths,
        check_context,
        check_output,
        check_protocol,
        check_hostile_servers,
    ):
        check()
    tap.end()
