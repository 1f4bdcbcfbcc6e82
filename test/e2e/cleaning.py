"""cleaning: what a schema's x-clean, x-unknown and x-defaults make of what strangers send, as the
handler receives it and as the ledger tells it."""

import json

import tap
from server import Project

CONTRACT = r"""
version: 1
functions:
  lab:
    code: code
    runtime: nodejs
    handler: app.handler
    on:
      - http: POST /person
        body:
          x-defaults: true
          x-unknown: strip
          type: object
          required: [name]
          properties:
            name: {type: string, x-clean: [strip-control, nfc, trim, collapse], pattern: "^[^ ].*$"}
            mail: {type: string, x-clean: email}
            site: {type: string, x-clean: url}
            about: {type: string, x-clean: html}
            photo: {type: string, x-clean: {path: photos/}}
            role: {type: string, default: guest}
      - http: GET /find/{word}/{rest+}
        params:
          type: object
          properties: {word: {type: string, x-clean: [nfkc, lower]}, rest: {type: string, x-clean: lower}}
        query:
          type: object
          x-unknown: strip
          x-defaults: true
          properties:
            q: {type: string, x-clean: [trim, fold], maxLength: 5}
            n: {type: integer, default: 10}
        headers:
          type: object
          properties: {x-lang: {type: string, x-clean: lower, enum: [de, en]}}
      - invoke:
          type: object
          properties: {name: {type: string, x-clean: trim}, do: {type: string}}
          additionalProperties: false
      - sqs: {type: object, properties: {name: {type: string, x-clean: trim}}}
    limits: {timeout: 5s}
"""
SECRET = "s3cr3t-value"


def last(server, kind="invocation"):
    return server.ledger(kind=kind)[-1]


def bodies(server):
    got = server.request("POST", "/person", {
        "name": "  Ann\u0000e\u0301   Lee ", "mail": " Ann@B\u00fccher.Example", "site": "HTTPS://Example.com:443/a/../b",
        "about": f"<p onclick=x>hi<script>{SECRET}</script><b>you", "photo": "./a//b.png", "admin": SECRET})
    tap.same(got.status, 200, "what can be made clean passes")
    body = json.loads(got.json["body"])
    tap.same(body, {"name": "Ann\u00e9 Lee", "mail": "Ann@xn--bcher-kva.example", "site": "https://example.com/b",
                    "about": "<p>hi<b>you</b></p>", "photo": "photos/a/b.png", "role": "guest"},
             "the handler gets it clean")
    record = last(server)
    tap.same(record["input.cleaned"], 10, "the record counts the changes")
    for told in ("/body/name strip-control", "/body/name nfc", "/body/name trim", "/body/mail email",
                 "/body/about html", "/body/photo path", "/body/admin x-unknown", "/body/role default"):
        tap.check(told in record["input.changes"].split(", "), f"... and tells {told}")
    tap.check(SECRET not in json.dumps(record), "... but no value")
    clean = server.request("POST", "/person", {"name": "Ann", "role": "guest"})
    tap.check(clean.status == 200 and "input.cleaned" not in last(server), "what is clean is not told of")
    again = server.request("POST", "/person", body)
    tap.same((json.loads(again.json["body"]), "input.cleaned" in last(server)), (body, False),
             "and what was cleaned is clean")


def refusals(server):
    rows = [({"name": "x", "photo": "../" + SECRET}, "/body/photo", "leads upwards"),
            ({"name": "x", "site": "javascript:" + SECRET}, "/body/site", "allowed scheme"),
            ({"name": "x", "mail": SECRET}, "/body/mail", "no e-mail address"),
            ({"name": " \u0000 "}, "/body/name", "form")]
    for body, where, why in rows:
        got = server.request("POST", "/person", body)
        problems = got.json["problems"]
        tap.check(got.status == 400 and problems[0]["where"] == where and why in problems[0]["why"],
                  f"{where} that can't be made clean is refused: {problems}")
        tap.check(SECRET.encode() not in got.body, "... without the value")


def texts(server):
    got = server.request("GET", "/find/%EF%BC%A1B/X/Yz?q=%20AB+&n=5&evil=1&q2=2", headers={"X-Lang": "DE"}).json
    tap.same(got["queryStringParameters"], {"q": "ab", "n": "5"}, "a query is cleaned, and stays text")
    tap.same(got["rawQueryString"], "q=ab&n=5", "... wherever the event has it")
    tap.same(got["pathParameters"], {"word": "ab", "rest": "x/yz"}, "so are parameters of the path")
    tap.same((got["rawPath"], got["requestContext"]["http"]["path"]), ("/find/ab/x/yz",) * 2, "... and the path")
    tap.same(got["headers"]["x-lang"], "de", "and headers")
    got = server.request("GET", "/find/a/b?q=a%26b").json
    tap.same((got["queryStringParameters"], got["rawQueryString"]), ({"q": "a&b", "n": "10"}, "q=a%26b&n=10"),
             "a default is inserted, and what it stands beside is encoded")
    got = server.request("GET", "/find/a/b?q=abcdefg")
    tap.same((got.status, got.json["problems"][0]["where"]), (400, "/query/q"), "the clean value is what is checked")
    got = server.request("GET", "/find/%EF%BC%8Fx/b")
    tap.same((got.status, got.json["problems"][0]["where"]), (400, "/path"),
             "a parameter that would become another path is refused")


def invoked(server):
    got = server.invoke("lab", {"name": "  x "})
    tap.same(got.json, {"name": "x"}, "a direct event is cleaned")
    tap.same(last(server)["input.changes"], "/name trim", "... and told of")
    got = server.invoke("lab", {"name": "x", "more": 1})
    tap.same(got.status, 400, "where x-unknown does not strip, what is unknown is refused")


def queued(server):
    record = {"messageId": "1", "eventSource": "aws:sqs", "receiptHandle": "r", "attributes": {},
              "messageAttributes": {}, "awsRegion": "us-east-1",
              "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:jobs"}
    got = server.invoke("lab", {"Records": [{**record, "body": '{"name": " x ", "n": 1.0}'}]})
    tap.same(got.json["Records"][0]["body"], '{"name":"x","n":1.0}', "a queue's payload is cleaned in its envelope")
    tap.same(last(server)["input.changes"], "/body/name trim", "... and told of")


def mistakes():
    rows = [("{x-clean: trimm}", "no cleaning rule 'trimm'"),
            ("{x-clean: [lower, upper]}", "undo one another"),
            ("{not: {x-clean: trim}}", "can't be followed"),
            ("{x-clean: {html: {elements: [script]}}}", "never allowed")]
    for schema, told in rows:
        contract = CONTRACT.replace("{type: object, properties: {name: {type: string, x-clean: trim}}}", schema)
        with Project(contract) as project:
            try:
                with project.serve():
                    tap.check(False, f"{schema} is refused")
            except RuntimeError as error:
                tap.check(told in str(error), f"{schema} is refused before anything runs: {error}")


def main():
    with Project(CONTRACT) as project, project.serve() as server:
        for part in (bodies, refusals, texts, invoked, queued):
            part(server)
    mistakes()
    tap.end()


if __name__ == "__main__":
    main()
