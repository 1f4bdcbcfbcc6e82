#!/usr/bin/env python3
"""differ: random schemas and documents, judged here and by Ajv; what differs, made small.

    fuzz/ajv/differ.py JUDGE PACKAGES [--seconds N] [--schemas N] [--seed N] [--draft DRAFT]
                       [--blaze PROGRAM]

JUDGE is our program (judge.c), PACKAGES where Ajv is installed. Differences that explained.py
knows the reason of are counted by it, unless Blaze (npm's @sourcemeta/jsonschema) is asked as
well and does not side with us. Exit status 1 when there is another one.
"""

import argparse
import collections
import itertools
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import explained
from generate import ORDER, Case, Generator

HERE = pathlib.Path(__file__).resolve().parent
BATCH = 200  # schemas at once
SHOWN_MAX = 20
TRIES_MAX, TRIED_AT_ONCE = 3000, 25  # to make a case smaller


class Judge:
    """A program that answers every line with one."""

    def __init__(self, *command):
        self.command = list(map(str, command))
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, encoding="utf-8")

    def ask(self, cases):
        writer = threading.Thread(target=self.write, args=(cases,))
        writer.start()
        answers = [self.process.stdout.readline() for _ in cases]
        if "" in answers:
            raise RuntimeError(f"{' '.join(self.command)} has ended: {self.process.wait()}")
        writer.join()
        return [answer.rstrip("\n") for answer in answers]

    def write(self, cases):
        for case in cases:
            self.process.stdin.write(json.dumps(vars(case), ensure_ascii=False) + "\n")
        self.process.stdin.flush()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Differ:
    def __init__(self, judge, packages, blaze=None):
        self.blaze = blaze
        for source, name in ((HERE / "judge.cjs", "judge.cjs"),
                             (HERE.parent.parent / "bench/peers/judge.cjs", "dialects.cjs")):
            shutil.copy(source, packages / name)
        self.ours = Judge(judge)
        self.theirs = Judge("node", packages / "judge.cjs")
        self.counts = collections.Counter()
        self.found = []
        self.refusals = {}

    def run_batch(self, seeds, draft):
        cases = [Generator(seed, draft).case() for seed in seeds]
        for seed, case, ours, theirs in zip(seeds, cases, self.ours.ask(cases), self.theirs.ask(cases)):
            self.compare(seed, case, ours, theirs)

    def compare(self, seed, case, ours, theirs):
        self.counts["schemas"] += 1
        if theirs.startswith("!"):
            self.counts["that Ajv refuses"] += 1
            return
        if ours.startswith("!"):
            self.refused(seed, case, ours)
            return
        self.counts["documents"] += len(ours)
        self.counts["accepted"] += ours.count("v")
        for document, mine, other in zip(case.documents, ours, theirs):
            if mine != other:
                self.differ(seed, Case(case.schema, [document]))
                return

    def refused(self, seed, case, ours):
        """What is said to be wrong is asked about once, and counted from then on."""
        what = re.sub(r"'[^']*'|\(at .*\)", "", ours)
        if what in self.refusals:
            self.counts[self.refusals[what]] += 1
            return
        before = self.counts.copy()
        self.differ(seed, Case(case.schema, []))
        self.refusals[what] = next(iter(self.counts - before))

    def differ(self, seed, case):
        small = self.minimise(case)
        ours, theirs = self.ours.ask([small])[0], self.theirs.ask([small])[0]
        third = self.ask_blaze(small)
        if third in ("", "?", ours) and (
                reason := explained.reason(small.schema, small.documents, ours, theirs)):
            self.counts[f"explained: {reason}"] += 1
            return
        self.counts["differ"] += 1
        key = shape(small)
        if key not in [known for known, _ in self.found] and len(self.found) < SHOWN_MAX:
            self.found.append((key, small))
            show(seed, small, ours, theirs, third)

    def ask_blaze(self, case):
        """Of one document: "v", "i", or "?" when it can't tell; "" when it is not there."""
        if not self.blaze or not case.documents:
            return ""
        with tempfile.TemporaryDirectory() as directory:
            files = [pathlib.Path(directory, name) for name in ("schema.json", "document.json")]
            for file, value in zip(files, (case.schema, case.documents[0])):
                file.write_text(json.dumps(value))
            done = subprocess.run([self.blaze, "validate", *files, "--fast"], capture_output=True)
        return {0: "v", 2: "i"}.get(done.returncode, "?")

    # ---- smaller ----

    def first_that_differs(self, cases):
        for case, ours, theirs in zip(cases, self.ours.ask(cases), self.theirs.ask(cases)):
            refused = ours.startswith("!")
            if not theirs.startswith("!") and ours != theirs and refused == (not case.documents):
                return case
        return None

    def minimise(self, case):
        """Takes away what can be taken away, until nothing can."""
        tries, rest = 0, reductions(case)
        while tries < TRIES_MAX and (some := list(itertools.islice(rest, TRIED_AT_ONCE))):
            tries += len(some)
            if smaller_case := self.first_that_differs(some):
                case = smaller_case
                rest = reductions(case)
        return case

    def close(self):
        self.ours.close()
        self.theirs.close()


def reductions(case):
    for schema in smaller(case.schema):
        if isinstance(schema, dict) and schema.get("$schema") == case.schema["$schema"]:
            yield Case(schema, case.documents)
    for document in case.documents:
        for other in smaller(document):
            yield Case(case.schema, [other])


def smaller(value):
    if isinstance(value, dict):
        for name in value:
            yield {other: value[other] for other in value if other != name}
        for name, part in value.items():
            if isinstance(part, dict) and "$schema" in value:  # what is inside, instead of all
                yield {"$schema": value["$schema"], **part}
        for name, part in value.items():
            for other in smaller(part):
                yield {**value, name: other}
    elif isinstance(value, list):
        for i, part in enumerate(value):
            yield value[:i] + value[i + 1:]
            for other in smaller(part):
                yield value[:i] + [other] + value[i + 1:]
    elif isinstance(value, str) and len(value) > 1:  # Ajv has its troubles with ""
        for i in range(len(value)):
            yield value[:i] + value[i + 1:]
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and value not in (0, 1):
        yield 0
        yield 1


def shape(case):
    """The keywords that a case is made of: cases of one shape have one cause, mostly."""
    def keywords(value):
        if isinstance(value, dict):
            return {name for name in value} | {k for part in value.values() for k in keywords(part)}
        if isinstance(value, list):
            return {k for part in value for k in keywords(part)}
        return set()
    return frozenset(keywords(case.schema)), case.schema["$schema"]


def show(seed, case, ours, theirs, third):
    words = {"v": "valid", "i": "invalid", "": "nothing", "?": "that it can't tell"}
    said = ", ".join(f"{name} says {words.get(one, one)}" for name, one in
                     (("fnward", ours), ("Ajv", theirs), ("Blaze", third)))
    print(f"# seed {seed}: {said}")
    print(f"#   schema   {json.dumps(case.schema, ensure_ascii=False)}")
    for document in case.documents:
        print(f"#   document {json.dumps(document, ensure_ascii=False)}")
    sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("judge")
    parser.add_argument("packages", type=pathlib.Path)
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--schemas", type=int, default=1 << 40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--draft", choices=ORDER)
    parser.add_argument("--blaze")
    options = parser.parse_args()
    differ = Differ(options.judge, options.packages, options.blaze)
    seed, end = options.seed * 1_000_000_000, time.monotonic() + options.seconds
    while time.monotonic() < end and differ.counts["schemas"] < options.schemas:
        differ.run_batch(range(seed, seed + BATCH), options.draft)
        seed += BATCH
    differ.close()
    for name, count in differ.counts.items():
        print(f"{count:>9} {name}")
    return differ.counts["differ"] > 0


if __name__ == "__main__":
    sys.exit(main())
