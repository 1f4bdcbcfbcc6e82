"""runtime_ric: AWS's own Node client (ric/install.sh BUILD/ric) against the fake Runtime API.

It is given the tables of runtime_node, which shows that what they expect of our client is what
AWS's does, and that the fake server is one that an unmodified client can work with.
"""

import os
import pathlib

import tap
from fake_runtime_api import Instance
from runtime_node import ERRORS, HANDLERS, INIT_ERRORS, RESULTS

BUILD = pathlib.Path(os.environ.get("FNWARD_BUILD", "build"))
CLIENT = pathlib.Path(os.environ.get("FNWARD_RIC", BUILD / "ric")) / (
    "node_modules/aws-lambda-ric/bin/index.mjs"
)

OURS_ONLY = {
    "common.throwsHostile",  # AWS's client reports what failed while it read the value
    "streaming.handler",  # AWS's client can do it
}


def start(handler):
    return Instance(["node", str(CLIENT), handler], HANDLERS, handler)


def check_results():
    for handler, event, expected, name in RESULTS:
        with start(handler) as instance:
            post = instance.invoke(event)
            tap.same((post.kind, post.body and post.json), ("response", expected), name)


def check_errors():
    for handler, kind, message, name in ERRORS:
        if handler in OURS_ONLY:
            continue
        with start(handler) as instance:
            post = instance.invoke({})
            body = post.json
            tap.same(
                (post.kind, body["errorType"], body["errorMessage"]),
                ("error", kind, message),
                name,
            )


def check_init_errors():
    for handler, kind, message in INIT_ERRORS:
        if handler in OURS_ONLY:
            continue
        with start(handler) as instance:
            post, end = instance.next_post(), instance.next_post()
            body = post.json
            tap.same(
                (post.kind, body["errorType"]), ("init error", kind), f"{handler} is {kind}"
            )
            tap.check(body["errorMessage"].startswith(message), f"... saying '{message}'")
            tap.same((end.kind, end.status), ("exit", 129), "... and the process ends")


if __name__ == "__main__":
    if not CLIENT.exists():
        tap.skip(f"{CLIENT} is not there: run test/e2e/ric/install.sh {BUILD}/ric")
        tap.end()
    check_results()
    check_errors()
    check_init_errors()
    tap.end()
