"""measure: servers under wrk, what a request costs them, and the table that tells it.

Every row compares fnward with a peer that did the same work in the same run, in turns. Of each
one's turns the best counts, so that what else the machine does weighs on neither.
"""

import dataclasses
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "test/e2e"))
TURNS = 5
SECONDS = 2  # of load, in each turn
WARM_UP = 1  # seconds; a just-in-time compiler needs them

GOOD = {
    "customer": "ada@example.org",
    "express": True,
    "note": "Leave it with the neighbour, please.",
    "items": [{"sku": "TEA-EARL-GREY-250", "quantity": 2}, {"sku": "MUG-BLUE", "quantity": 1}],
}
BAD = {**GOOD, "items": [{"sku": "TEA-EARL-GREY-250", "quantity": 0}, {"sku": "MUG-BLUE"}]}

# What wrk measured, as one line of JSON. A status that was not expected makes the run worthless.
SCRIPT = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = [[%s]]
local threads = {}
wrong = 0
function setup(thread) table.insert(threads, thread) end
function response(status) if status ~= %d then wrong = wrong + 1 end end
function done(summary, latency)
  local wrong = 0
  for _, thread in ipairs(threads) do wrong = wrong + thread:get("wrong") end
  io.write(string.format('{"requests": %%d, "us": %%d, "p50": %%d, "p99": %%d, "wrong": %%d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    wrong + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
"""


@dataclasses.dataclass
class Load:
    """What a server did under load: requests a second, µs of latency and of processor time."""

    rate: float
    p50: float
    p99: float
    cpu: float


def processor_ns(pid):
    """Of all its threads, since its start."""
    return sum(int(task.read_text().split()[0])
               for task in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat"))


def wrk(url, body, status, connections, seconds):
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % (json.dumps(body), status))
        script.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "-s", script.name, url]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    told = json.loads(said.splitlines()[-1])
    if told["wrong"]:
        raise RuntimeError(f"{url}: {told['wrong']} of {told['requests']} answers are not {status}")
    return told


def load(url, pids, body=GOOD, status=200, connections=8):
    """One turn of load on a server whose processes are `pids`."""
    wrk(url, body, status, connections, WARM_UP)
    before = sum(map(processor_ns, pids))
    told = wrk(url, body, status, connections, SECONDS)
    cpu = (sum(map(processor_ns, pids)) - before) / 1000 / told["requests"]
    return Load(told["requests"] / told["us"] * 1e6, told["p50"], told["p99"], cpu)


def in_turns(*measures):
    """The best that each measure reached, the measures having taken turns."""
    turns = [[measure() for measure in measures] for _ in range(TURNS)]
    return [best(loads) for loads in zip(*turns)]


def best(loads):
    return Load(max(one.rate for one in loads), min(one.p50 for one in loads),
                min(one.p99 for one in loads), min(one.cpu for one in loads))


class Peer:
    """A server of somebody else's, which prints its port."""

    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        first = self.process.stdout.readline()
        if not (port := re.search(r":(\d+)\s*$", first)):
            self.__exit__()
            raise RuntimeError(f"{command[1]} does not start")
        self.url = f"http://127.0.0.1:{port.group(1)}"
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


# ---- the table ----

WIDTHS = (48, 12, 26, 7)
counts = {"met": 0, "missed": 0}


def heading(text):
    print(f"\n{text}\n{'':{WIDTHS[0]}}{'fnward':>{WIDTHS[1]}}  {'peer':<{WIDTHS[2]}}"
          f"{'ratio':>{WIDTHS[3]}}  budget", flush=True)


def row(what, unit, ours, peer=None, budget=None, at_least=False):
    """`peer` is (name, value). A budget is an upper bound, unless `at_least`."""
    ratio = f"{ours / peer[1]:.2f}" if peer else ""
    beside = f"{number(peer[1], unit)} {peer[0]}" if peer else ""
    verdict = ""
    if budget is not None:
        met = ours >= budget if at_least else ours <= budget
        counts["met" if met else "missed"] += 1
        verdict = f"{'>=' if at_least else '<='} {number(budget, unit)}: {'met' if met else 'MISSED'}"
    print(f"{what:<{WIDTHS[0]}}{number(ours, unit):>{WIDTHS[1]}}  {beside:<{WIDTHS[2]}}"
          f"{ratio:>{WIDTHS[3]}}  {verdict}".rstrip(), flush=True)


def number(value, unit):
    digits = 0 if value >= 1000 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}{unit}" if unit == "/s" else f"{value:,.{digits}f} {unit}".strip()
