"""The whole JSON Schema test suite by way of 'fnward bowtie': every required test is answered as
the suite has it, in one session for each dialect."""

import json
import os
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(os.environ["FNWARD_SOURCE"])
sys.path.insert(0, str(SOURCE / "test" / "e2e"))

import tap  # noqa: E402

# A directory of the suite, its dialect, and how many required tests it has.
DIALECTS = [
    ("draft2020-12", "https://json-schema.org/draft/2020-12/schema"),
    ("draft2019-09", "https://json-schema.org/draft/2019-09/schema"),
    ("draft7", "http://json-schema.org/draft-07/schema#"),
    ("draft6", "http://json-schema.org/draft-06/schema#"),
    ("draft4", "http://json-schema.org/draft-04/schema#"),
]
REQUIRED = 4942


def registry(suite):
    remotes = suite / "remotes"
    return {f"http://localhost:1234/{path.relative_to(remotes).as_posix()}": json.loads(path.read_text())
            for path in sorted(remotes.rglob("*.json"))}


def commands(suite, draft, uri, remotes):
    """The lines of one session, and what each test of each case should be."""
    lines, expected = [{"cmd": "start", "version": 1}, {"cmd": "dialect", "dialect": uri}], []
    for path in sorted((suite / "tests" / draft).glob("*.json")):
        for case in json.loads(path.read_text()):
            sent = {"description": case["description"], "schema": case["schema"],
                    "tests": [{"description": test["description"], "instance": test["data"]}
                              for test in case["tests"]]}
            if "localhost:1234" in json.dumps(case):
                sent["registry"] = remotes
            expected.append((f"{draft}/{path.name}: {case['description']}", case["tests"]))
            lines.append({"cmd": "run", "seq": len(expected) - 1, "case": sent})
    return lines + [{"cmd": "stop"}], expected


def count_right(name, tests, answer):
    results = answer.get("results", [])
    right = sum(result.get("valid") is test["valid"] for result, test in zip(results, tests))
    if len(results) != len(tests) or right != len(tests):
        tap.check(False, f"{name}: {json.dumps(answer)[:300]}")
    return right


def main():
    suite = pathlib.Path(os.environ.get("FNWARD_SUITES", ""), "json-schema")
    if not (suite / "tests").is_dir():
        tap.skip("FNWARD_SUITES does not name the test data")
        tap.end()
        return
    remotes, right = registry(suite), 0
    for draft, uri in DIALECTS:
        lines, expected = commands(suite, draft, uri, remotes)
        done = subprocess.run([pathlib.Path(os.environ["FNWARD_BUILD"], "fnward"), "bowtie"],
                              input="".join(json.dumps(line) + "\n" for line in lines),
                              capture_output=True, text=True, check=False)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        tap.same(done.returncode, 0, f"{draft}: the session ends well")
        tap.same([answer.get("seq") for answer in answers[2:]], list(range(len(expected))),
                 f"{draft}: an answer to every case, in order")
        right += sum(count_right(name, tests, answer)
                     for (name, tests), answer in zip(expected, answers[2:]))
    tap.same(right, REQUIRED, f"{right} of {REQUIRED} required tests")
    tap.end()


main()
