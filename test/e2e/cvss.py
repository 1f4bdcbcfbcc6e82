#!/usr/bin/env python3
"""CVSS scores against two other implementations, on random vectors of every version."""

import os
import pathlib
import subprocess
import sys

import tap

TOOL = sys.argv[1]
HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = pathlib.Path(os.environ["FNWARD_BUILD"]) / "npm"
VECTORS = 10_000
SEED = 1


def theirs():
    # The script stands beside the packages that it imports.
    script = PACKAGES / "cvss_vectors.mjs"
    script.write_text((HERE / "cvss_vectors.mjs").read_text())
    made = subprocess.run(["node", script, str(VECTORS), str(SEED)], capture_output=True, text=True,
                          check=True, timeout=60)
    return [line.split(" ", 1) for line in made.stdout.splitlines()]


def ours(vectors):
    done = subprocess.run([TOOL], input="\n".join(vectors) + "\n", capture_output=True, text=True,
                          check=True, timeout=60)
    return done.stdout.splitlines()


def main():
    if not (PACKAGES / "node_modules/@pandatix/js-cvss").is_dir():
        tap.skip("the npm packages are not installed: test/e2e/install.sh BUILD")
        tap.end()
    expected = theirs()
    got = ours([vector for vector, _ in expected])
    wrong = [(vector, scores, our) for (vector, scores), our in zip(expected, got, strict=True)
             if scores != our]
    tap.check(not wrong, f"{len(expected) - len(wrong)} of {len(expected)} vectors have the scores "
                         "that others give them")
    for vector, scores, our in wrong[:10]:
        print(f"#   {vector}: {our}, not {scores}")
    tap.end()


main()
