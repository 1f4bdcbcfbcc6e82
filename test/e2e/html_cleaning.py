#!/usr/bin/env python3
"""What the cleaning rule 'html' makes of random HTML, parsed and written again by parse5: nothing
may come out of that but what went in."""

import os
import pathlib
import subprocess
import sys

import tap

TOOL = sys.argv[1]
HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = pathlib.Path(os.environ["FNWARD_BUILD"]) / "npm"
FRAGMENTS = 20_000
SEED = 1


def run(command, given=None):
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True, timeout=100)
    return done.stdout


def main():
    if not (PACKAGES / "node_modules/parse5").is_dir():
        tap.skip("the npm packages are not installed: test/e2e/install.sh BUILD")
        tap.end()
    # The script stands beside the packages that it imports.
    script = PACKAGES / "html_fragments.mjs"
    script.write_text((HERE / "html_fragments.mjs").read_text())
    made = run(["node", script, "make", str(FRAGMENTS), str(SEED)])
    cleaned = run([TOOL], made)
    tap.same(cleaned.count("\n"), FRAGMENTS, "every fragment is cleaned")
    tap.check(sum("<" in line for line in cleaned.splitlines()) > FRAGMENTS // 2, "... and most keep some markup")
    changed = run(["node", script, "check"], cleaned).splitlines()
    tap.check(not changed, f"{FRAGMENTS - len(changed)} of {FRAGMENTS} are the same once parsed again")
    for line in changed[:10]:
        print(f"#   {line}")
    tap.end()


main()
