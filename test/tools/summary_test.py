"""summary.py itself: what it makes of tests that pass, fail, skip and crash."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["FNWARD_SOURCE"])
sys.path.insert(0, str(SOURCE / "test" / "e2e"))

import tap  # noqa: E402

# The tests of one run (name, result, exit code, stdout), the summary, its exit status.
ROWS = [
    ([("a", "OK", 0, "ok 1 - x\nok 2 - y\n1..2\n")], "2 passed, 0 failed", 0),
    ([("a", "OK", 0, "# ok 7\nok 1 - it is not ok\n1..1\n")], "1 passed, 0 failed", 0),
    ([("a", "FAIL", 1, "ok 1 - x\nnot ok 2 - y\n#   at z\n1..2\n"), ("b", "OK", 0, "ok 1\n")],
     "FAILED   a: y\n2 passed, 1 failed", 1),
    ([("a", "OK", 0, "ok 1 - x\nok 2 - # SKIP no root\n1..2\n")],
     "skipped  a: no root\n1 passed, 0 failed, 1 skipped", 0),
    ([("a", "FAIL", 1, "not ok 1 - # SKIP no root\n1..1\n")],
     "FAILED   a: # SKIP no root\n0 passed, 1 failed", 1),
    ([("a", "ERROR", -11, "ok 1 - x\n")],
     "FAILED   a: ERROR, exit code -11\n1 passed, 1 failed", 1),
    ([("a", "TIMEOUT", -15, "")], "FAILED   a: TIMEOUT, exit code -15\n0 passed, 1 failed", 1),
    ([("plain", "OK", 0, "hello\n"), ("other", "FAIL", 3, "hello\n")],
     "FAILED   other: FAIL, exit code 3\n1 passed, 1 failed", 1),
    ([("plain", "SKIP", 77, ""), ("a", "OK", 0, "ok 1 - x")],
     "skipped  plain: the whole of it\n1 passed, 0 failed, 1 skipped", 0),
    ([], "0 passed, 0 failed", 1),
]


def summary(path):
    return subprocess.run([sys.executable, SOURCE / "test" / "summary.py", path],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          check=False)


def main():
    with tempfile.TemporaryDirectory() as directory:
        log = pathlib.Path(directory) / "testlog.json"
        for tests, text, status in ROWS:
            log.write_text("".join(
                json.dumps({"name": name, "result": result, "returncode": code,
                            "stdout": out}) + "\n" for name, result, code, out in tests))
            done = summary(log)
            tap.same((done.stdout, done.returncode), (text + "\n", status),
                     "the summary is '" + text.replace("\n", "', '").replace("#", "") + "'")
        log.unlink()
        tap.check(summary(log).returncode == 1, "a log that is not there is a failure")
    tap.end()


main()
