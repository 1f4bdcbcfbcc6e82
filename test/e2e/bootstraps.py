"""bootstraps: `provided` functions, which speak to the Runtime API themselves: a script and a C program."""

import os
import shutil
import subprocess

import tap
from server import Project

SHELL = r"""#!/bin/sh
# The example of every custom runtime: a loop around curl.
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
while :; do
    event=$(curl -sS -D /tmp/head "$api/next") || exit 1
    id=$(sed -n 's/^Lambda-Runtime-Aws-Request-Id: \([0-9a-f-]*\).*/\1/Ip' /tmp/head)
    case $event in
    *fail*) curl -sS -o /tmp/out -d '{"errorType":"Shell.Failed","errorMessage":"as told"}' "$api/$id/error" ;;
    *outside*) curl -sS -m 2 -o /tmp/out http://192.0.2.1/ 2>/tmp/why
        curl -sS -o /tmp/out -d "{\"why\":\"$(tr -d '"' </tmp/why)\"}" "$api/$id/response" ;;
    *undeclared*) perl -e 1 2>/tmp/why; curl -sS -o /tmp/out -d "$?" "$api/$id/response" ;;
    *exit*) exit 4 ;;
    *) echo "handling $_HANDLER"
        curl -sS -o /tmp/out -H 'Transfer-Encoding: chunked' -d "{\"echo\":$event,\"home\":\"$HOME\"}" "$api/$id/response" ;;
    esac
done
"""

PROGRAM = r"""
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char text[1 << 16];

static const char *call(const char *request)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(9001)};
    size_t n = 0;
    ssize_t got;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    char *body, *length;

    inet_pton(AF_INET, "127.0.0.1", &at.sin_addr);
    if (connect(fd, (struct sockaddr *)&at, sizeof(at)) || write(fd, request, strlen(request)) < 0)
        exit(1);
    do {
        got = read(fd, text + n, sizeof(text) - 1 - n);
        n += got > 0 ? (size_t)got : 0;
        text[n] = 0;
        body = strstr(text, "\r\n\r\n");
        length = strstr(text, "Content-Length: ");
    } while (got > 0 && !(body && length && n >= (size_t)(body + 4 - text) + strtoul(length + 16, NULL, 10)));
    close(fd);
    return body ? body + 4 : "";
}

int main(void)
{
    for (int calls = 1;; calls++) {
        char request[1 << 17], id[64] = "", event[1 << 16];
        char *at;

        snprintf(event, sizeof(event), "%s", call("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: a\r\n\r\n"));
        at = strstr(text, "Lambda-Runtime-Aws-Request-Id: ");
        if (at)
            sscanf(at, "Lambda-Runtime-Aws-Request-Id: %63[0-9a-f-]", id);
        if (strstr(event, "crash"))
            abort();
        snprintf(request, sizeof(request),
                 "POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\r\nHost: a\r\n"
                 "Content-Length: %zu\r\n\r\n{\"calls\":%4d,\"event\":%s}",
                 id, strlen(event) + 23, calls, event);
        call(request);
    }
}
"""

CONTRACT = """
version: 1
functions:
  script:
    code: script
    runtime: provided
    handler: some.thing
    on: [{{invoke: {{}}}}, {{http: POST /script, body: {{type: object}}}}]
    may: {{run: [{programs}]}}
    limits: {{timeout: 5s}}
  program:
    code: program
    runtime: provided
    handler: none
    on: [invoke: {{}}]
    limits: {{timeout: 5s}}
  forgetful:
    code: script
    runtime: provided
    handler: some.thing
    on: [invoke: {{}}]
    limits: {{timeout: 2s}}
"""


def compile_program(project):
    source = project.path("bootstrap.c")
    source.write_text(PROGRAM)
    (project.directory / "program").mkdir()
    made = subprocess.run(["cc", "-O1", "-o", project.directory / "program/bootstrap", source],
                          capture_output=True, text=True, check=False)
    tap.same((made.returncode, made.stderr), (0, ""), "a C program of 40 lines is compiled")


def script(server):
    first = server.invoke("script", {"a": [1, "é"]})
    tap.same((first.status, first.json), (200, {"echo": {"a": [1, "é"]}, "home": "/tmp"}),
             "a shell script around curl answers, in chunks")
    tap.same(server.invoke("script", {"b": 2}).json["echo"], {"b": 2}, "... and again")
    routed = server.request("POST", "/script", {"c": 3})
    tap.check(routed.status == 200 and routed.json["echo"]["body"] == '{"c":3}', "... and behind a route")
    failed = server.invoke("script", {"fail": 1})
    tap.same((failed.headers["X-Amz-Function-Error"], failed.json),
             ("Unhandled", {"errorType": "Shell.Failed", "errorMessage": "as told"}), "its error is passed on")
    tap.check("Failed to connect" in (why := server.invoke("script", {"outside": 1}).json["why"])
              or "onnect" in why, f"it reaches no address: {why}")
    tap.same(server.invoke("script", {"undeclared": 1}).json in (126, 127), True, "a program that is not in may.run does not run")
    tap.check(server.ledger(kind="lifecycle", event="ready", faas__name="script"), "its start is on record")
    logs = [r["message"] for r in server.ledger(kind="log", faas__name="script")]
    tap.check("handling some.thing" in logs, "what it prints is on record")
    tap.same(server.invoke("script", {"exit": 1}).json["errorMessage"].rpartition("Error: ")[2],
             "Runtime exited with error: exit status 4", "its end is told")
    tap.same(server.invoke("script", {"d": 4}).json["echo"], {"d": 4}, "... and another one goes on")
    forgetful = server.invoke("forgetful", {})
    tap.check(forgetful.headers["X-Amz-Function-Error"] == "Unhandled", f"without curl in may.run it fails: {forgetful.json}")
    tap.check(any("curl" in r.get("fnward.subject", r.get("subject", "")) for r in server.ledger(kind="denial"))
              or any("curl" in r.get("message", "") for r in server.ledger(kind="log", faas__name="forgetful")),
              "... and the ledger says what was missing")


def program(server):
    for calls in (1, 2, 3):
        tap.same(server.invoke("program", {"n": calls}).json, {"calls": calls, "event": {"n": calls}},
                 f"a C program answers, one connection a request ({calls})")
    tap.same(server.invoke("program", {"crash": 1}).json["errorMessage"].rpartition("Error: ")[2],
             "Runtime exited with error: signal: aborted", "its crash is told")
    tap.same(server.invoke("program", {"n": 1}).json["calls"], 1, "... and another one goes on")


def main():
    programs = [shutil.which(name, path="/usr/bin:/bin") for name in ("curl", "sed", "tr")]
    if None in programs or not shutil.which("cc"):
        tap.skip("curl, sed, tr or cc is not installed")
        tap.end()
    contract = CONTRACT.format(programs=", ".join(os.path.realpath(p) for p in programs))
    with Project(contract, {"script/bootstrap": SHELL}) as project:
        compile_program(project)
        with project.serve() as server:
            program(server)
            script(server)
    tap.end()


if __name__ == "__main__":
    main()
