#!/usr/bin/env python3
"""Ranges of versions against npm's own semver and Python's packaging, on random ranges and versions."""

import pathlib
import random
import re
import subprocess
import sys

import tap

TOOL = sys.argv[1]
HERE = pathlib.Path(__file__).resolve().parent
COUNT = 20_000
SEED = 1

try:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
except ImportError:
    try:
        from pip._vendor.packaging.specifiers import InvalidSpecifier, SpecifierSet
    except ImportError:
        SpecifierSet = None


def npm_semver():
    """Where node's npm keeps its semver, or None."""
    done = subprocess.run(["npm", "root", "--global"], capture_output=True, text=True, check=False, timeout=60)
    path = pathlib.Path(done.stdout.strip()) / "npm/node_modules/semver"
    if not path.is_dir():
        path = pathlib.Path("/usr/share/nodejs/semver")
    return path if path.is_dir() else None


def npm_rows():
    made = subprocess.run(["node", HERE / "ranges.mjs", npm_semver(), str(COUNT), str(SEED)], capture_output=True,
                          text=True, check=True, timeout=60)
    return [line.split("\t") for line in made.stdout.splitlines()]


def pypi_version(dice):
    suffix = dice.choice(["", "", "", "", "a1", "rc2", ".dev0", ".post1", "+local", "b1.dev2"])
    # Old versions of packaging do not fill up shorter ones with zeros before what follows.
    count = 3 if suffix else dice.choice([1, 2, 2, 3, 3])
    return ".".join(dice.choice(["0", "0", "1", "1", "2", "10"]) for _ in range(count)) + suffix


def pypi_specifier(dice):
    operator = dice.choice(["==", "==", "!=", ">=", ">=", "<=", "<", ">", "~=", "==="])
    version = pypi_version(dice)
    if operator in ("==", "!="):
        if dice.random() < 0.4:
            version = re.match(r"[\d.]*\d", version).group() + ".*"
    else:
        version = version.partition("+")[0]  # only these two may name a local version
    return operator + dice.choice(["", "", " "]) + version


def pypi_rows():
    dice = random.Random(SEED)
    for _ in range(COUNT):
        text = ",".join(pypi_specifier(dice) for _ in range(dice.choice([0, 1, 1, 1, 2, 3])))
        if dice.random() < 0.05:
            text = dice.choice(["latest", "~=1", "1.0"])
        version = pypi_version(dice)
        try:
            known = "yes" if SpecifierSet(text).contains(version) else "no"
        except InvalidSpecifier:
            known = "unknown"
        yield text, version, known


def compare(ecosystem, rows):
    asked = "".join(f"{ecosystem}\t{text}\t{version}\n" for text, version, _ in rows)
    done = subprocess.run([TOOL], input=asked, capture_output=True, text=True, check=True, timeout=60)
    ours = done.stdout.splitlines()
    wrong = [(row, our) for row, our in zip(rows, ours, strict=True) if row[2] != our]
    tap.same(wrong[:8], [], f"{len(rows)} ranges of {ecosystem} take what its own tool takes")
    for answer in ("yes", "no", "unknown"):
        tap.check(sum(row[2] == answer for row in rows) > COUNT / 100, f"... of which many are '{answer}'")


def main():
    if npm_semver():
        compare("npm", npm_rows())
    else:
        tap.skip("npm's semver is not installed")
    if SpecifierSet:
        compare("PyPI", list(pypi_rows()))
    else:
        tap.skip("Python's packaging is not installed")
    tap.end()


main()
