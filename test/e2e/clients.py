"""clients: one project for all AWS clients, so that each is shown the same cases."""

import json
import os
import pathlib
import re

from server import LAB, Project, lab_contract

SENT_MAX = 6 << 20  # limits.body
MORE = """
  busy:
    code: code
    runtime: nodejs
    handler: app.handler
    on: [invoke: {}]
    limits: {timeout: 5s, concurrency: 1, queue: 0}
  strict:
    code: code
    runtime: nodejs
    handler: app.handler
    on: [invoke: {type: object, properties: {n: {type: integer}}, additionalProperties: false}]
"""

# name, event, FunctionError, payload as a pattern
INVOCATIONS = [
    ("success", {"a": [1, "é", None]}, None, r'\{"a":\[1,"é",null\]\}'),
    ("a plain result", {"do": "answer", "answer": "text"}, None, '"text"'),
    ("no result", {"do": "answer"}, None, "null"),
    ("a function error", {"do": "fail", "message": "no stock"}, "Unhandled",
     r'\{"errorType":"RangeError","errorMessage":"no stock"\}'),
    ("a timeout", {"do": "spin"}, "Unhandled",
     r'\{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: [0-9a-f-]{36} Error: '
     r'Task timed out after 1\.00 seconds"\}'),
    ("a response that is too large", {"do": "big", "size": 6291557}, "Unhandled",
     r'\{"errorMessage":"Response payload size exceeded maximum allowed payload size '
     r'\(6291556 bytes\)\.","errorType":"Function\.ResponseSizeTooLarge"\}'),
]


def project():
    return Project(lab_contract(MORE, "timeout: 1s, body: 6MB, concurrency: 2"), {"code/app.mjs": LAB})


def credentials(p):
    """The environment of a client that would find no other credentials than these."""
    return {**p.env, "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example",
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "AWS_PAGER": ""}


# ---- what AWS itself answered once (FNWARD_SUITES) ----

# A runtime of ours has no version; Debian's botocore does not know LoggingConfig yet.
NOT_COMPARED = {"Runtime", "RuntimeVersionConfig", "LoggingConfig"}


def recorded(test, file="test_lambda"):
    """The answers that one recorded test got, or None without the recordings."""
    suites = os.environ.get("FNWARD_SUITES")
    path = pathlib.Path(suites or os.devnull, f"lambda-aws-recorded/{file}.snapshot.json")
    if not suites or not path.exists():
        return None
    cases = json.loads(path.read_text())
    return next(v["recorded-content"] for k, v in cases.items()
                if k.endswith("::" + test) and "/services/" in k)


def is_masked(text):
    return "<" in text or text in ("date", "code-sha256")


def as_pattern(text):
    """A recorded text, with what was masked in it as a gap."""
    parts = re.split(r"<[^<>]*>|111111111111", text)
    return ".*".join(re.escape(part) for part in parts)


def differences(aws, ours, at=""):
    """Where our answer is not what AWS's was."""
    if isinstance(aws, dict) and isinstance(ours, dict):
        names = (set(aws) | set(ours)) - NOT_COMPARED
        return [d for name in sorted(names)
                for d in differences(aws.get(name, "(absent)"), ours.get(name, "(absent)"), f"{at}/{name}")]
    if isinstance(aws, str) and isinstance(ours, str):
        same = bool(ours) if aws in ("date", "code-sha256") else re.fullmatch(as_pattern(aws), ours, re.S)
        return [] if same else [f"{at}: {ours!r} is not {aws!r}"]
    if isinstance(aws, str) and is_masked(aws):
        return []
    return [] if aws == ours else [f"{at}: {ours!r} is not {aws!r}"]
