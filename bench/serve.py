"""serve: what the running program costs, against what others need for the same work.

    FNWARD_BUILD=build bench/serve.py

Budgets are told, not enforced: a benchmark that fails on a busy machine proves nothing. The exit
status is 0 when everything could be measured.
"""

import json
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import measure
from measure import BAD, GOOD, HERE, Peer, heading, in_turns, load, row

from server import Project, descendants, until  # noqa: E402 (measure tells where it is)

BUILD = pathlib.Path(os.environ["FNWARD_BUILD"])
NODE_APP = (HERE / "functions/app.cjs").read_text()
FILES = {
    "orders/app.cjs": NODE_APP,
    "orders_python/app.py": (HERE / "functions/app.py").read_text(),
    "order.json": (HERE / "functions/order.json").read_text(),
}
CONTRACT = """
version: 1
functions:
"""
FUNCTION = """
  {name}:
    code: {code}
    runtime: {runtime}
    handler: app.handler
    on:
      - http: POST /{name}
        body: order.json
      - invoke: order.json
    limits: {{timeout: 10s, memory: 256MB, concurrency: 1}}
"""
COLD_CALLS = 20


def function(name, runtime="nodejs", code="orders", more=""):
    return FUNCTION.format(name=name, runtime=runtime, code=code) + more


def processes(server):
    """Front, and the instances, by what they run."""
    return {"front": server.role("front"), **{
        name: [pid for pid, command in descendants(server.process.pid).items() if part in command]
        for name, part in (("node", "client.cjs"), ("python", "client.py"), ("ric", "aws-lambda-ric"))}}


def bare_server():
    return Peer("node", str(HERE / "peers/http.cjs"), str(HERE / "functions/app.cjs"))


def fastify_server():
    """From where its packages are installed, because that is where Node looks for them."""
    script = shutil.copy(HERE / "peers/fastify.cjs", BUILD / "bench-npm")
    return Peer("node", script, str(HERE / "functions/app.cjs"), str(HERE / "functions/order.json"))


# ---- the gate ----

def gate():
    heading("The gate: refused before any function is called, 8 connections")
    with Project(CONTRACT + function("orders"), FILES) as project, \
            project.serve("--warm", "0") as server, fastify_server() as peer:
        front = [server.role("front")]
        for name, path, body, status, budget in (
                ("a body that breaks the schema: 400", "/orders", BAD, 400, 14),
                ("a route that nobody declares: 404", "/nothing", GOOD, 404, None)):
            ours, theirs = in_turns(
                lambda: load(server.url + path, front, body, status),
                lambda: load(peer.url + path, [peer.pid], body, status))
            row(f"{name}, processor", "us", ours.cpu, ("fastify + ajv", theirs.cpu), budget)
            row("... requests", "/s", ours.rate, ("fastify + ajv", theirs.rate))
            row("... latency, median", "us", ours.p50, ("fastify + ajv", theirs.p50))


# ---- what a request at the gate is made of ----

def stages():
    heading("The same, stage by stage, called one by one over the same bytes")
    schema = json.loads(FILES["order.json"])
    for name in ("customer", "note"):
        schema["properties"][name]["x-clean"] = ["trim", "nfc"]
    with tempfile.TemporaryDirectory() as directory:
        files = []
        for text in (FILES["order.json"], *map(json.dumps, (schema, GOOD, BAD))):
            files.append(pathlib.Path(directory, f"{len(files)}.json"))
            files[-1].write_text(text)
        told = subprocess.run([BUILD / "bench/measure_stages", *files], capture_output=True, text=True,
                              check=True).stdout
    for line in told.splitlines():
        ns, name = line.split(" ", 1)
        row(name, "ns", float(ns))


# ---- warm functions ----

RIC = """
    may: {run: [/usr/bin/node]}
"""
RIC_BOOTSTRAP = """#!/bin/sh
exec /usr/bin/node node_modules/aws-lambda-ric/bin/index.mjs app.handler
"""


def with_ric(project):
    """AWS's own client, its built package copied beside the function."""
    source = BUILD / "ric/node_modules"
    target = project.directory / "orders_ric/node_modules"
    if not source.is_dir():
        return False
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("deps", "build"))
    project.write("orders_ric/bootstrap", RIC_BOOTSTRAP)
    project.write("orders_ric/app.cjs", NODE_APP)
    return True


def warm_rows(name, ours, bare, rate_budget=None, p50_budget=None):
    row(f"{name}, 1 connection", "/s", ours[0].rate, ("bare node http", bare[0].rate))
    row("... latency, median", "us", ours[0].p50, ("bare node http", bare[0].p50), p50_budget)
    row("... latency, 99 %", "us", ours[0].p99, ("bare node http", bare[0].p99))
    row("... processor, front + instance", "us", ours[0].cpu, ("bare node http", bare[0].cpu))
    row(f"{name}, 8 connections", "/s", ours[1].rate, ("bare node http", bare[1].rate),
        rate_budget, at_least=True)
    row("... latency, median", "us", ours[1].p50, ("bare node http", bare[1].p50))
    row("... latency, 99 %", "us", ours[1].p99, ("bare node http", bare[1].p99))
    row("... processor, front + instance", "us", ours[1].cpu, ("bare node http", bare[1].cpu))


def warm():
    heading("A warm function behind the gate, one worker, every protection on")
    contract = CONTRACT + function("node") + function("python", "python", "orders_python")
    with Project(contract, FILES) as project, bare_server() as peer:
        has_ric = with_ric(project)
        if has_ric:
            project.write("fnward.yaml", contract + function("ric", "provided", "orders_ric", RIC))
        with project.serve("--warm", "1") as server:
            warm_server(server, peer, ["node", "python"] + ["ric"] * has_ric)
        if not has_ric:
            print("aws-lambda-ric could not be built here; its row is left out")


def warm_server(server, peer, names):
    budgets = {"node": ("Node", 5000, 350), "ric": ("Node with AWS's own client", 2000, None),
               "python": ("Python", None, None)}
    for name in names:  # also makes sure that each runs
        if server.request("POST", f"/{name}", GOOD).status != 200:
            raise RuntimeError(f"'{name}' does not work: {server.request('POST', f'/{name}', GOOD)}")
    pids = processes(server)
    loads = in_turns(*[
        lambda name=name, n=n: load(f"{server.url}/{name}", [pids["front"], *pids[name]], connections=n)
        for name in names for n in (1, 8)
    ], *[lambda n=n: load(peer.url, [peer.pid], connections=n) for n in (1, 8)])
    bare = loads[-2:]
    for i, name in enumerate(names):
        title, rate, p50 = budgets[name]
        warm_rows(title, loads[2 * i:2 * i + 2], bare, rate, p50)


# ---- memory ----

def memory_mb(*pids):
    text = "".join(pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in pids)
    return sum(map(int, re.findall(r"^Pss: +(\d+) kB", text, re.M))) / 1024


def idle():
    heading("Memory when idle, no instance (proportional set size)")
    with Project(CONTRACT + function("orders"), FILES) as project, \
            project.serve("--warm", "0") as server, bare_server() as peer:
        server.request("POST", "/orders", BAD)
        roles = {"keeper": server.process.pid, "front": server.role("front"), "broker": server.role("broker")}
        row("keeper, front and broker", "MB", memory_mb(*roles.values()),
            ("bare node http", memory_mb(peer.pid)), 10)
        for name, pid in roles.items():
            row(f"... {name}", "MB", memory_mb(pid))


# ---- cold starts ----

def first_call_ms(server, name):
    body = measure.json.dumps(GOOD)
    request = (f"POST /{name} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
               f"Content-Length: {len(body)}\r\n\r\n{body}").encode()
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        time.sleep(0.02)  # it is accepted
        began = time.perf_counter()
        connection.sendall(request)
        answer = connection.recv(65536)
        took = (time.perf_counter() - began) * 1000
    if not answer.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(f"'{name}' does not work: {answer}")
    return took


def node_once_ms():
    script = (f"require('{HERE}/functions/app.cjs').handler({measure.json.dumps(GOOD)})"
              ".then((answer) => console.log(JSON.stringify(answer)))")
    began = time.perf_counter()
    process = subprocess.Popen(["node", "-e", script], stdout=subprocess.PIPE, env={})
    process.stdout.readline()
    took = (time.perf_counter() - began) * 1000
    process.communicate()
    return took


def cold():
    heading(f"From a request to its answer, Node, median of {COLD_CALLS}")
    names = [f"orders{i}" for i in range(COLD_CALLS)]
    with Project(CONTRACT + "".join(map(function, names)), FILES) as project:
        with project.serve("--warm", "0") as server:
            ours, theirs = zip(*[(first_call_ms(server, name), node_once_ms()) for name in names])
        with project.serve("--warm", "1", "--ledger", str(project.path("warm"))) as server:
            until(lambda: all(f["idle"] for f in server.health()["functions"]))
            time.sleep(1)
            pool = [first_call_ms(server, name) for name in names]
    alone = statistics.median(theirs)
    row("from nothing, in a cage", "ms", statistics.median(ours), ("node alone", alone), alone * 46 / 41)
    row("from the warm pool, its first event", "ms", statistics.median(pool), ("node alone", alone), 1)


def main():
    with open("/proc/loadavg", encoding="ascii") as f:
        print(f"{os.cpu_count()} processors, load average {' '.join(f.read().split()[:3])}"
              " (what else runs weighs on every number; the ratios suffer less)")
    wanted = sys.argv[1:]
    for part in (gate, stages, warm, idle, cold):
        if not wanted or part.__name__ in wanted:
            part()
    print(f"\n{measure.counts['met']} budgets met, {measure.counts['missed']} missed")


if __name__ == "__main__":
    main()
