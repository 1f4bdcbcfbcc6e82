"""aws_cli: Debian's AWS command line against the running fnward."""

import base64
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

import tap
from clients import INVOCATIONS, SENT_MAX, credentials, project
from server import until

AWS = "/usr/bin/aws" if pathlib.Path("/usr/bin/aws").exists() else shutil.which("aws")


class Cli:
    """`aws lambda ...` with its answer read."""

    def __init__(self, p, server):
        self.directory = p.path("cli")
        self.directory.mkdir()
        self.env = {**credentials(p), "AWS_MAX_ATTEMPTS": "1"}
        self.fixed = ["--endpoint-url", server.url, "--output", "json", "--no-cli-pager"]

    def run(self, *arguments):
        return subprocess.run([AWS, *self.fixed, "lambda", *arguments], env=self.env, capture_output=True,
                              text=True, check=False, timeout=60)

    def read(self, *arguments):
        done = self.run(*arguments)
        return json.loads(done.stdout) if done.returncode == 0 else done.stderr

    def invoke(self, function, event=None, *more):
        here = pathlib.Path(tempfile.mkdtemp(dir=self.directory))
        out, sent, payload = here / "payload", here / "event", []
        if event is not None:
            sent.write_text(json.dumps(event))
            payload = ["--payload", f"file://{sent}", "--cli-binary-format", "raw-in-base64-out"]
        said = self.read("invoke", "--function-name", function, *payload, *more, str(out))
        return said, out.read_text() if out.exists() else None


def side_by_side(work, rows):
    """Starting the command line takes a second or two of the machine's time."""
    with ThreadPoolExecutor(3) as pool:
        return list(pool.map(lambda row: work(*row), rows))


def invocations(cli):
    said = side_by_side(cli.invoke, [("lab", event) for _, event, _, _ in INVOCATIONS])
    for (name, _, error, payload), (told, text) in zip(INVOCATIONS, said):
        expected = {"StatusCode": 200, "ExecutedVersion": "$LATEST", **({"FunctionError": error} if error else {})}
        tap.same(told, expected, name)
        tap.check(re.fullmatch(payload, text, re.S), f"... with its payload {text[:100]}")
    empty, tail, latest, event, dry = side_by_side(cli.invoke, [
        ("lab",),
        ("lab", {"do": "print", "lines": ["printed"]}, "--log-type", "Tail"),
        ("lab", {}, "--qualifier", "$LATEST"),
        ("lab", {}, "--invocation-type", "Event"),
        ("lab", {}, "--invocation-type", "DryRun"),
    ])
    tap.same(empty[1], "{}", "without a payload the event is empty")
    tap.check("printed\n" in base64.b64decode(tail[0]["LogResult"]).decode(), "--log-type Tail shows what was printed")
    tap.same(latest[0]["StatusCode"], 200, "--qualifier is taken")
    tap.same((event[0], dry[0]), ({"StatusCode": 202}, {"StatusCode": 204}), "Event and DryRun are accepted")


def refusals(cli):
    rows = [
        ("nothing", {}, "ResourceNotFoundException", "Function not found: arn:aws:lambda:us-east-1:000000000000:function:nothing:$LATEST"),
        ("strict", {"n": "text"}, "InvalidRequestContentException", "/n"),
        ("lab", "x" * SENT_MAX, "RequestTooLargeException", ""),
        ("my-function!", {}, "ValidationException", "Value 'my-function!' at 'functionName'"),
    ]
    answers = side_by_side(cli.invoke, [row[:2] for row in rows])
    for (function, event, kind, message), (said, _) in zip(rows, answers):
        tap.check(f"An error occurred ({kind}) when calling the Invoke operation" in said and message in said,
                  f"'{function}' with {str(event)[:20]}: {kind}")


def throttled(cli, server):
    server.invoke("busy")
    running = threading.Thread(target=server.invoke, args=("busy", {"do": "sleep", "ms": 4000}))
    running.start()
    until(lambda: server.instances("busy")["idle"] == 0)
    said, _ = cli.invoke("busy", {})
    tap.check("(TooManyRequestsException)" in said and "Rate Exceeded" in said, f"a busy function throttles: {said.strip()}")
    running.join()
    tap.same(cli.invoke("busy", {})[0]["StatusCode"], 200, "afterwards it answers again")


def functions(cli):
    listed, one, configuration = side_by_side(cli.read, [
        ("list-functions",),
        ("get-function", "--function-name", "lab"),
        ("get-function-configuration", "--function-name", "lab"),
    ])
    listed = listed["Functions"]
    tap.same([f["FunctionName"] for f in listed], ["lab", "busy", "strict"], "list-functions lists all")
    tap.check(one["Configuration"] == configuration == listed[0],
              "get-function and get-function-configuration say the same")
    *waited, missing, refused = side_by_side(cli.run, [
        ("wait", "function-active-v2", "--function-name", "lab"),
        ("wait", "function-exists", "--function-name", "lab"),
        ("get-function", "--function-name", "nothing"),
        ("delete-function", "--function-name", "lab"),
    ])
    tap.same([done.returncode for done in waited], [0, 0], "waiters come to their end")
    tap.check("(ResourceNotFoundException)" in missing.stderr, "get-function of nothing is told")
    tap.check(refused.returncode != 0, "what would change functions is refused")


def main():
    if not AWS:
        tap.skip("the AWS command line is not installed (Debian package: awscli)")
        tap.end()
    with project() as p, p.serve() as server:
        cli = Cli(p, server)
        invocations(cli)
        refusals(cli)
        functions(cli)
        throttled(cli, server)
    tap.end()


if __name__ == "__main__":
    main()
