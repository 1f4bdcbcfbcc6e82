"""lifecycle: instances from cold to gone, overload, and the ends of fnward's own processes."""

import os
import re
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import tap
from server import LAB, Project, descendants, is_alive, lab_contract, until

BROKEN = """
  throws: {code: broken, runtime: nodejs, handler: throws.handler, on: [invoke: {}]}
  missing: {code: broken, runtime: nodejs, handler: empty.handler, on: [invoke: {}]}
  leaves: {code: broken, runtime: nodejs, handler: leaves.handler, on: [invoke: {}]}
"""
FILES = {
    "code/app.mjs": LAB,
    "broken/throws.mjs": "throw new RangeError('no good start');\n",
    "broken/empty.mjs": "export const other = 1;\n",
    "broken/leaves.mjs": "process.exit(3);\n",
}


def in_parallel(work, items):
    with ThreadPoolExecutor(len(items)) as pool:
        return list(pool.map(work, items))


# ---- instances ----

def cold_and_warm(server):
    first, second = server.invoke("lab", {"do": "who"}), server.invoke("lab", {"do": "who"})
    tap.same((first.status, first.json["calls"], second.json["calls"]), (200, 1, 2),
             "the second call finds the instance of the first")
    tap.same(first.json["self"], second.json["self"], "... which is the same process")
    records = until(lambda: server.ledger(kind="invocation"))
    tap.same([r.get("faas.coldstart") for r in records], [True, None], "the first one is told as cold")
    tap.check(records[0]["init_duration_ms"] > 0, "... with the time that its start took")


def growth(server):
    answers = in_parallel(lambda n: server.invoke("lab", {"do": "sleep", "ms": 2000, "n": n}), range(4))
    tap.same([a.json["n"] for a in answers], [0, 1, 2, 3], "four at once are answered, each its own")
    tap.same(len({a.json["self"] for a in answers}), 4, "... by four instances, as 'concurrency' allows")
    tap.same(server.instances()["instances"], 4, "... which stay")


def shrinks(project):
    with project.serve("--warm", "1", "--idle", "1") as server:
        in_parallel(lambda n: server.invoke("lab", {"do": "sleep", "ms": 2000, "n": n}), range(3))
        grown = server.instances()["instances"]
        tap.same(grown, 3, "after three calls at once there are three instances")
        until(lambda: server.instances()["instances"] == 1)
        tap.same(server.instances()["instances"], 1, "... and when they stay idle, the warm one")
        time.sleep(1.5)
        tap.same(server.instances()["instances"], 1, "... which stays")


def own_answers(server):
    def call(n):
        if n % 3:
            return server.invoke("lab", {"do": "sleep", "ms": n % 7, "n": n}).json["n"] == n
        answer = server.request("POST", "/lab", {"do": "sleep", "ms": n % 5, "n": n})
        return answer.json["n"] == n

    with ThreadPoolExecutor(16) as pool:
        right = list(pool.map(call, range(400)))
    tap.same(right.count(True), 400, "400 overlapping calls get each its own answer")


def overload(project):
    with project.serve() as server:
        server.invoke("lab")
        tap.check(until(lambda: server.instances()["idle"] == 1), "an instance that has answered is idle")
        running = [threading.Thread(target=server.invoke, args=("lab", {"do": "sleep", "ms": 1500}))
                   for _ in range(3)]
        for thread in running:
            thread.start()
        until(lambda: server.instances()["queued"] == 2)
        late = server.invoke("lab")
        tap.same((late.status, late.headers["Retry-After"]), (429, "1"),
                 "past the queue there is 429, and when to come again")
        tap.same((late.headers["x-amzn-ErrorType"], late.json["Reason"]),
                 ("TooManyRequestsException", "ReservedFunctionConcurrentInvocationLimitExceeded"),
             "... in AWS's words")
        for thread in running:
            thread.join()
        tap.same(server.invoke("lab", {"a": 1}).json, {"a": 1}, "afterwards there is place again")
        throttled = server.ledger(kind="denial", http__response__status_code=429)
        tap.same(len(throttled), 1, "the refusal is on record")


def crashes(server):
    before = server.invoke("lab", {"do": "who"}).json["self"]
    rows = [
        ({"do": "exit", "code": 0}, "Runtime exited without providing a reason"),
        ({"do": "exit", "code": 7}, "Runtime exited with error: exit status 7"),
        ({"do": "kill", "signal": "SIGKILL"}, "Runtime exited with error: signal: killed"),
    ]
    for event, message in rows:
        dead = server.invoke("lab", event)
        tap.same((dead.status, dead.headers["X-Amz-Function-Error"]), (200, "Unhandled"),
                 f"{event} is a function error")
        tap.same(dead.json, {"errorType": "Runtime.ExitError", "errorMessage":
                             f"RequestId: {dead.headers['x-amzn-RequestId']} Error: {message}"},
                 "... in AWS's words")
        again = server.invoke("lab", {"do": "who"}).json
        tap.check(again["self"] != before and again["calls"] == 1, "... and the next call has a new process")
        before = again["self"]
    tap.same(server.request("POST", "/lab", {"do": "exit", "code": 1}).status, 502,
             "behind a route a crash is 502")
    tap.same(server.request("POST", "/lab", {"do": "fail"}).status, 502, "... and so is an error")
    crash = server.ledger(kind="lifecycle", event="crash", faas__name="lab")
    tap.same([r.get("process.exit.code", r.get("process.exit.signal")) for r in crash], [0, 7, 9, 1],
             "every crash is on record")
    kept = server.invoke("lab", {"do": "who"}).json
    tap.same(server.invoke("lab", {"do": "fail"}).json["errorType"], "RangeError", "an error is told")
    tap.same(server.invoke("lab", {"do": "who"}).json, {"self": kept["self"], "calls": kept["calls"] + 2},
             "... and ends no process")


def timeouts(project):
    with project.serve() as server:
        before = server.invoke("lab", {"do": "who"}).json["self"]
        for deed in ("sleep", "spin"):
            began = time.monotonic()
            late = server.invoke("lab", {"do": deed, "ms": 60000})
            took = time.monotonic() - began
            tap.same(late.json, {"errorType": "Sandbox.Timedout", "errorMessage":
                                 f"RequestId: {late.headers['x-amzn-RequestId']} "
                                 "Error: Task timed out after 1.00 seconds"},
                     f"a function that '{deed}'s too long gets AWS's body")
            tap.check(0.9 < took < 2, f"... in time ({took:.2f} s)")
            after = server.invoke("lab", {"do": "who"}).json["self"]
            tap.check(after != before, "... and its process ends")
            before = after
        tap.same(server.request("POST", "/lab", {"do": "spin"}).status, 502, "behind a route it is 502")
        tap.same([r["outcome"] for r in server.ledger(error__type="Sandbox.Timedout")], ["timeout"] * 3,
                 "timeouts are on record")


def bad_starts(server):
    rows = [
        ("throws", "RangeError", "no good start"),
        ("missing", "Runtime.HandlerNotFound", "empty.handler is undefined or not exported"),
        ("leaves", "Runtime.ExitError", "Runtime exited with error: exit status 3"),
    ]
    for function, kind, message in rows:
        for time_of in ("the first", "the next"):
            failed = server.invoke(function)
            tap.same((failed.status, failed.headers["X-Amz-Function-Error"], failed.json["errorType"]),
                     (200, "Unhandled", kind), f"'{function}' does not start: {kind}, {time_of} time")
            tap.check(message in failed.json["errorMessage"], f"... saying '{message}'")


def context_is_aws(server):
    sent = {"X-Amz-Client-Context": "eyJjdXN0b20iOnsiayI6InYifX0=", "X-Amzn-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793"}
    context = server.invoke("lab", {"do": "context"}, sent)
    tap.same((context.json["awsRequestId"], context.json["functionName"], context.json["memoryLimitInMB"]),
             (context.headers["x-amzn-RequestId"], "lab", "128"), "the context is the call's own")
    tap.same(context.json["clientContext"], {"custom": {"k": "v"}}, "... with what the client sent along")
    tap.check(4000 < context.json["remaining"] <= 5000, "... and the time that is left")
    environment = server.invoke("lab", {"do": "environment"}, sent).json
    tap.same(environment["_X_AMZN_TRACE_ID"], sent["X-Amzn-Trace-Id"], "the caller's trace id is kept")
    environment = server.invoke("lab", {"do": "environment"}).json
    tap.check(re.fullmatch("Root=1-[0-9a-f]{8}-[0-9a-f]{24}", environment["_X_AMZN_TRACE_ID"]),
              "without one there is a new one")


# ---- fnward's own processes ----

def instance_killed_from_outside(server):
    server.invoke("lab")
    killed = [pid for pid, command in descendants(server.process.pid).items() if "client.cjs" in command]
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    tap.same(server.invoke("lab", {"a": 2}).json, {"a": 2}, "instances killed while idle are replaced")


def restarts(server):
    for role in ("front", "broker"):
        before = server.role(role)
        instances = [p for p, command in descendants(server.process.pid).items() if "client.cjs" in command]
        os.kill(before, signal.SIGKILL)
        tap.check(until(lambda: server.role(role) not in (None, before)), f"{role}, killed, is started again")
        answer = until(lambda: answered(server))
        tap.check(answer and answer.json == {"a": 3}, "... and calls are answered as before")
        tap.check(not any(is_alive(pid) for pid in instances), "... by new instances only")
    tap.same([r["message"] for r in server.ledger(event="crash", kind="lifecycle") if "faas.name" not in r],
             ["front", "broker"], "both are on record")


def answered(server):
    try:
        return server.invoke("lab", {"a": 3})
    except OSError:
        return None


def slow_call(server, answers, ms=1200):
    def call():
        try:
            answers.append(server.invoke("lab", {"do": "sleep", "ms": ms, "n": 1}))
        except OSError as error:
            answers.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    until(lambda: server.instances()["instances"] - server.instances()["idle"] == 1)
    time.sleep(0.1)
    return thread


def drains(project):
    with project.serve() as server:
        server.invoke("lab")
        answers, port = [], server.port
        thread = slow_call(server, answers)
        started = descendants(server.process.pid)
        began = time.monotonic()
        status = server.stop()
        took = time.monotonic() - began
        thread.join()
        tap.same((status, answers[0].status, answers[0].json["n"]), (0, 200, 1),
                 "SIGTERM lets a call under way finish, and the exit status is 0")
        tap.check(took < 4, f"... and no longer than that ({took:.2f} s)")
        tap.check(not [pid for pid in started if is_alive(pid)], "no process stays behind")
        tap.check(refused(port), "and nobody listens")
        tap.same([r["outcome"] for r in server.ledger(kind="invocation")], ["ok", "ok"], "all is on record")
        tap.same(server.ledger()[-1]["event"], "stop", "... the end too")


def shrinks(project):
    with project.serve("--warm", "1", "--idle", "1") as server:
        in_parallel(lambda n: server.invoke("lab", {"do": "sleep", "ms": 400, "n": n}), range(3))
        tap.same(server.instances()["instances"], 3, "three at once grow the pool to three")
        tap.check(until(lambda: server.instances()["instances"] == 1, 6), "past --idle it shrinks to --warm")
        time.sleep(1.2)
        tap.same(server.instances()["instances"], 1, "... and no further")
        tap.same(server.invoke("lab", {"a": 5}).json, {"a": 5}, "... and serves")
        tap.same(len(server.ledger(kind="lifecycle", event="idle")), 2, "both ends are on record")


def refused(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def does_not_wait_twice(project):
    with project.serve() as server:
        server.invoke("lab")
        answers = []
        thread = slow_call(server, answers, ms=4000)
        server.process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        tap.check(server.process.poll() is None, "one SIGINT waits for the call")
        began = time.monotonic()
        status = server.stop(signal.SIGINT)
        tap.check(time.monotonic() - began < 1.5, f"a second one does not (exit {status})")
        thread.join()
        tap.check(isinstance(answers[0], OSError), "... and the call is cut off")


def keeper_killed(project):
    with project.serve() as server:
        server.invoke("lab")
        started = descendants(server.process.pid)
        tap.check(len(started) >= 4, "front, broker, a warden and an instance run")
        server.process.kill()
        gone = until(lambda: not [pid for pid in started if is_alive(pid)], 5)
        tap.check(gone, "when the keeper is killed, nothing outlives it")


def main():
    with Project(lab_contract(BROKEN, "timeout: 5s, concurrency: 4"), FILES) as project:
        with project.serve() as server:
            for part in (cold_and_warm, growth, own_answers, bad_starts, context_is_aws):
                part(server)
        with project.serve("--ledger", str(project.path("crashes")), "--warm", "1") as server:
            server.ledger_directory = project.path("crashes")
            crashes(server)
            instance_killed_from_outside(server)
        with project.serve("--ledger", str(project.path("restarts"))) as server:
            server.ledger_directory = project.path("restarts")
            restarts(server)
    with Project(lab_contract(limits="timeout: 5s, concurrency: 1, queue: 2")) as project:
        overload(project)
    with Project(lab_contract(limits="timeout: 1s, concurrency: 1")) as project:
        timeouts(project)
    for part in (shrinks, drains, does_not_wait_twice, keeper_killed):
        with Project(lab_contract()) as project:
            part(project)
    tap.end()


if __name__ == "__main__":
    main()
