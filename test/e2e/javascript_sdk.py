"""javascript_sdk: @aws-sdk/client-lambda (install.sh BUILD) against the running fnward."""

import json
import os
import pathlib
import re
import shutil
import subprocess

import tap
from clients import INVOCATIONS, credentials, project

SDK = pathlib.Path(os.environ["FNWARD_BUILD"], "npm")

ERRORS = [
    ("unknown", "ResourceNotFoundException", 404, "Function not found: .*:nothing:[$]LATEST"),
    ("invalid", "InvalidRequestContentException", 400, ".*/n: .*"),
    ("too large", "RequestTooLargeException", 413, ".*"),
    ("throttled", "TooManyRequestsException", 429, "Rate Exceeded[.]"),
]


def run(p, server):
    p.path("cases").write_text(json.dumps([(name, event) for name, event, _, _ in INVOCATIONS]))
    script = pathlib.Path(__file__).with_suffix(".mjs")
    done = subprocess.run(["node", script, server.url, SDK, p.path("cases")], env=credentials(p),
                          capture_output=True, text=True, check=False, timeout=90)
    tap.same((done.returncode, done.stderr if done.returncode else ""), (0, ""), "the SDK comes to its end")
    return dict(json.loads(line) for line in done.stdout.splitlines())


def check(said):
    for name, _, error, payload in INVOCATIONS:
        got = said[name]
        tap.same((got["status"], got["error"], got["version"]), (200, error, "$LATEST"), name)
        tap.check(re.fullmatch(payload, got["payload"], re.S), f"... with its payload {got['payload'][:100]}")
    tap.same(said["no payload"]["payload"], "{}", "without a payload the event is empty")
    tap.check("printed\nEND RequestId" in said["tail"]["log"], "Tail shows what was printed")
    tap.same((said["event"]["status"], said["dry run"]["status"]), (202, 204), "Event and DryRun are accepted")
    for name, kind, status, message in ERRORS:
        got = said[name]
        tap.same((got.get("error"), got.get("status"), got.get("fault")), (kind, status, "client"), f"{name}: {kind}")
        tap.check(re.fullmatch(message, got.get("message", ""), re.S), f"... saying '{got.get('message')}'")
    tap.same(said["throttled"].get("retryAfter"), "1", "a throttled call is told when to come again")
    tap.same(said["afterwards"], 200, "... and then answered")
    tap.same(said["list"], ["lab", "busy", "strict"], "ListFunctions lists all")
    tap.same((said["function"], said["configuration"], said["waiter"]), ("Active", 1, "SUCCESS"),
             "GetFunction, GetFunctionConfiguration and the waiter see an active function")
    tap.same(said["many at once"], True, "40 overlapping calls get each its own answer")


def main():
    if not shutil.which("node") or not (SDK / "node_modules").exists():
        tap.skip(f"the SDK is not installed: run test/e2e/install.sh {SDK.parent}")
        tap.end()
    with project() as p, p.serve() as server:
        check(run(p, server))
    tap.end()


if __name__ == "__main__":
    main()
