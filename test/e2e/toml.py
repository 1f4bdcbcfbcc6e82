#!/usr/bin/env python3
"""TOML against Python's own reader: documents of our own, of others, and both with faults in them."""

import datetime
import json
import math
import os
import pathlib
import random
import subprocess
import sys

import tap

try:
    import tomllib
except ImportError:  # Python 3.10
    tomllib = None

TOOL = sys.argv[1]
SUITES = pathlib.Path(os.environ.get("FNWARD_SUITES", ""))
MUTANTS = 20_000
SEED = 5

DOCUMENTS = ["", "# nothing\n", "a = 1\r\nb = 2\r\n", "a.b.c = 1\na.b.d = 2\n[a.x]\ny = 1\n",
             "[a]\nb = 1\n[a.b2]\n[c.d]\n[c]\n", "[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3\n[[a.e]]\n",
             "a = [1, [2, 'x'], {b = 1, c.d = 2},\n # why\n]\n", 'a = "\\u00e9\\U0001F600\\t\\"\\\\"\n',
             'a = """\none \\\n   two\n"quoted" ""\n"""\n', "a = '''\nraw \\n\n'quoted'\n'''\n",
             "a = 'C:\\x'\n\"quoted key\" = true\n'' = false\n1 = 2\n-_ = 3\n",
             "n = [0, +1, -1, 1_000, 0xDEAD_beef, 0o17, 0b101, 1.5, -0.0, 6.02e23, 1e-5, inf, -inf, nan]\n",
             "t = [1979-05-27T07:32:00Z, 1979-05-27 07:32:00.999-07:00, 1979-05-27T07:32:00, "
             "1979-05-27, 07:32:00.5]\n", "a = {}\nb = []\nc = { x = [ {y = 1} ] }\n"]
FAULTS = ["a = 1\na = 2\n", "[a]\n[a]\n", "a = {b = 1}\n[a.c]\n", "a.b = 1\n[a]\n", "[a]\nb.c = 1\n[a.b]\n",
          "a = [1]\n[[a]]\n", "[[a]]\n[a]\n", "a = 01\n", "a = 1__0\n", "a = _1\n", "a = 1_\n", "a = .5\n", "a = 5.\n",
          "a = 0x\n", "a = +0x1\n", "a = tru\n", "a = \n", "= 1\n", "a\n", "a = 1 b = 2\n", "[a\n", "[a]]\n", "[[a]\n",
          "[]\n", "[a.]\n", "a = {b = 1,}\n", "a = {b = 1\n}\n", "a = [1 2]\n", "a = [1\n", 'a = "\n', 'a = "\\q"\n',
          'a = "\\ud800"\n', 'a = "\\U00110000"\n', 'a = """x\n', "a = '\x01'\n", "# \x01\n", "a = 1\rb = 2\n",
          '"""a""" = 1\n', "a = 'x\ny'\n"]
PIECES = ["[", "]", "{", "}", "=", ".", ",", '"', "'", "\n", "\r\n", "#", " ", "a", "b", "1", "0", "_", "-", "e", "x", "[[", "]]",
          '"""', "'''", "\\", "\\u0041", "true", "inf", "\t", "1979-05-27", "07:32:00", "\x00", "é", "a.b = 1\n", "[a]\n", "[[a]]\n"]


def ours(documents):
    data = b"".join(b"%d\n%b" % (len(d), d) for d in (text.encode() for text in documents))
    done = subprocess.run([TOOL], input=data, capture_output=True, check=True, timeout=120)
    return done.stdout.decode(errors="replace").split("\n")[:-1]


def theirs(document):
    try:
        return tomllib.loads(document)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return None


def same(got, expected):
    if isinstance(expected, dict):
        return isinstance(got, dict) and got.keys() == expected.keys() and all(
            same(got[k], v) for k, v in expected.items())
    if isinstance(expected, list):
        return isinstance(got, list) and len(got) == len(expected) and all(map(same, got, expected))
    if isinstance(expected, (datetime.date, datetime.time)):
        return isinstance(got, str) and theirs(f"v = {got}") == {"v": expected}
    if isinstance(expected, bool) or isinstance(expected, str):
        return got == expected and type(got) is type(expected)
    value = theirs(f"v = {got['number']}")["v"] if isinstance(got, dict) and "number" in got else None
    return value == expected or (isinstance(expected, float) and math.isnan(expected) and math.isnan(value))


def agree(line, document):
    expected = theirs(document)
    if line.startswith("error "):
        return expected is None
    return expected is not None and same(json.loads(line), expected)


def mutate(text, choose):
    for _ in range(choose.randrange(1, 4)):
        at = choose.randrange(len(text) + 1)
        cut = at + choose.choice((0, 0, 1, 1, 2, 8))
        text = text[:at] + choose.choice(["", *PIECES]) + text[cut:]
    return text


def check(documents, name):
    wrong = [(d, line) for d, line in zip(documents, ours(documents), strict=True) if not agree(line, d)]
    tap.check(not wrong, f"{name}: {len(documents) - len(wrong)} of {len(documents)} read the same")
    for document, line in sorted(wrong, key=lambda pair: len(pair[0]))[:8]:
        print(f"#   {document!r}: {line[:100]!r}")


def main():
    if tomllib is None:
        tap.skip("this Python has no reader of TOML")
        tap.end()
    check(DOCUMENTS, "documents")
    check(FAULTS, "documents with faults")
    files = [p for p in SUITES.glob("lockfiles/**/*") if p.is_file() and p.suffix in (".lock", ".toml")]
    texts = [p.read_bytes().decode("utf-8", "replace") for p in files]
    if texts:
        check(texts, "lock files")
    else:
        tap.skip("FNWARD_SUITES names no folder with lock files in it")
    choose = random.Random(SEED)
    check([mutate(choose.choice(DOCUMENTS + FAULTS), choose) for _ in range(MUTANTS)], "mutants")
    tap.end()


main()
