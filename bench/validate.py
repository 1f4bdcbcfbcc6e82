"""validate: JSON Schema validation against Blaze and Ajv, for every schema of the suite.

    FNWARD_BUILD=build FNWARD_SUITES=suites bench/validate.py [SCHEMA...]

The three take turns; of what each needed for a document in its turns the least counts. `format`
is asserted by none of them, as Blaze has it by default. Verdicts that differ are an error.
Budgets are told, not enforced.
"""

import json
import math
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ["FNWARD_BUILD"]).resolve()
SUITE = pathlib.Path(os.environ.get("FNWARD_SUITES", "")) / "json-schema-bench"
PEERS = BUILD / "bench-npm"
BLAZE = (PEERS / "node_modules/@sourcemeta/jsonschema/build/github-releases"
         / f"jsonschema-linux-{ {'aarch64': 'arm64'}.get(platform.machine(), platform.machine()) }")
TURNS = 3
LOOP = 200  # of each document, in each turn
COMMANDS = 5  # runs of a whole command, in each turn
HOT_BUDGET, BYTES_BUDGET = 1.2, 3.0  # times as fast as Blaze
LOAD_BUDGET = 1e6  # nanoseconds


def output_of(*command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.strip() or done.returncode}")
    return done.stdout


# ---- one turn of each ----

def ours(schema, documents):
    told = json.loads(output_of(BUILD / "bench/measure_schema", schema, documents, LOOP))
    return {**told, **columns(told["documents"])}


def ajv(schema, documents):
    told = json.loads(output_of("node", PEERS / "ajv.cjs", schema, documents, LOOP))
    return {**told, **columns(told["documents"])}


def columns(rows):
    return {key: [row[key] for row in rows] for key in rows[0]}


def blaze(schema, documents):
    valid, hot, clocks = blaze_documents(schema, documents, LOOP)
    _, first, _ = blaze_documents(schema, documents, 1)
    return {"valid": valid, "timed": hot, "first": first, "clock": min(clocks)}


def blaze_documents(schema, documents, loop):
    """What `--benchmark` says of each document, in ns: the mean, and in brackets what its clock
    cost then, which the mean is printed without. It is added again, to be taken off as ours is."""
    command = [BLAZE, "validate", schema, documents, "--fast", "--benchmark", "--continue",
               "--loop", str(loop)]
    said = subprocess.run(command, capture_output=True, text=True).stdout
    found = sorted((int(number), verdict == "PASS", (float(mean) + float(clock)) * 1000, float(clock) * 1000)
                   for number, verdict, mean, clock in
                   re.findall(r"\[(\d+)\]: (PASS|FAIL) ([\d.]+) \+- [\d.]+ us \(([\d.]+)\)", said))
    return [list(column) for column in zip(*found)][1:]


def command_ms(*command):
    """The least wall time of a whole command, its output thrown away."""
    quiet = [(os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_WRONLY, 0) for fd in (1, 2)]
    best = math.inf
    for _ in range(COMMANDS):
        began = time.perf_counter()
        pid = os.posix_spawn(command[0], list(map(str, command)), os.environ, file_actions=quiet)
        ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        best = min(best, (time.perf_counter() - began) * 1000)
        if ended:
            raise RuntimeError(f"{' '.join(map(str, command))}: exit status {ended}")
    return best


def commands(schema, documents):
    return {
        "ours": command_ms(BUILD / "fnward", "validate", schema, documents, "--no-formats"),
        "blaze": command_ms(BLAZE, "validate", schema, documents, "--fast"),
        "blaze_compile": command_ms(BLAZE, "compile", schema, "--fast", "--minify"),
        "blaze_nothing": command_ms(BLAZE, "version"),
    }


# ---- all turns of one schema ----

def least(turns):
    """The least of each number, item by item in lists; verdicts have to stay what they were."""
    first = turns[0]
    if isinstance(first, dict):
        return {key: least([turn[key] for turn in turns]) for key in first}
    if isinstance(first, list):
        return [least(list(items)) for items in zip(*turns)]
    if isinstance(first, bool) and len(set(turns)) > 1:
        raise RuntimeError("a verdict differs from turn to turn")
    return min(turns)


def in_turns(schema, documents):
    turns = [[judge(schema, documents) for judge in (ours, blaze, ajv)] for _ in range(TURNS)]
    results = [least(list(turn)) for turn in zip(*turns)]
    compare(documents, *[result["valid"] for result in results])
    return results


def compare(documents, *verdicts):
    names = ("fnward", "Blaze", "Ajv")
    if len({len(valid) for valid in verdicts}) > 1:
        raise RuntimeError(f"{documents}: not every document was judged")
    for line, valid in enumerate(zip(*verdicts), 1):
        if len(set(valid)) > 1:
            said = ", ".join(f"{name} {'valid' if one else 'invalid'}" for name, one in zip(names, valid))
            raise RuntimeError(f"{documents}:{line}: {said}")


def measure(name):
    schema, documents = SUITE / name / "schema.json", SUITE / name / "instances.jsonl"
    spoiled = BUILD / "bench" / f"{name}.spoiled.jsonl"
    spoiled.write_text(output_of("node", PEERS / "spoil.cjs", schema, documents))
    return {"good": in_turns(schema, documents), "bad": in_turns(schema, spoiled),
            "commands": least([commands(schema, documents) for _ in range(TURNS)])}


# ---- the tables ----

def mean(numbers):
    return sum(numbers) / len(numbers)


def geometric(numbers):
    return math.exp(mean(list(map(math.log, numbers))))


def table(title, results, pick, budget=None):
    """`pick` gives a schema's count, and what it costs ours, Blaze and Ajv; None is left out."""
    rows = {name: pick(result) for name, result in results.items()}
    print(f"\n{title}\n{'':24}{'':>6}{'fnward':>10}{'Blaze':>10}{'times':>9}{'Ajv':>10}{'times':>9}")
    for name, (count, mine, *peers) in rows.items():
        beside = "".join(cell(peer, mine) for peer in peers)
        print(f"{name:<24}{count:>6}{number(mine):>10}{beside}".rstrip())
    ratios = [[row[i] / row[1] for row in rows.values() if row[i]] for i in (2, 3)]
    means = "".join(f"{number(geometric(some)):>19}" if some else " " * 19 for some in ratios)
    print(f"{'geometric mean':<40}{means}  {verdict(ratios[0], budget)}".rstrip(), flush=True)


def cell(peer, mine):
    return f"{number(peer):>10}{number(peer / mine):>9}" if peer else " " * 19


def number(value):
    return f"{value:,.{0 if value >= 100 else 1 if value >= 10 else 2}f}"


def verdict(ratios, budget):
    if not budget:
        return ""
    return f">= {budget:.2f} of Blaze: {'met' if geometric(ratios) >= budget else 'MISSED'}"


def timed(result, key="timed"):
    """A document's mean, the clock taken off: the least that it ever cost, as everything else."""
    if key not in result:
        return mean(result["hot"])  # of the whole loop
    return max(mean([max(ns - result["clock"], 0) for ns in result[key]]), 0.1)


def hot(results):
    return len(results[0]["valid"]), *map(timed, results)


def first(results):
    return len(results[0]["valid"]), *[timed(one, "first") for one in results[:2]], None


def tables(results):
    table("Parsed documents in a hot loop of each, ns a document",
          results, lambda r: hot(r["good"]), HOT_BUDGET)
    table("The same with one member made wrong: refused, ns a document",
          results, lambda r: hot(r["bad"]))
    table("Parsed documents, one after another, the first time: ns a document",
          results, lambda r: first(r["good"]))
    table("Parsed documents in rotation, many rounds: ns a document (Blaze's command has no such loop)",
          results, lambda r: (len(r["good"][0]["valid"]), r["good"][0]["rotating"], None, r["good"][2]["rotating"]))
    table("Read and validated, ns a document (Ajv with JSON.parse; Blaze's command has no such loop)",
          results, lambda r: (len(r["good"][0]["valid"]), r["good"][0]["from_bytes"], None, r["good"][2]["from_bytes"]))
    table("From bytes to verdict: the whole command over all documents, ms",
          results, lambda r: (len(r["good"][0]["valid"]), r["commands"]["ours"], r["commands"]["blaze"], None),
          BYTES_BUDGET)
    table("A schema compiled, us (Blaze: its 'compile' less its 'version')", results, compiled)
    loaded(results)


def compiled(result):
    of_blaze = result["commands"]["blaze_compile"] - result["commands"]["blaze_nothing"]
    mine, theirs = (result["good"][i]["compile"] / 1000 for i in (0, 2))
    of_blaze = of_blaze * 1000 if of_blaze > 0 else None  # lost in what starting it takes
    return len(result["good"][0]["valid"]), mine, of_blaze, theirs


def loaded(results):
    print("\nA compiled schema mapped and made ready, us (bytes)")
    for name, result in results.items():
        told = result["good"][0]
        met = "met" if told["load"] <= LOAD_BUDGET else "MISSED"
        print(f"{name:<30}{number(told['load'] / 1000):>10}{told['program']:>10,}  <= 1,000: {met}")


def main():
    if not SUITE.is_dir():
        sys.exit("FNWARD_SUITES names no folder with json-schema-bench in it")
    for script in ("judge.cjs", "ajv.cjs", "spoil.cjs"):  # where Node finds their packages
        shutil.copy(HERE / "peers" / script, PEERS)
    names = sys.argv[1:] or sorted(entry.name for entry in SUITE.iterdir())
    print(f"validation: {len(names)} schemas, Blaze {output_of(BLAZE, 'version').strip()}, Ajv 8; "
          f"a loop of {LOOP}, the best of {TURNS} turns", flush=True)
    results = {name: result for name in names if (result := measured(name))}
    if results:
        tables(results)
    return len(results) < len(names)


def measured(name):
    """One schema's failure is told, and is no reason not to measure the others."""
    try:
        return measure(name)
    except (RuntimeError, OSError) as problem:
        print(f"{name}: {problem}", file=sys.stderr)
        return None


if __name__ == "__main__":
    sys.exit(main())
