#!/usr/bin/env python3
"""The one line at the end of 'make test': every check counted, the failed ones named.

Usage: summary.py [TESTLOG]: the testlog.json that 'meson test' wrote, by default
build/meson-logs/testlog.json. Exit status 1 when a check failed or none was made.
"""

import json
import pathlib
import re
import sys

CHECK = re.compile(r"(not )?ok\b *\d*(?: +-)? *(.*)")
SKIPPED = re.compile(r"# *skip\b *(.*)", re.IGNORECASE)
FINE = {"OK", "EXPECTEDFAIL"}


class Count:
    def __init__(self):
        self.passed, self.failed, self.skipped = 0, [], []

    def add_line(self, test, line):
        match = CHECK.fullmatch(line.rstrip())
        if not match:
            return False
        skip = SKIPPED.search(match.group(2))
        if match.group(1):
            self.failed.append(f"{test}: {match.group(2)}")
        elif skip:
            self.skipped.append(f"{test}: {skip.group(1) or 'no reason given'}")
        else:
            self.passed += 1
        return True

    def add_test(self, record):
        """A program without TAP is one check; one that ended badly is a failed check more."""
        name, result = record["name"], record["result"]
        failed = len(self.failed)
        lines = (record.get("stdout") or "").splitlines()
        is_tap = any([self.add_line(name, line) for line in lines])
        if result in FINE and not is_tap:
            self.passed += 1
        elif result == "SKIP" and not is_tap:
            self.skipped.append(f"{name}: the whole of it")
        elif result not in FINE | {"SKIP"} and len(self.failed) == failed:
            self.failed.append(f"{name}: {result}, exit code {record.get('returncode')}")


def main():
    log = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build/meson-logs/testlog.json")
    if not log.is_file():
        sys.exit(f"{log} is not there; 'meson test -C build' writes it")
    count = Count()
    for line in log.read_text().splitlines():
        count.add_test(json.loads(line))
    for skipped in count.skipped:
        print(f"skipped  {skipped}")
    for failed in count.failed:
        print(f"FAILED   {failed}")
    print(f"{count.passed} passed, {len(count.failed)} failed"
          + (f", {len(count.skipped)} skipped" if count.skipped else ""))
    return 1 if count.failed or not count.passed else 0


if __name__ == "__main__":
    sys.exit(main())
