#!/usr/bin/env python3
"""soak: fnward under load while callers misbehave, functions fail and processes are killed.

    test/soak/soak.py BUILD [--seconds 600]

Afterwards: no caller got a wrong answer, every answer has its one record, and nothing leaks. Ends
by itself, with "N passed, N failed"; the exit status is 0 when none failed.
"""

import argparse
import contextlib
import json
import os
import pathlib
import random
import re
import signal
import sys
import threading
import time
from collections import Counter

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
CALLERS = 24
ROLES_CALM = 0.5  # front and broker are killed in this part of the time only: memory is compared after
ROLE_EVERY = 25  # seconds; the keeper takes faster ends for a fault that no restart repairs
GROWTH = 1.2
GROWTH_KB = 2048  # what is less than this is no leak


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, good, what):
        self.passed += bool(good)
        self.failed += not good
        print(f"{'ok    ' if good else 'FAILED'} {what}", flush=True)


# ---- what is killed ----

def instances(server):
    return [pid for pid, command in descendants(server.process.pid).items()
            if any(name in command for name in COMMANDS) and not command.startswith("/bin/sh")]


def kill(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def kill_at_random(server, tally, stop, calm_at):
    """Instances all the time; front and broker until `calm_at`."""
    next_role = time.monotonic() + 10
    while not stop.wait(random.uniform(0.3, 2)):
        if found := instances(server):
            kill(random.choice(found))
            tally.seen["instances killed"] += 1
        if next_role < time.monotonic() < calm_at:
            role = random.choice(("front", "broker"))
            if pid := server.role(role):
                kill(pid)
                tally.seen[f"{role} killed"] += 1
            next_role = time.monotonic() + ROLE_EVERY


# ---- what is measured ----

def roles(server):
    return {"keeper": server.process.pid, "front": server.role("front"), "broker": server.role("broker")}


def memory_kb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1])


def descriptors(pid):
    """What they are, without the numbers that differ between two of a kind."""
    kinds = Counter()
    for fd in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            kinds[re.sub(r"\d+", "", os.readlink(fd))] += 1
    return kinds


def networks(pids):
    found = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            found.add(os.readlink(f"/proc/{pid}/ns/net"))
    return len(found)


def control_groups(server):
    return list(pathlib.Path("/sys/fs/cgroup").glob(f"**/fnward-{server.process.pid}"))


def is_quiet(server):
    return all(f["instances"] == f["idle"] >= 1 and not f["queued"] for f in server.health()["functions"])


def rest(server):
    """New instances only, one of each function; what the server holds then.

    Only an instance that was ready is replaced when it is killed: each has to be, before.
    """
    for name in NAMES:
        server.request("POST", f"/{name}", {"n": 0, "do": "echo", "pad": ""})
    until(lambda: is_quiet(server), 30)
    for pid in (killed := instances(server)):
        kill(pid)
    until(lambda: not any(is_alive(pid) for pid in killed))
    rested = until(lambda: is_quiet(server) and len(instances(server)) == len(NAMES), 30)
    time.sleep(3)
    below = descendants(server.process.pid)
    return {
        "rested": rested,
        "processes": len(below),
        "networks": networks(below),
        "descriptors": {name: descriptors(pid) for name, pid in roles(server).items()},
    }


# ---- the ledger ----

def records_of(directory):
    """How many invocation records and how many refusals each request id has; lines that are none."""
    invocations, denials, broken, total = Counter(), Counter(), 0, 0
    for path in pathlib.Path(directory).glob("ledger*.jsonl"):
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                total += 1
                try:
                    record = json.loads(line)
                except ValueError:
                    broken += 1
                    continue
                if record["kind"] == "invocation":
                    invocations[record["faas.invocation_id"]] += 1
                elif record["kind"] == "denial" and "http.response.status_code" in record:
                    denials[record.get("faas.invocation_id")] += 1
    return invocations, denials, broken, total


def check_ledger(checks, directory, tally):
    invocations, denials, broken, total = records_of(directory)
    invoked = [i for i, is_invocation in tally.answered.items() if is_invocation]
    refused = [i for i, is_invocation in tally.answered.items() if not is_invocation]
    lost = [i for i in invoked if invocations[i] != 1]
    unsaid = [i for i in refused if invocations[i] or denials[i] != 1]
    twice = [i for i, n in invocations.items() if n > 1]
    checks.check(not broken, f"the ledger's {total} records are whole ({broken} are not)")
    checks.check(not lost, f"each of {len(invoked)} answered invocations has one record {lost[:3]}")
    checks.check(not unsaid, f"each of {len(refused)} refusals has one record, and none ran {unsaid[:3]}")
    checks.check(not twice, f"no invocation is on record twice {twice[:3]}")


# ---- the run ----

def load(server, tally, seconds):
    """Runs the callers; the memory of each role, at its baseline and at the end."""
    stop = threading.Event()
    began = time.monotonic()
    calm_at = began + seconds * ROLES_CALM
    threads = [threading.Thread(target=caller, args=(server.port, tally, stop)) for _ in range(CALLERS)]
    threads.append(threading.Thread(target=kill_at_random, args=(server, tally, stop, calm_at)))
    for thread in threads:
        thread.start()
    settled = min(60, seconds / 10)
    time.sleep(seconds * ROLES_CALM + settled)
    before = {name: memory_kb(pid) for name, pid in roles(server).items()}
    print(f"after {seconds * ROLES_CALM + settled:.0f} s: memory in KB {before}", flush=True)
    time.sleep(max(0, began + seconds - time.monotonic()))
    after = {name: memory_kb(pid) for name, pid in roles(server).items()}
    print(f"after {seconds:.0f} s: memory in KB {after}", flush=True)
    stop.set()
    for thread in threads:
        thread.join()
    return before, after


def check_callers(checks, tally):
    for name, count in sorted(tally.seen.items()):
        print(f"       {count:>9} {name}")
    for wrong in tally.wrong[:10]:
        print(f"       {wrong}")
    checks.check(not tally.wrong, f"no wrong answer to any caller ({len(tally.wrong)})")
    checks.check(tally.seen["right"] > 100, f"{tally.seen['right']} callers got their own answer")


def check_held(checks, before, after):
    checks.check(before["rested"] and after["rested"], "each function comes to rest with one new instance")
    checks.check(before["processes"] == after["processes"],
                 f"no process leaks ({before['processes']} before, {after['processes']} after)")
    checks.check(before["networks"] == after["networks"],
                 f"no network namespace leaks ({before['networks']} before, {after['networks']} after)")
    for name, kinds in before["descriptors"].items():
        more = after["descriptors"][name] - kinds
        checks.check(not more, f"{name} leaks no descriptor ({kinds.total()} before) {dict(more) or ''}")


def check_memory(checks, before, after):
    for name, kb in before.items():
        checks.check(after[name] <= max(kb * GROWTH, kb + GROWTH_KB),
                     f"the memory of {name} stays flat ({kb} KB, {after[name]} KB)")


def soak(seconds):
    checks, tally = Checks(), Tally()
    with Project(contract(), FILES) as project, project.serve("--warm", "1") as server:
        held_before = rest(server)
        groups = control_groups(server)
        memory = load(server, tally, seconds)
        check_callers(checks, tally)
        check_held(checks, held_before, rest(server))
        check_memory(checks, *memory)
        started = descendants(server.process.pid)
        checks.check(server.stop() == 0, "SIGTERM ends it with status 0")
        left = [pid for pid in started if is_alive(pid)]
        checks.check(not left, f"no process is left {left or ''}")
        checks.check(not control_groups(server), f"none of its {len(groups)} control groups is left")
        check_ledger(checks, server.ledger_directory, tally)
        if errors := server.errors():
            print(f"it said: {errors[-2000:]}")
    print(f"{checks.passed} passed, {checks.failed} failed")
    return checks.failed == 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--seconds", type=float, default=600)
    given = parser.parse_args()
    os.environ["FNWARD_BUILD"] = given.build

    # They read the environment when they are loaded.
    from callers import Tally, caller
    from functions import COMMANDS, FILES, NAMES, contract
    from server import Project, descendants, is_alive, until

    sys.exit(0 if soak(given.seconds) else 1)
