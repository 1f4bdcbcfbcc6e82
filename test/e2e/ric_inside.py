"""ric_inside: AWS's own Node runtime client (install.sh BUILD), as it comes from npm, in a cage.

As its users do it: the package in the code's node_modules, and a bootstrap that starts it.
"""

import base64
import os
import pathlib
import shutil
from concurrent.futures import ThreadPoolExecutor

import tap
from server import LAB, Project

PACKAGE = pathlib.Path(os.environ["FNWARD_BUILD"], "ric/node_modules/aws-lambda-ric")
NATIVE = "dist/rapid-client.node"  # built by install.sh; the rest is JavaScript
BOOTSTRAP = """#!/usr/bin/env node
process.argv.push(process.env._HANDLER);
import("aws-lambda-ric/bin/index.mjs");
"""
SHELL = """#!/bin/sh
exec node node_modules/aws-lambda-ric/bin/index.mjs "$_HANDLER"
"""
CONTRACT = """
version: 1
functions:
  lab:
    code: code
    runtime: provided
    handler: app.handler
    on: [{invoke: {}}, {http: POST /lab, body: {type: object}}]
    limits: {timeout: 2s, concurrency: 4, processes: 32}
  by_shell:
    code: shell
    runtime: provided
    handler: app.handler
    on: [invoke: {}]
    may: {run: [NODE]}
    limits: {timeout: 5s, processes: 32}
  broken:
    code: shell
    runtime: provided
    handler: app.nothing
    on: [invoke: {}]
    may: {run: [NODE]}
    limits: {timeout: 5s, processes: 32}
"""


def results(server):
    tap.same(server.invoke("lab", {"a": [1, "é"]}).json, {"a": [1, "é"]}, "AWS's own client answers")
    routed = server.request("POST", "/lab", {"do": "answer", "answer": {"statusCode": 201, "body": "made"}})
    tap.same((routed.status, routed.body), (201, b"made"), "... behind a route too")
    first, second = (server.invoke("lab", {"do": "who"}).json for _ in range(2))
    tap.same((first["self"], first["calls"] + 1), (second["self"], second["calls"]), "... from one process")
    failed = server.invoke("lab", {"do": "fail", "message": "no stock"})
    tap.same((failed.headers["X-Amz-Function-Error"], failed.json["errorType"], failed.json["errorMessage"]),
             ("Unhandled", "RangeError", "no stock"), "an error is told")
    tail = server.invoke("lab", {"do": "print", "lines": ["printed"]}, {"X-Amz-Log-Type": "Tail"})
    log = base64.b64decode(tail.headers["X-Amz-Log-Result"]).decode()
    tap.check(f"{tail.headers['x-amzn-RequestId']}\tINFO\tprinted" in log, "its log lines carry the request id")
    context = server.invoke("lab", {"do": "context"}, {"X-Amz-Client-Context": "eyJjdXN0b20iOnsiayI6InYifX0="})
    tap.same((context.json["functionName"], context.json["awsRequestId"], context.json["clientContext"]),
             ("lab", context.headers["x-amzn-RequestId"], {"custom": {"k": "v"}}), "the context is right")
    tap.check(1000 < context.json["remaining"] <= 2000, "... and the time that is left")


def failures(server):
    late = server.invoke("lab", {"do": "spin"})
    tap.same(late.json["errorType"], "Sandbox.Timedout", "a timeout ends it")
    tap.same(server.invoke("lab", {"a": 1}).json, {"a": 1}, "... and another one goes on")
    large = server.invoke("lab", {"do": "big", "size": 6291557})
    tap.same(large.json["errorType"], "Function.ResponseSizeTooLarge", "too large a response is told")
    tap.same(server.invoke("lab", {"a": 2}).json, {"a": 2}, "... and calls go on")
    tap.same(server.invoke("by_shell", {"a": 3}).json, {"a": 3}, "a shell script may start it as well")
    broken = server.invoke("broken")
    tap.same((broken.headers["X-Amz-Function-Error"], broken.json["errorType"]), ("Unhandled", "Runtime.HandlerNotFound"),
             "a handler that is not there is told in its own words")


def at_once(server):
    def call(n):
        return server.invoke("lab", {"do": "sleep", "ms": n % 9, "n": n}).json["n"] == n

    with ThreadPoolExecutor(8) as pool:
        tap.same(list(pool.map(call, range(200))).count(True), 200, "200 overlapping calls get each its own answer")


def install(target):
    """What runs of the package, as it is."""
    for part in ("bin", "dist"):
        shutil.copytree(PACKAGE / part, target / part)
    shutil.copy(PACKAGE / "package.json", target)


def main():
    if not (PACKAGE / NATIVE).exists():
        tap.skip(f"AWS's client is not built: run test/e2e/install.sh {os.environ['FNWARD_BUILD']}")
        tap.end()
    node = os.path.realpath(shutil.which("node", path="/usr/local/bin:/usr/bin:/bin"))
    files = {"code/app.mjs": LAB, "code/bootstrap": BOOTSTRAP, "shell/app.mjs": LAB, "shell/bootstrap": SHELL}
    with Project(CONTRACT.replace("NODE", node), files) as project:
        for code in ("code", "shell"):
            install(project.directory / code / "node_modules/aws-lambda-ric")
        with project.serve() as server:
            for part in (results, failures, at_once):
                part(server)
    tap.end()


if __name__ == "__main__":
    main()
