"""secrets: sealed values reach the environment of the functions that declare them, and nobody else."""

import base64
import json
import os
import pathlib
import urllib.parse

import tap
from server import LAB, Project, descendants, until

VALUE = 'sk_live_51H "quoted"/slash+plus=ü'  # differs in every form
OTHER = "another-value-0123456789"
LINES = "-----BEGIN KEY-----\nMIIEvQIBADANBgkq\n-----END KEY-----"
CONTRACT = """
version: 1
functions:
  holder:
    code: code
    runtime: nodejs
    handler: app.handler
    on: [{invoke: {}}, {http: POST /holder, body: {type: object}}]
    secrets: [STRIPE_KEY, PEM]
    limits: {timeout: 5s}
  stranger:
    code: code
    runtime: nodejs
    handler: app.handler
    on: [invoke: {}]
    limits: {timeout: 5s}
  snake:
    code: snake
    runtime: python
    handler: app.handler
    on: [invoke: {}]
    secrets: [OTHER]
"""
SNAKE = """
import os

def handler(event, context):
    if event.get("fail"):
        raise ValueError("cannot use " + os.environ["OTHER"])
    print("using", os.environ["OTHER"])
    return {"names": sorted(os.environ), "value": os.environ["OTHER"]}
"""


def forms(value):
    """A value as it may be told."""
    raw = value.encode()
    return {
        "exact": value,
        "base64": base64.b64encode(raw).decode(),
        "base64 for URLs": base64.urlsafe_b64encode(raw).decode().rstrip("="),
        "base64 among other bytes": base64.b64encode(b"ab" + raw + b"cd").decode(),
        "hex": raw.hex(),
        "upper-case hex": raw.hex().upper(),
        "URL-encoded": urllib.parse.quote(value, safe=""),
        "a form's": urllib.parse.quote_plus(value),
        "JSON": json.dumps(value)[1:-1],
        "JSON with its UTF-8": json.dumps(value, ensure_ascii=False)[1:-1],
    }


def holds(value, text):
    """The forms in which a text tells the value."""
    core = {name: form for name, form in forms(value).items() if name != "base64 among other bytes"}
    return [name for name, form in core.items() if form in text]


def reach(server):
    environment = server.invoke("holder", {"do": "environment"})
    tap.check("STRIPE_KEY" in environment.json and "OTHER" not in environment.json,
              "a function has the secrets that it declares, and no other")
    tap.same(holds(VALUE, environment.body.decode()), [], "... but cannot tell them to its caller")
    tap.check("[redacted" in environment.json["STRIPE_KEY"], f"... who gets {environment.json['STRIPE_KEY']}")
    length = server.invoke("holder", {"do": "lengths"}).json
    tap.same(length, {"STRIPE_KEY": len(VALUE), "PEM": len(LINES)}, "inside the values are whole")
    tap.same([n for n in ("STRIPE_KEY", "PEM", "OTHER") if n in server.invoke("stranger", {"do": "environment"}).json],
             [], "a function that declares none has none")
    names = server.invoke("snake").json["names"]
    tap.check("OTHER" in names and "STRIPE_KEY" not in names, "a Python function has its own")
    allowed = set(server.invoke("stranger", {"do": "environment"}).json)
    tap.check(not allowed & {"SUDO_USER", "SSH_AUTH_SOCK", "FNWARD_BUILD", "LOUD"}, "nothing of our environment is there")


def responses(server):
    for name, form in forms(VALUE).items():
        if name.startswith("JSON"):
            continue  # the exact value in a JSON answer is this
        got = server.invoke("holder", {"do": "own", "form": name})
        tap.check(not holds(VALUE, got.body.decode()) and b"redacted" in got.body, f"{name} is redacted from a response")
        got = server.request("POST", "/holder", {"do": "own", "form": name})
        tap.check(not holds(VALUE, got.body.decode()) and b"redacted" in got.body, f"... and behind a route ({got.status})")
    for inner in ("exact", "base64", "hex"):
        got = server.request("POST", "/holder", {"do": "ownBody", "form": inner})
        tap.check(not holds(VALUE, got.body.decode()) and b"redacted" in got.body, f"{inner} in JSON in a body is redacted")
    got = server.invoke("holder", {"do": "ownFailure"})
    tap.check(got.headers["X-Amz-Function-Error"] and not holds(VALUE, got.body.decode()), "... and from an error")
    got = server.invoke("snake", {"fail": 1})
    tap.check(got.json["errorType"] == "ValueError" and OTHER not in got.body.decode(), "... a Python function's too")


def logs(server):
    for name in forms(VALUE):
        got = server.invoke("holder", {"do": "ownPrint", "form": name}, {"X-Amz-Log-Type": "Tail"})
        tail = base64.b64decode(got.headers["X-Amz-Log-Result"]).decode()
        tap.check(not holds(VALUE, tail) and "redacted" in tail, f"{name} is redacted from the log")
    for size in (1, 3, 7):
        got = server.invoke("holder", {"do": "ownPieces", "size": size}, {"X-Amz-Log-Type": "Tail"})
        tail = base64.b64decode(got.headers["X-Amz-Log-Result"]).decode()
        tap.check("before" in tail and "after" in tail and not holds(VALUE, tail) and "redacted" in tail,
                  f"... also when it is printed {size} bytes at a time")
    got = server.invoke("holder", {"do": "ownPrint", "form": "lines"}, {"X-Amz-Log-Type": "Tail"})
    tail = base64.b64decode(got.headers["X-Amz-Log-Result"]).decode()
    tap.check("MIIEvQ" not in tail, "a value of several lines is redacted")


def ledger(server, project):
    text = "".join(p.read_text() for p in project.ledger_directory.glob("*"))
    for value in (VALUE, OTHER):
        tap.same(holds(value, text), [], "no form of a value stands in the ledger")
    tap.check("MIIEvQ" not in text, "... nor a line of one")
    tap.check(any(r.get("fnward.redacted") or r.get("redacted") for r in server.ledger(kind="invocation")),
              "the ledger counts what was redacted")


def processes(server):
    """No value is in the other processes before a function tells it."""
    until(lambda: all(server.instances(name)["idle"] for name in ("holder", "stranger", "snake")))
    found = {server.process.pid: "keeper", **descendants(server.process.pid)}
    ours = [pid for pid, command in found.items() if "/client." not in command]  # not the functions themselves
    shown = b"".join(read(f"/proc/{pid}/{file}") for pid in ours for file in ("environ", "cmdline"))
    tap.check(len(ours) >= 3 and not any(v.encode() in shown for v in (VALUE, OTHER, "MIIEvQ")),
              f"no value is in the environment or the arguments of fnward's own processes")
    front = server.role("front")
    told = memory_of(front)
    if told is None:
        tap.check(os.geteuid() != 0, "only root can read the memory of front")
    else:
        tap.check(not any(v in told for v in (b"sk_live_51H", OTHER.encode())), "front's memory holds no value")


def read(path):
    try:
        return pathlib.Path(path).read_bytes()
    except OSError:
        return b""  # ended, or not even ours to read


def memory_of(pid):
    """What can be written in its memory, or None when that may not be read."""
    try:
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb") as memory:
            parts = []
            for line in maps:
                span, access = line.split()[:2]
                start, end = (int(n, 16) for n in span.split("-"))
                if access.startswith("rw") and end - start < 256 << 20:
                    memory.seek(start)
                    try:
                        parts.append(memory.read(end - start))
                    except OSError:
                        pass
            return b"".join(parts)
    except OSError:
        return None


def wrong_starts(project):
    said = project.run("run", ".", "--listen", "127.0.0.1:0", "--identity", str(project.path("none")))
    tap.check(said.returncode != 0 and b"fix:" in said.stderr, "without the identity nothing starts")
    project.run("seal", "remove", "OTHER")
    said = project.run("run", ".", "--listen", "127.0.0.1:0")
    tap.check(said.returncode != 0 and b"OTHER" in said.stderr, f"a declared secret that is not sealed: {said.stderr[:90]}")


HOLDER = """
const own = () => process.env.STRIPE_KEY;
const quoted = (all) => encodeURIComponent(own()).replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase());
const shapes = {
  "exact": own, "base64": () => Buffer.from(own()).toString("base64"),
  "base64 for URLs": () => Buffer.from(own()).toString("base64url"),
  "base64 among other bytes": () => Buffer.from("ab" + own() + "cd").toString("base64"),
  "hex": () => Buffer.from(own()).toString("hex"), "upper-case hex": () => Buffer.from(own()).toString("hex").toUpperCase(),
  "URL-encoded": quoted, "a form's": () => quoted().replace(/%20/g, "+"),
  "JSON": () => JSON.stringify(own()).replace(/[\\u0080-\\uffff]/g, (c) => "\\\\u" + c.charCodeAt(0).toString(16).padStart(4, "0")),
  "JSON with its UTF-8": () => JSON.stringify(own()), "lines": () => process.env.PEM,
};
Object.assign(deeds, {
  lengths: () => ({ STRIPE_KEY: own().length, PEM: process.env.PEM.length }),
  own: ({ form }) => ({ told: shapes[form]() }),
  ownBody: ({ form }) => ({ statusCode: 200, body: JSON.stringify({ told: shapes[form]() }) }),
  ownFailure: () => { throw new Error("no payment with " + own()); },
  ownPrint: ({ form }) => (console.log("told:", shapes[form]()), true),
  ownPieces: async ({ size }) => {
    const bytes = Buffer.from("before " + own() + " after\\n");
    for (let i = 0; i < bytes.length; i += size) {
      await new Promise((done) => process.stdout.write(bytes.subarray(i, i + size), done));
      await sleep(2);
    }
  },
});
"""


def main():
    files = {"code/app.mjs": LAB + HOLDER, "snake/app.py": SNAKE}
    with Project(CONTRACT, files) as project:
        project.run("seal", "keygen")
        for name, value in (("STRIPE_KEY", VALUE), ("OTHER", OTHER), ("PEM", LINES)):
            sealed = project.run("seal", "set", name, stdin=value.encode())
            tap.same((sealed.returncode, sealed.stderr), (0, b""), f"{name} is sealed")
        with project.serve(env={**project.env, "LOUD": "1"}) as server:
            for part in (processes, reach, responses, logs):
                part(server)
            ledger(server, project)
        wrong_starts(project)
    tap.end()


if __name__ == "__main__":
    main()
