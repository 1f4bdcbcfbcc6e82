"""outputs: what of a function's answer leaves: results, errors, headers, cookies."""

import base64
import json
import subprocess

import tap
from server import Project

CONTRACT = """
version: 1
functions:
  plain:
    code: code
    runtime: nodejs
    handler: app.handler
    on: [{http: POST /plain, body: {}}, {invoke: {}}]
    limits: {timeout: 5s, concurrency: 1}
  open:
    code: code
    runtime: nodejs
    handler: app.handler
    on: [{http: POST /open, body: {}}, {invoke: {}}]
    limits: {timeout: 5s, concurrency: 1}
    answers: {errors: full, headers: [X-Total-Count], cookies: {theme: {http_only: false}}}
  kept:
    code: code
    runtime: nodejs
    handler: app.handler
    on: [{http: POST /kept, body: {}}, {invoke: {}}]
    limits: {timeout: 5s, concurrency: 1}
    returns: {type: object, properties: {id: {type: integer}}, required: [id], additionalProperties: false}
  statuses:
    code: code
    runtime: nodejs
    handler: app.handler
    on: [{http: POST /statuses, body: {}}, {invoke: {}}]
    limits: {timeout: 5s, concurrency: 1}
    returns:
      200: schemas/ok.json
      4xx: {type: object, properties: {message: {type: string, maxLength: 20}}, required: [message]}
"""
CODE = """
import { readFileSync } from "node:fs";
export const handler = async (event) => {
  const asked = event.requestContext ? JSON.parse(event.body) : event;
  if ("answer" in asked) return asked.answer;
  console.log("a harmless line");
  if (asked.read) return readFileSync(asked.read, "utf8");
  throw new TypeError(asked.message);
};
"""
OK = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"],
      "additionalProperties": False}
VALUE = "s3cr3t-value"  # never told


def answered(server, path, answer):
    return server.request("POST", path, {"answer": answer})


def broken(server):
    """The places of the last result that could not leave."""
    return server.ledger(kind="denial", action="response")[-1]["reason"]


def returned(server):
    text = '{"statusCode": 200, "body": "{ \\"id\\" : 1e0 }"}'
    got = server.request("POST", "/kept", '{"answer": %s}' % text, {"Content-Type": "application/json"})
    tap.same((got.status, got.body), (200, b'{"id":1e0}'), "a body that fits leaves as our own serialisation")
    got = answered(server, "/kept", {"id": 1, "password": VALUE})
    tap.same((got.status, got.json), (502, {"message": "Internal Server Error"}), "one that does not is 502")
    tap.check("/password" in broken(server) and VALUE not in broken(server),
              f"... and the ledger has the place: {broken(server)}")
    record = server.ledger(kind="invocation", faas__name="kept")[-1]
    tap.same((record["outcome"], record["error.type"], record["http.response.status_code"]),
             ("error", "fnward.InvalidResponse", 502), "... the invocation's record the outcome")
    got = answered(server, "/kept", {"statusCode": 200, "headers": {"content-type": "text/html"}, "body": '{"id": 1}'})
    tap.same(got.status, 502, "what is checked as JSON is not sent as a page")
    got = answered(server, "/kept", {"statusCode": 400, "body": "anything"})
    tap.same((got.status, got.body), (400, b"anything"), "one schema speaks of success only")
    got = server.invoke("kept", {"answer": {"id": 1}})
    tap.same((got.body, got.headers["X-Amz-Function-Error"]), (b'{"id":1}', None), "by Invoke a result that fits passes")
    got = server.invoke("kept", {"answer": {"id": VALUE}})
    tap.same((got.json["errorType"], got.headers["X-Amz-Function-Error"], VALUE in got.body.decode()),
             ("fnward.InvalidResponse", "Unhandled", False), "... and one that does not is a function error")
    tap.check("/id" in broken(server), f"... with its place on record: {broken(server)}")


def by_status(server):
    rows = [
        ({"id": 1}, 200, "a plain result is a 200"),
        ({"statusCode": 200, "body": '{"id": 1}'}, 200, "a 200 as it should be"),
        ({"statusCode": 200, "body": '{"message": "no"}'}, 502, "a 200 with another status's body"),
        ({"statusCode": 404, "body": '{"message": "no such order"}'}, 404, "a 404 as a 4xx should be"),
        ({"statusCode": 404, "body": json.dumps({"message": VALUE * 9})}, 502, "a 404 that tells too much"),
        ({"statusCode": 201, "body": '{"id": 1}'}, 502, "a status that nobody promised"),
    ]
    for answer, status, name in rows:
        tap.same(answered(server, "/statuses", answer).status, status, f"{name}: {status}")
    tap.check("201" in broken(server), f"the ledger says which: {broken(server)}")
    good = {"statusCode": 404, "body": '{ "message":  "no" }'}
    got = server.invoke("statuses", {"answer": good})
    tap.same(got.json, {"statusCode": 404, "body": '{"message":"no"}'}, "by Invoke the response's body is checked and written anew")
    got = server.invoke("statuses", {"answer": {"statusCode": 404, "body": "no"}})
    tap.same(got.headers["X-Amz-Function-Error"], "Unhandled", "... or it does not leave")


def errors(server):
    missing = "/var/task/menu.json"
    got = server.request("POST", "/plain", {"read": missing})
    tap.same((got.status, got.headers["Content-Type"], got.json),
             (502, "application/json", {"message": "Internal Server Error"}), "a route's caller learns nothing of an error")
    record = server.ledger(kind="invocation", faas__name="plain")[-1]
    tap.check(missing in record["error.message"] and "at handler" in record["exception.stacktrace"],
              "the ledger has its message and stack")
    got = server.invoke("plain", {"read": missing}, {"X-Amz-Log-Type": "Tail"})
    tap.same((got.status, got.headers["X-Amz-Function-Error"], got.json),
             (200, "Unhandled", {"errorType": "Error", "errorMessage":
                                 "ENOENT: no such file or directory, open '[path]'"}),
             "Invoke's caller gets type and message, without paths")
    tail = base64.b64decode(got.headers["X-Amz-Log-Result"]).decode()
    tap.check("a harmless line" in tail and "/var/task" not in tail and "at handler" not in tail,
              "the log's tail has what was printed, but no stack and no path")
    got = server.invoke("open", {"read": missing})
    tap.check(missing in got.json["errorMessage"] and got.json["trace"], "'errors: full' tells all")
    got = server.request("POST", "/open", {"message": "out of stock"})
    tap.same((got.status, got.json["message"], got.json["error"]["errorMessage"]),
             (502, "Internal Server Error", "out of stock"), "... over HTTP too")


def headers(server):
    answer = {"statusCode": 200, "headers": {"X-Powered-By": "x", "X-Total-Count": "7", "ETag": '"1"',
                                             "Access-Control-Allow-Origin": "*"}, "body": "{}"}
    got = answered(server, "/plain", answer)
    tap.same([got.headers[n] for n in ("X-Powered-By", "X-Total-Count", "ETag", "Access-Control-Allow-Origin",
                                       "X-Content-Type-Options")],
             [None, None, '"1"', "*", "nosniff"], "headers leave by allow-list, and nosniff is added")
    record = server.ledger(kind="invocation", faas__name="plain")[-1]
    tap.same((record["headers_dropped"], record["headers_dropped.names"]), (2, "X-Powered-By, X-Total-Count"),
             "those that do not are in the record")
    got = answered(server, "/open", answer)
    tap.same((got.headers["X-Powered-By"], got.headers["X-Total-Count"]), (None, "7"), "the contract adds to the list")
    page = {"statusCode": 200, "headers": {"content-type": "text/html", "x-frame-options": "SAMEORIGIN"}, "body": "<p>"}
    got = answered(server, "/plain", page)
    tap.check("default-src 'self'" in got.headers["Content-Security-Policy"], "a page gets a policy")
    tap.same(got.headers.get_all("X-Frame-Options"), ["SAMEORIGIN"], "... and keeps what it said itself")


def cookies(server):
    def sent(path, *cookies):
        got = answered(server, path, {"statusCode": 200, "cookies": list(cookies), "body": "{}"})
        return got.headers.get_all("Set-Cookie")

    tap.same(sent("/plain", "id=1; Path=/", "__Host-id=1; Path=/"),
             ["id=1; Path=/; SameSite=Lax; HttpOnly", "__Host-id=1; Path=/; SameSite=Lax; Secure; HttpOnly"],
             "cookies get what they lack")
    tap.same(sent("/open", "theme=dark"), ["theme=dark; SameSite=Lax"], "the contract lets scripts read one")
    tap.same(sent("/plain", "id=1; Domain=example.com", "__Host-a=1", "b=2"), ["b=2; SameSite=Lax; HttpOnly"],
             "cookies that browsers would refuse are dropped")
    told = [(r["subject"], r["reason"]) for r in server.ledger(kind="denial", action="cookie")]
    tap.same([name for name, _ in told], ["id", "__Host-a"], f"... with a record each: {told}")
    answer = {"answer": {"statusCode": 200, "headers": {"Set-Cookie": "a=1\r\nX-Evil: 1"}, "body": "{}"}}
    raw = subprocess.run(["curl", "-si", "-H", "Content-Type: application/json", "-d", json.dumps(answer), server.url + "/plain"],
                         capture_output=True, check=False).stdout
    tap.check(raw.startswith(b"HTTP/1.1 200") and b"X-Evil" not in raw and b"Set-Cookie" not in raw,
              "one that would split the response is dropped")


def by_boto3(project, server):
    try:
        import boto3
    except ImportError:
        tap.skip("boto3 is not installed")
        return
    client = boto3.client("lambda", endpoint_url=server.url, region_name="us-east-1",
                          aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="example")
    got = client.invoke(FunctionName="plain", Payload=json.dumps({"message": "no\n    at f (/var/task/app.mjs:1:1)"}))
    tap.same((got["FunctionError"], json.load(got["Payload"])),
             ("Unhandled", {"errorType": "TypeError", "errorMessage": "no"}), "boto3 sees a function error, plain")
    got = client.invoke(FunctionName="kept", Payload=json.dumps({"answer": {}}))
    tap.same((got["FunctionError"], json.load(got["Payload"])["errorType"]), ("Unhandled", "fnward.InvalidResponse"),
             "... and one for a broken promise")


with Project(CONTRACT, {"code/app.mjs": CODE, "schemas/ok.json": json.dumps(OK)}) as project:
    with project.serve() as server:
        for test in (returned, by_status, errors, headers, cookies):
            test(server)
        by_boto3(project, server)
tap.end()
