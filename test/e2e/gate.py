"""gate: what strangers send, over raw sockets and by curl, and what comes of it."""

import base64
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

import tap
from server import LAB, PATIENCE, Project, talk, until

CONTRACT = """
version: 1
functions:
  lab:
    code: code
    runtime: nodejs
    handler: app.handler
    on:
      - http: POST /lab
        body: {type: object}
      - http: PUT /lab
        body: {type: object}
      - http: GET /item/{id}
        params: {type: object, properties: {id: {type: integer, minimum: 1}}}
        query: {type: object, properties: {size: {enum: [s, m]}}, additionalProperties: false}
        headers: {type: object, required: [x-shop]}
      - http: POST /order
        body:
          type: object
          properties:
            sku: {type: string, pattern: "^[A-Z]{3}$"}
            lines: {type: array, items: {type: object, properties: {n: {type: integer, maximum: 9}}}}
          required: [sku]
          additionalProperties: false
      - http: GET /plain
      - sqs: {type: object, required: [order]}
    limits: {timeout: 5s, body: 4KB, concurrency: 4}
  promised:
    code: code
    runtime: nodejs
    handler: app.handler
    on: [{http: POST /promised, body: {type: object}}, {invoke: {}}]
    returns: {type: object, required: [id]}
  rated:
    code: code
    runtime: nodejs
    handler: app.handler
    on: [{http: POST /rated, body: {type: object}}]
    limits: {rate: 5/s}
"""
SECRET = "s3cr3t-value"  # must not be echoed
TYPE = {"Content-Type": "application/json"}
HEAD = b"POST /lab HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


def header_of(got, name):
    return next((v for k, v in got.headers.items() if k.lower() == name.lower()), None)


# ---- what the contract says ----

def refusals(server):
    big = json.dumps({"pad": "x" * 5000})
    rows = [
        ("POST", "/nowhere", "{}", TYPE, 404, "fnward.UndeclaredRoute"),
        ("GET", "/lab", None, {}, 405, "fnward.UndeclaredMethod"),
        ("HEAD", "/plain", None, {}, 405, None),
        ("POST", "/lab", "{}", {"Content-Type": "text/plain"}, 415, "fnward.WrongContentType"),
        ("POST", "/lab", "{}", {}, 415, "fnward.WrongContentType"),
        ("POST", "/lab", big, TYPE, 413, "fnward.TooLarge"),
        ("GET", "/plain", "{}", TYPE, 413, "fnward.TooLarge"),
        ("POST", "/lab", "", TYPE, 400, "fnward.InvalidEvent"),
        ("POST", "/lab", '{"a":1,"a":2}', TYPE, 400, "fnward.InvalidEvent"),
        ("POST", "/lab", '{"a":' * 500, TYPE, 400, "fnward.InvalidEvent"),
        ("POST", "/lab", b'{"a":"\xff"}', TYPE, 400, "fnward.InvalidEvent"),
        ("POST", "/lab", "[]", TYPE, 400, "fnward.InvalidEvent"),
        ("GET", "/plain?a=1", None, {}, 400, "fnward.InvalidEvent"),
        ("GET", "/../plain", None, {}, 400, "fnward.BadPath"),
        ("GET", "/%2e%2e/plain", None, {}, 400, "fnward.BadPath"),
        ("GET", "/plain%00", None, {}, 400, "fnward.BadPath"),
        ("GET", "/_fnward/nothing", None, {}, 404, "fnward.UndeclaredRoute"),
        ("POST", "/_fnward/health", None, {}, 405, "fnward.UndeclaredMethod"),
    ]
    for method, path, body, headers, status, kind in rows:
        got = server.request(method, path, body, headers)
        told = got.json["type"] if got.body else None
        tap.same((got.status, told), (status, kind), f"{method} {path} {str(body)[:20]} is {status}")
    got = server.request("DELETE", "/lab")
    tap.same(header_of(got, "allow"), "POST, PUT", "405 tells the methods that there are")
    denied = server.ledger(kind="denial")
    tap.same(len(denied), len(rows) + 1, "every refusal is on record")
    tap.same(server.ledger(kind="invocation"), [], "... and no function was called")


def places(server):
    rows = [
        ("POST", "/order", {"sku": SECRET}, [("/body/sku", "form")]),
        ("POST", "/order", {}, [("/body", "sku")]),
        ("POST", "/order", {"sku": "ABC", "other": SECRET}, [("/body/other", "")]),
        ("POST", "/order", {"sku": 7, "lines": [{"n": 1}, {"n": 10}]},
         [("/body/sku", "string"), ("/body/lines/1/n", "9")]),
        ("GET", f"/item/{SECRET}", None, [("/path/id", "whole number")]),
        ("GET", "/item/0", None, [("/path/id", "1")]),
        ("GET", f"/item/5?size={SECRET}", None, [("/query/size", "")]),
        ("GET", "/item/5?other=1", None, [("/query", "")]),
    ]
    for method, path, body, expected in rows:
        got = server.request(method, path, body, {} if body else {"x-shop": "1"})
        problems = [(p["where"], p["why"]) for p in got.json["problems"]]
        told = all(any(where.startswith(place) and word in why for where, why in problems)
                   for place, word in expected)
        tap.check(got.status == 400 and told, f"{method} {path} {body}: told where and why: {problems}")
        tap.check(SECRET.encode() not in got.body, "... without the value")
    got = server.request("GET", "/item/5?size=m")
    tap.same((got.status, got.json["problems"][0]["where"]), (400, "/headers"), "a header can be required")
    got = server.request("GET", "/item/5?size=m", headers={"X-Shop": "1"}).json
    tap.same((got["pathParameters"], got["queryStringParameters"]), ({"id": "5"}, {"size": "m"}),
             "what fits gets through")
    tap.check(SECRET not in (server.ledger_directory / "ledger.jsonl").read_text().replace(f"/item/{SECRET}", ""),
              "no refused value stands in the ledger, but for a path")


def invoked_events(server):
    record = {"messageId": "1", "eventSource": "aws:sqs", "body": "{}", "receiptHandle": "r",
              "attributes": {}, "messageAttributes": {}, "md5OfBody": "", "awsRegion": "us-east-1",
              "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:jobs"}
    good = {"Records": [{**record, "body": '{"order":1}'}]}
    tap.same(server.invoke("lab", good).json, good, "a declared trigger's event passes by Invoke")
    bad = server.invoke("lab", {"Records": [good["Records"][0], record]})
    tap.same((bad.status, bad.json), (200, good), "one with a wrong message passes without that")
    undeclared = server.invoke("lab", {"order": 1})
    tap.check(undeclared.status == 400 and "invoke" in undeclared.json["message"],
              "a direct event that nobody declared is refused")
    tap.same(server.invoke("rated", good).status, 400, "so is a queue's to a function without it")


def promises(server):
    rows = [({"id": 1}, 200), ({"statusCode": 201, "body": '{"id": 2}'}, 201), ({"name": 1}, 502),
            ({"statusCode": 200, "body": "no JSON"}, 502), ({"statusCode": 404, "body": "none"}, 404)]
    for answer, status in rows:
        got = server.request("POST", "/promised", {"do": "answer", "answer": answer})
        tap.same(got.status, status, f"'returns' makes {answer} {status}")
    got = server.invoke("promised", {"do": "answer", "answer": {"name": SECRET}})
    tap.same((got.headers["X-Amz-Function-Error"], got.json["errorType"]),
             ("Unhandled", "fnward.InvalidResponse"), "... and by Invoke a function error")
    tap.check(SECRET.encode() not in got.body, "... that does not tell the value")


def answers(server):
    def lab(answer):
        return server.request("POST", "/lab", {"do": "answer", "answer": answer})

    got = lab({"statusCode": 201, "headers": {"ETag": "1", "Connection": "close"},
               "cookies": ["a=1", "b=2"], "body": "text"})
    tap.same((got.status, got.headers["ETag"], got.headers.get_all("Set-Cookie"), got.body),
             (201, "1", [f"{c}; SameSite=Lax; HttpOnly" for c in ("a=1", "b=2")], b"text"), "a response has its status, headers, cookies and body")
    tap.same(lab({"statusCode": 200, "headers": {"X-Bad": "a\r\nb: c"}}).status, 502, "a header that would split it is 502")
    got = lab({"statusCode": 200, "isBase64Encoded": True, "body": base64.b64encode(b"\0\xff").decode()})
    tap.same(got.body, b"\0\xff", "a body of bytes comes in base64")
    rows = [("text", b"text"), (5, b"5"), (None, b"null"), ({"a": [1, 2]}, b'{"a":[1,2]}'), ([], b"[]")]
    for plain, body in rows:
        got = lab(plain)
        tap.same((got.status, got.headers["Content-Type"], got.body), (200, "application/json", body),
                 f"the plain result {plain!r} is JSON")
    got = lab({"statusCode": 204})
    tap.same((got.status, got.body, got.headers["Content-Length"]), (204, b"", None), "204 has no body")
    for broken in ({"statusCode": "x"}, {"statusCode": 99}, {"statusCode": 200, "isBase64Encoded": True, "body": "?"}):
        got = lab(broken)
        tap.same((got.status, got.body), (502, b'{"message":"Internal Server Error"}'), f"{broken} is 502")
    request = server.request("PUT", "/lab", {"a": 1}, {"Cookie": "c=1; d=2", "X-Forwarded-For": "6.6.6.6"}).json
    tap.same((request["requestContext"]["http"]["method"], request["cookies"], request["body"]),
             ("PUT", ["c=1", "d=2"], '{"a":1}'), "the event is payload format 2.0")
    tap.same(request["headers"]["x-forwarded-for"], "127.0.0.1", "... and tells the true caller")
    routes = [(r["http.request.method"], r["http.route"], r["http.response.status_code"])
              for r in server.ledger(kind="invocation", faas__trigger="http") if r["faas.name"] == "lab"]
    tap.check(("PUT", "/lab", 200) in routes and ("POST", "/lab", 201) in routes,
              "the record of a call tells method, route and status")


# ---- HTTP itself ----

def malformed(server):
    body = b"Content-Length: 2\r\n\r\n{}"
    rows = [
        (b"GET / HTTP/1.1\r\n\r\n", "no Host"),
        (HEAD + b"Host: b\r\n" + body, "two Hosts"),
        (HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "two lengths"),
        (HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "length and chunks"),
        (HEAD + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", "another coding"),
        (HEAD + b"Content-Length: +2\r\n\r\n{}", "a signed length"),
        (HEAD + b"Content-Length: 99999999999999999999\r\n\r\n{}", "a length past 64 bits"),
        (HEAD + b"X : 1\r\n" + body, "a space before the colon"),
        (HEAD + b"X: 1\r\n 2\r\n" + body, "a folded line"),
        (HEAD + b"X: \x01\r\n" + body, "a control character"),
        (HEAD.replace(b"\r\n", b"\n") + b"Content-Length: 2\n\n{}", "bare line feeds"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\n\r\n", "a chunk's extension"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n2;\nx\r\n{}\r\n0\r\n\r\n", "a line feed in it"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\n{}\r\n0\r\n\r\n", "a chunk that is too short"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n", "a chunk past 64 bits"),
        (b"POST  /lab HTTP/1.1\r\nHost: localhost\r\n\r\n", "two spaces"),
        (b"POST /lab HTTP/2.0\r\nHost: localhost\r\n\r\n", "another version"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/2's preface"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 40, "a TLS hello"),
        (HEAD + b"X: " + b"a" * 70000 + b"\r\n" + body, "a head of 70 KB"),
        (HEAD + b"".join(b"X-%d: 1\r\n" % i for i in range(500)) + body, "500 headers"),
    ]
    with ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(lambda row: talk(server.port, row[0] + b"GET /plain HTTP/1.1\r\nHost: localhost\r\n\r\n"), rows))
    for (_, name), (codes, end, _) in zip(rows, ends):
        tap.check(len(codes) == 1 and 400 <= codes[0] < 600 and end != "open",
                  f"{name}: refused, and nothing behind it is answered ({codes}, {end})")


def bodies(server):
    rows = [
        ([HEAD + b"Transfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n2\r\n{\"\r\n4\r\na\":1\r\n1\r\n}\r\n"
          b"0\r\nX-T: 1\r\nHost: evil\r\n\r\n"], b'{\\"a\\":1}', "chunks and trailers"),
        ([HEAD + b"Content-Length: 7\r\nConnection: close\r\n\r\n", b'{"a"', b":1}"], b'{\\"a\\":1}', "a body in pieces"),
        ([bytes([b]) for b in HEAD + b'Content-Length: 7\r\n\r\n{"b":2}'], b'{\\"b\\":2}', "one byte at a time"),
    ]
    for pieces, seen, name in rows:
        codes, _, got = talk(server.port, *pieces, pause=0.002, patience=1)
        tap.check(codes == [200] and seen in got and b"evil" not in got, f"{name} arrive as one body ({codes} {got[-200:]})")
    codes, end, got = talk(server.port, HEAD + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n", b"{}",
                           pause=0.2, patience=1)
    tap.same((codes, end), ([100, 200], "open"), "who expects 100 gets it, and the connection stays")
    codes, end, _ = talk(server.port, HEAD + b"Expect: 100-continue\r\nContent-Length: 9999\r\n\r\n", patience=2)
    tap.same((codes, end), ([413], "closed"), "... but not for a body that is too large")
    codes, _, _ = talk(server.port, HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1000\r\n" + b" " * 4096 +
                       b"\r\n1\r\n \r\n0\r\n\r\n", patience=2)
    tap.same(codes, [413], "a body that grows past the limit is 413")
    codes, end, _ = talk(server.port, b"GET /plain HTTP/1.0\r\n\r\n", patience=2)
    tap.same((codes, end), ([200], "closed"), "HTTP/1.0 is answered once")
    codes, end, _ = talk(server.port, HEAD + b"Connection: close\r\nContent-Length: 2\r\n\r\n{}", patience=2)
    tap.same((codes, end), ([200], "closed"), "'Connection: close' is honoured")


def pipelined(server):
    def one(n):
        body = json.dumps({"do": "answer", "answer": {"n": n}}).encode()
        return HEAD + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)

    codes, _, got = talk(server.port, b"".join(one(n) for n in range(50)), patience=2)
    seen = [json.loads(part.partition(b"\r\n\r\n")[2])["n"] for part in got.split(b"HTTP/1.1 ")[1:]]
    tap.same((codes, seen), ([200] * 50, list(range(50))), "50 requests in one write are answered in order")
    codes, end, _ = talk(server.port, one(1) + b"BAD\r\n\r\n" + one(2), patience=2)
    tap.same((codes, end), ([200, 400], "closed"), "a bad one among them ends the connection")
    codes, _, _ = talk(server.port, one(1).replace(b"POST /", b"POST /un", 1) + one(2), patience=2)
    tap.same(codes, [404, 200], "a refused request whose body is here does not")
    codes, end, got = talk(server.port, one(7), patience=3, half_close=True)
    tap.same((codes, end), ([200], "closed"), "who has said all still gets the answer")
    ends = [talk(server.port, HEAD, patience=2, half_close=True)[1] for _ in range(10)]
    tap.same(ends, ["closed"] * 10, "who leaves in the middle of a request is let go at once")


def slow(server):
    """Deadlines: 10 s for a head, 30 s for a body. All at once, so that it takes no longer."""
    trickle = [HEAD] + [b"X: 1\r\n"] * 24
    began = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        runs = [
            pool.submit(talk, server.port, *trickle, pause=0.5, patience=20),
            pool.submit(talk, server.port, patience=20),
            pool.submit(talk, server.port, HEAD + b"Content-Length: 40\r\n\r\n", *[b"{"] * 34, pause=1, patience=20),
            pool.submit(talk, server.port, b"GET /plain HTTP/1.1\r\nHost: localhost\r\n", patience=20),
        ]
        head, nothing, body, half = (run.result() for run in runs)
    took = time.monotonic() - began
    tap.same((head[0], half[0]), ([408], [408]), "a head that does not come to its end is 408")
    tap.check(nothing[0] == [] and nothing[1] == "closed", "a caller who says nothing is let go")
    tap.same(body[0], [408], "a body that trickles is 408")
    tap.check(took < 40, f"... all in time ({took:.0f} s)")


def crowd(server):
    """Half-open connections cost nothing that others would feel."""
    idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(800)]
    for s in idle[::2]:
        s.sendall(b"POST /lab HTTP/1.1\r\nHost: localhost\r\n")
    began = time.monotonic()
    tap.same(server.request("GET", "/plain").status, 200, "beside 800 callers who say nothing others are served")
    tap.check(time.monotonic() - began < 1, "... at once")
    for s in idle:
        s.close()


def gone_callers(server):
    """Callers who leave before their answer take nothing with them."""
    body = b'{"do":"sleep","ms":300,"n":1}'
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", server.port)) as s:
            s.sendall(HEAD + b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    tap.check(until(lambda: server.instances()["idle"] == server.instances()["instances"]),
              "callers who left leave no instance busy")
    tap.same(server.request("POST", "/lab", {"do": "sleep", "ms": 1, "n": 5}).json["n"], 5,
             "... and the next one gets its own answer")


def rates(server):
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda _: server.request("POST", "/rated", {}), range(24)))
    refused = [g for g in got if g.status == 429]
    tap.check(4 <= sum(g.status == 200 for g in got) <= 10 and len(got) - len(refused) <= 10,
              f"past 5 a second there is 429 ({len(refused)} of 24)")
    tap.check(all(header_of(g, "retry-after") == "1" for g in refused), "... and when to come again")
    time.sleep(1)
    tap.same(server.request("POST", "/rated", {}).status, 200, "a second later there is place")


# ---- who may call ----

def hosts(server):
    rows = [("localhost", 200), ("127.0.0.1:80", 200), ("[::1]:3000", 200), ("LOCALHOST", 200),
            ("evil.example", 403), ("localhost.evil.example", 403), ("127.0.0.1.evil.example", 403), ("", 400)]
    for host, status in rows:
        codes, _, _ = talk(server.port, b"GET /plain HTTP/1.1\r\nHost: " + host.encode() + b"\r\nConnection: close\r\n\r\n")
        tap.check(codes == [status] or (host == "" and codes in ([400], [403])), f"Host '{host}' is {codes}")
    got = server.request("GET", "/plain", headers={"Sec-Fetch-Site": "cross-site"})
    tap.same(got.status, 403, "another site's page does not call through a browser")


def tokens(project):
    token = "a-token-of-some-length"
    project.path("token").write_text(token + "\n")
    with project.serve("--token-file", str(project.path("token")), listen="0.0.0.0:0") as server:
        for given, status in [(None, 401), ("Bearer wrong", 401), (f"Basic {token}", 401), (f"Bearer {token}x", 401),
                              (f"Bearer {token[:-1]}", 401), (f"Bearer {token}", 200), (f"bearer {token}", 200)]:
            headers = {"Authorization": given} if given else {}
            got = server.request("GET", "/plain", headers=headers)
            tap.same(got.status, status, f"'{given}' is {status}")
            if status == 401:
                tap.same(header_of(got, "www-authenticate"), "Bearer", "... which says what is needed")
        tap.same(server.invoke("promised").headers["x-amzn-ErrorType"], "AccessDeniedException",
                 "the Lambda API wants it too")
        tap.same(server.request("GET", "/_fnward/metrics").status, 401, "so do the metrics")
        tap.same(server.request("GET", "/_fnward/health").status, 200, "health may be asked without")
        tap.check(token not in (project.ledger_directory / "ledger.jsonl").read_text(), "no token is on record")
    project.path("token").write_text("short")
    refused = project.run("run", ".", "--listen", "127.0.0.1:0", "--token-file", str(project.path("token")))
    tap.check(refused.returncode == 2 and b"shorter than 16" in refused.stderr, "a short token is refused")
    for address in ("0.0.0.0:0", "[::]:0"):
        refused = project.run("run", ".", "--listen", address)
        tap.check(refused.returncode == 2 and b"--token-file" in refused.stderr, f"{address} wants a token")


def public(project):
    with project.serve("--public", listen="0.0.0.0:0") as server:
        codes, _, _ = talk(server.port, b"GET /plain HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n")
        tap.same(codes, [200], "--public takes any Host")
        suites = os.environ.get("FNWARD_SUITES")
        tool = pathlib.Path(suites or "/", "../tools/http_strictness.py")
        if not suites or not tool.exists():
            tap.skip("FNWARD_SUITES has no ../tools/http_strictness.py")
            return
        said = subprocess.run([sys.executable, tool, str(server.port), "/lab"], capture_output=True,
                              text=True, check=False, timeout=60).stdout
        tap.check("29 passed, 0 failed" in said, f"http_strictness.py: {said.splitlines()[-1]}")
        for line in said.splitlines():
            if line.startswith("FAIL"):
                print("#  ", line)


# ---- curl ----

def curl(server):
    if not shutil.which("curl"):
        tap.skip("curl is not installed")
        return
    rows = [
        (["-d", '{"a":1}', "-H", "Content-Type: application/json"], 200, "posts"),
        (["-d", '{"a":1}', "-H", "Content-Type: application/json", "-H", "Transfer-Encoding: chunked"], 200, "posts chunks"),
        (["-d", '{"a":1}', "-H", "Content-Type: application/json", "--http1.0"], 200, "speaks HTTP/1.0"),
        (["-d", '{"a":1}', "-H", "Content-Type: application/json", "--http2"], 200, "asks for HTTP/2 and gets 1.1"),
        (["-T", "-", "-X", "PUT", "-H", "Content-Type: application/json"], 200, "uploads its input"),
        (["-d", "a=1"], 415, "posts a form"),
        (["-F", "a=1"], 415, "posts a multipart form"),
    ]
    for options, status, name in rows:
        said = subprocess.run(["curl", "-s", "-o", os.devnull, "-w", "%{http_code}", *options, server.url + "/lab"],
                              input=b'{"b":2}', capture_output=True, check=False, timeout=PATIENCE)
        tap.same(said.stdout, str(status).encode(), f"curl {name}: {status}")
    with tempfile.NamedTemporaryFile() as out:
        said = subprocess.run(["curl", "-s", "-o", out.name, "-w", "%{num_connects}", f"{server.url}/plain", "-o", out.name,
                               f"{server.url}/plain"], capture_output=True, check=False, timeout=PATIENCE)
        tap.same(said.stdout, b"10", "curl keeps its connection")


def main():
    with Project(CONTRACT) as project:
        with project.serve() as server:
            refusals(server)
        with project.serve() as server:
            with ThreadPoolExecutor(1) as beside:
                waiting = beside.submit(lambda: talk(server.port, patience=1))
                for part in (places, invoked_events, promises, answers, malformed, bodies, pipelined, crowd,
                             gone_callers, rates, hosts, curl, slow):
                    part(server)
                waiting.result()
        tokens(project)
        public(project)
    tap.end()


if __name__ == "__main__":
    main()
