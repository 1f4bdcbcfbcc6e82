"""runtime_python: the Python client against a fake Runtime API. What it expects is what AWS does."""

import os
import pathlib
import re
import shutil

import tap
from fake_runtime_api import PAYLOAD_MAX, Instance

SOURCE = pathlib.Path(os.environ.get("FNWARD_SOURCE", pathlib.Path(__file__).parents[2]))
HANDLERS = SOURCE / "test/e2e/handlers/python"
PYTHON = shutil.which("python3", path="/usr/bin:/usr/local/bin") or "python3"
COMMAND = [PYTHON, "-I", "-S", "-B", "-X", "utf8", str(SOURCE / "runtimes/python/client.py")]

# handler, event, what is posted back
RESULTS = [
    ("app.echo", {"a": [1, "é", None, 1.5]}, {"a": [1, "é", None, 1.5]}, "a handler answers"),
    ("app.nothing", {}, None, "None becomes null"),
    ("app.decimals", {}, [12, 12.5], "decimals become numbers"),
    ("app.raw", {}, {"raw": True}, "bytes pass as they are"),
    ("app.vendor", {}, "vendored", "a module beside the handler can be imported"),
    ("src/deep/plain.handler", {}, "src.deep.plain", "a handler may lie in a sub-directory"),
    ("src.deep.plain.handler", {}, "src.deep.plain", "... named with dots as well"),
    ("app.trace", {}, "none", "no trace id is set when none came"),
    ("app.unicode", {"k": "ü😀"}, {"k": "ü😀", "own": "😀"}, "any text survives both ways"),
    (
        "app.isolated",
        {},
        {"logging": False, "path": str(HANDLERS)},
        "logging is not imported for all",
    ),
]

# handler, errorType, errorMessage
ERRORS = [
    ("app.fails", "LookupError", "not in stock"),
    (
        "app.not_json",
        "Runtime.MarshalError",
        "Unable to marshal response: Object of type set is not JSON serializable",
    ),
    (
        "app.not_a_number",
        "Runtime.MarshalError",
        "Unable to marshal response: Out of range float values are not JSON compliant",
    ),
]

# handler, errorType, the beginning of errorMessage
INIT_ERRORS = [
    ("app.absent", "Runtime.HandlerNotFound", "Handler 'absent' missing on module 'app'"),
    (
        "absent.handler",
        "Runtime.ImportModuleError",
        "Unable to import module 'absent': No module named 'absent'",
    ),
    (
        "missing.handler",
        "Runtime.ImportModuleError",
        "Unable to import module 'missing': No module named 'a_package_that_is_not_there'",
    ),
    (
        "broken.handler",
        "Runtime.UserCodeSyntaxError",
        "Syntax error in module 'broken': expected ':'",
    ),
    ("throws.handler", "ValueError", "no good start"),
    ("nodot", "Runtime.MalformedHandlerName", "Bad handler 'nodot'"),
    (
        "sys.exit",
        "Runtime.BuiltInModuleConflict",
        "Cannot use built-in module sys as a handler module",
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
    for handler, kind, message in ERRORS:
        with start(handler) as instance:
            post = instance.invoke({})
            body = post.json
            tap.same(
                (post.kind, body["errorType"], body["errorMessage"]),
                ("error", kind, message),
                f"{handler} is reported as {kind}",
            )
            tap.same(
                (list(body), body["requestId"]),
                (["errorMessage", "errorType", "requestId", "stackTrace"], "request-1"),
                "... in AWS's form",
            )
            tap.same(
                post.headers.get("lambda-runtime-function-error-type"),
                kind,
                "... in a header too",
            )
            tap.check(f"[ERROR] {kind}: {message}" in post.log, "... and in the log")
            tap.same(instance.invoke({}).kind, "error", "... and the process goes on")
    with start("app.fails_deep") as instance:
        trace = instance.invoke({}).json["stackTrace"]
        places = [re.sub(r'File ".*/', 'File "', frame) for frame in trace]
        tap.same(
            places,
            [
                '  File "app.py", line 21, in fails_deep\n    return fails(event, context)\n',
                '  File "app.py", line 17, in fails\n    raise LookupError("not in stock")\n',
            ],
            "a trace holds the function's frames and no others",
        )
    with start("app.echo") as instance:
        body = instance.invoke(b'{"a":').json
        tap.same(
            body["errorType"], "Runtime.UnmarshalError", "an event that is no JSON is reported"
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
            tap.same(post.json["requestId"], "", "... without a request id")
            tap.check(f"[ERROR] {kind}" in post.log, "... and in the log")
            tap.same((end.kind, end.status), ("exit", 1), "... and the process ends")
    with start("throws.handler") as instance:
        trace = instance.next_post().json["stackTrace"]
        tap.check(
            len(trace) == 1 and "throws.py" in trace[0],
            "the trace begins in the function's module",
        )
    for handler, status in [("app.exits", 7), ("exits.handler", 3)]:
        with start(handler) as instance:
            instance.send_event({})
            end = instance.next_post()
            tap.same(
                (end.kind, end.status), ("exit", status), f"sys.exit({status}) posts nothing"
            )


def check_context():
    headers = {
        "Lambda-Runtime-Client-Context": '{"custom":{"shop":"é"},"client":{"app_title":"till"}}',
        "Lambda-Runtime-Cognito-Identity": '{"cognitoIdentityId":"i","cognitoIdentityPoolId":"p"}',
    }
    with start("app.context") as instance:
        plain, full = instance.invoke({}).json, instance.invoke({}, headers).json
    tap.same(
        plain,
        {
            "left": True,
            "name": "tested",
            "version": "$LATEST",
            "arn": "arn:aws:lambda:us-east-1:000000000000:function:tested",
            "memory": "128",
            "id": "request-1",
            "group": "/aws/lambda/tested",
            "stream": "2030/01/01/[$LATEST]0",
            "identity": [None, None],
            "client": None,
            "repr": True,
        },
        "the context has AWS's fields",
    )
    tap.same(full["client"], [{"shop": "é"}, None, "till"], "the client context is read")
    tap.same(full["identity"], ["i", "p"], "the identity is read")
    with start("app.trace") as instance:
        got = instance.invoke({}, {"Lambda-Runtime-Trace-Id": "Root=1-2-3"}).json
        tap.same(got, "Root=1-2-3", "the trace id is in the environment")
        tap.same(instance.invoke({}).json, "none", "... and gone with the next event")
    with start("app.echo") as instance:
        post = instance.invoke({}, {"Lambda-Runtime-Client-Context": "{"})
        tap.same(
            post.json["errorType"],
            "Runtime.LambdaContextUnmarshalError",
            "a bad client context is told",
        )


def check_output():
    with start("app.prints") as instance:
        tap.same(
            instance.invoke({}).log,
            "one\ntwo\nthree",
            "what was printed is there before the response, as it was printed",
        )
    with start("app.floods") as instance:
        instance.send_event({"size": 4 << 20})
        while (post := instance.next_post(0.01)).kind == "nothing":
            instance.read_output()
        tap.same(
            len(post.log), (4 << 20) + 4, "4 MB past a full pipe are there before the response"
        )
    with start("app.unicode") as instance:
        tap.same(instance.invoke({}).log, "\\ud800 😀\n", "text that has no encoding is escaped")


def check_logging():
    stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    with start("logs.handler") as instance:
        tap.check(
            re.fullmatch(
                rf"\[INFO\]\t{stamp}\t\tat start\n\[INFO\]\t{stamp}\trequest-1\tsold 3\n",
                instance.invoke({}).log,
            ),
            "logging writes AWS's lines, with the request's id",
        )
    with start("app.logs_late") as instance:
        tap.check(
            re.fullmatch(
                rf"\[WARNING\]\t{stamp}\trequest-1\timported late\n", instance.invoke({}).log
            ),
            "... also when a handler imports it late",
        )


def check_protocol():
    with start("app.echo") as instance:
        tap.check(
            instance.invoke({}).with_next, "a result and the next request come in one write"
        )
    with start("app.echo", split_writes=True) as instance:
        event = {"text": "ü" * 500}
        posts = [instance.invoke(event) for _ in range(3)]
        tap.check(
            all(post.json == event for post in posts),
            "answers in small pieces are put together",
        )
    with start("app.big") as instance:
        tap.same(len(instance.invoke({"size": PAYLOAD_MAX - 2}).body), PAYLOAD_MAX, "6 MB pass")
    with start("app.echo") as instance:
        tap.same(instance.invoke("z" * 6000000).json, "z" * 6000000, "an event of 6 MB passes")
    for hang_up, name in [(False, "after a 413"), (True, "when the server hangs up on it")]:
        with start("app.big", hang_up_on_large=hang_up) as instance:
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
        with start("app.echo") as instance:
            instance.send = lambda connection, _: connection.sock.sendall(answer)
            end = instance.invoke({})
            tap.same(
                (end.kind, end.status), ("exit", 1), f"an event with {name} ends the process"
            )
            tap.check("fnward: the Runtime API" in end.log, "... saying why")


if __name__ == "__main__":
    for check in (
        check_results,
        check_errors,
        check_init_errors,
        check_context,
        check_output,
        check_logging,
        check_protocol,
        check_hostile_servers,
    ):
        check()
    tap.end()
