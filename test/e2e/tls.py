"""tls: HTTPS as clients see it: curl, Python's ssl and raw bytes."""

import http.client
import json
import shutil
import socket
import ssl
import subprocess
import time
import warnings

import tap
from server import Project, lab_contract, talk, until


def make_certificate(project, name="server"):
    key, cert = project.path(f"{name}.key"), project.path(f"{name}.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, capture_output=True)
    return str(cert), str(key)


def context_for(cert):
    return ssl.create_default_context(cafile=cert)


def post(server, context, event, path="/lab"):
    connection = http.client.HTTPSConnection("localhost", server.port, context=context, timeout=20)
    connection.request("POST", path, json.dumps(event), {"Content-Type": "application/json"})
    got = connection.getresponse()
    body = got.read()
    connection.close()
    return got.status, body


def calls(server, cert):
    context = context_for(cert)
    status, body = post(server, context, {"a": 1})
    event = json.loads(body)
    tap.same((status, event["headers"]["x-forwarded-proto"]), (200, "https"), "a call by HTTPS, and the function knows")
    big = "z" * 3_000_000
    status, body = post(server, context, {"do": "echo", "pad": big}, "/2015-03-31/functions/lab/invocations")
    tap.check(status == 200 and json.loads(body)["pad"] == big, "3 MB go in and out whole")
    connection = http.client.HTTPSConnection("localhost", server.port, context=context, timeout=20)
    answers = []
    for n in range(20):
        connection.request("POST", "/lab", json.dumps({"do": "answer", "answer": {"n": n}}), {"Content-Type": "application/json"})
        answers.append(json.loads(connection.getresponse().read())["n"])
    tap.same(answers, list(range(20)), "20 calls on one connection are answered in order")
    connection.close()


def versions(server, cert):
    for version, name in ((ssl.TLSVersion.TLSv1_2, "1.2"), (ssl.TLSVersion.TLSv1_3, "1.3")):
        context = context_for(cert)
        context.minimum_version = context.maximum_version = version
        tap.same(post(server, context, {})[0], 200, f"TLS {name} is spoken")
    context = context_for(cert)
    warnings.simplefilter("ignore", DeprecationWarning)  # that is what is tried here
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    try:
        post(server, context, {})
        tap.check(False, "TLS 1.1 is not")
    except (ssl.SSLError, OSError) as error:
        tap.check(True, f"TLS 1.1 is not ({type(error).__name__})")


def strangers(server, cert):
    codes, end, _ = talk(server.port, b"GET /lab HTTP/1.1\r\nHost: localhost\r\n\r\n", patience=5)
    tap.check(codes == [] and end != "open", f"plain HTTP is hung up on ({end})")
    codes, end, _ = talk(server.port, b"\x16\x03\x01\xff\xff" + b"\xff" * 3000, patience=5)
    tap.check(codes == [] and end != "open", f"so is a broken hello ({end})")
    began = time.monotonic()
    silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(200)]
    tap.same(post(server, context_for(cert), {})[0], 200, "beside 200 who never say hello others are served")
    silent[0].settimeout(15)
    tap.check(silent[0].recv(10) == b"" and time.monotonic() - began < 13, "... and they are let go in time")
    for s in silent:
        s.close()


def leaves(server, cert):
    """Sockets are wrapped in pieces: one byte a write, and an end without a goodbye."""
    request = b'POST /lab HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"b":2}'
    with context_for(cert).wrap_socket(socket.create_connection(("127.0.0.1", server.port)), server_hostname="localhost") as s:
        for byte in request:
            s.sendall(bytes([byte]))
        tap.check(s.recv(65536).startswith(b"HTTP/1.1 200 "), "one byte a record arrives as well")
    for _ in range(20):
        s = context_for(cert).wrap_socket(socket.create_connection(("127.0.0.1", server.port)), server_hostname="localhost")
        s.sendall(request.replace(b'{"b":2}', b'{"do":"sleep","ms":200}').replace(b": 7", b": 23"))
        socket.socket(fileno=s.detach()).close()
    tap.check(until(lambda: all_idle(server, cert)), "callers who leave without a goodbye leave nothing busy")


def all_idle(server, cert):
    connection = http.client.HTTPSConnection("localhost", server.port, context=context_for(cert), timeout=20)
    connection.request("GET", "/_fnward/health")
    lab = json.loads(connection.getresponse().read())["functions"][0]
    connection.close()
    return lab["idle"] == lab["instances"]


def by_curl(server, cert):
    if not shutil.which("curl"):
        tap.skip("curl is not installed")
        return
    said = subprocess.run(["curl", "-s", "--cacert", cert, "-d", '{"c":3}', "-H", "Content-Type: application/json",
                           "-w", " %{http_code}", f"https://localhost:{server.port}/lab"], capture_output=True, check=False)
    tap.check(said.stdout.endswith(b" 200"), "curl calls it")
    said = subprocess.run(["curl", "-s", f"https://localhost:{server.port}/lab"], capture_output=True, check=False)
    tap.same(said.returncode, 60, "... and refuses it without the certificate")


def wrong_starts(project, cert, key):
    other, _ = make_certificate(project, "other")
    rows = [
        (["--tls-cert", cert], b"go together"),
        (["--tls-cert", other, "--tls-key", key], b"no private key that fits"),
        (["--tls-cert", key, "--tls-key", key], b"no certificate"),
        (["--tls-cert", "/nowhere", "--tls-key", key], b"/nowhere"),
    ]
    for options, message in rows:
        said = project.run("run", ".", "--listen", "127.0.0.1:0", *options)
        tap.check(said.returncode in (2, 3) and message in said.stderr, f"refused: {said.stderr.decode().strip()[:100]}")


def main():
    if not shutil.which("openssl"):
        tap.skip("the program openssl is not installed")
        tap.end()
    with Project(lab_contract(limits="timeout: 5s, body: 4MB, concurrency: 4")) as project:
        cert, key = make_certificate(project)
        with project.serve("--tls-cert", cert, "--tls-key", key) as server:
            for part in (calls, versions, leaves, by_curl, strangers):
                part(server, cert)
        key_text = "".join(open(key).read().splitlines()[1:-1])[:40]
        tap.check(key_text not in (project.ledger_directory / "ledger.jsonl").read_text(), "no key is on record")
        wrong_starts(project, cert, key)
    tap.end()


if __name__ == "__main__":
    main()
