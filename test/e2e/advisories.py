#!/usr/bin/env python3
"""The advisories that versions are in, against an evaluator written from OSV's text alone."""

import functools
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import zipfile

import tap

TOOL = sys.argv[1]
FNWARD = pathlib.Path(os.environ["FNWARD_BUILD"]) / "fnward"
EXPORTS = pathlib.Path(os.environ.get("FNWARD_SUITES", "")) / "advisories"
QUESTIONS = 10_000
SEED = 20


# ---- versions: semver.org 2.0 and PEP 440, from their texts ----

def semver(text):
    core, _, pre = text.removeprefix("v").partition("+")[0].partition("-")
    numbers = [int(n) for n in core.split(".")[:3]]
    numbers += [0] * (3 - len(numbers))
    # Identifiers: numbers below words; a version without any is above all that have some.
    parts = [(0, int(p), "") if p.isdigit() else (1, 0, p) for p in pre.split(".")] if pre else []
    return numbers, not pre, parts


PEP440 = re.compile(r"""v?(?:(\d+)!)?(\d+(?:\.\d+)*)
    (?:[-_.]?(alpha|beta|preview|pre|a|b|c|rc)[-_.]?(\d*))?
    (?:-(\d+)|([-_.]?(?:post|rev|r)[-_.]?(\d*)))?
    ([-_.]?dev[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?""", re.VERBOSE | re.IGNORECASE)
PHASES = {"a": 1, "alpha": 1, "b": 2, "beta": 2, "c": 3, "rc": 3, "pre": 3, "preview": 3}

# What PEP 440 does not know is older than all that it knows.
LEGACY = (-1, [], (0, 0), (0, 0), (0, 0), [])


def pep440(text):
    m = PEP440.fullmatch(text.strip().lower())
    if not m:
        return LEGACY
    epoch, release, phase, number, dash, post, after, dev, day, local = m.groups()
    numbers = [int(n) for n in release.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    has_post = dash is not None or post is not None
    before = (PHASES[phase], int(number or 0)) if phase else (4, 0)
    if not phase and not has_post and dev is not None:
        before = (0, 0)
    parts = [(1, int(p), "") if p.isdigit() else (0, 0, p) for p in re.split("[-_.]", local or "") if p]
    return (int(epoch or 0), numbers, before, (1, int(dash or after or 0)) if has_post else (0, 0),
            (0, int(day or 0)) if dev is not None else (1, 0), parts)


@functools.cache
def key(kind, text):
    return semver(text) if kind == "SEMVER" else pep440(text)


# ---- evaluation, as the schema has it ----

def in_range(version, one):
    kind = one["type"]
    if kind == "GIT":
        return False
    value = key(kind, version)
    events = [(name, at) for event in one["events"] for name, at in event.items()]
    limits = [at for name, at in events if name == "limit"]
    if limits and not any(at == "*" or value < key(kind, at) for at in limits):
        return False

    def place(event):
        return (0,) if event == ("introduced", "0") else (1, key(kind, event[1]))

    vulnerable = False
    for name, at in sorted((e for e in events if e[0] != "limit"), key=place):
        if name == "introduced" and (at == "0" or value >= key(kind, at)):
            vulnerable = True
        elif name == "fixed" and value >= key(kind, at):
            vulnerable = False
        elif name == "last_affected" and value > key(kind, at):
            vulnerable = False
    return vulnerable


def is_listed(kind, version, versions):
    return version in versions or any(key(kind, v) == key(kind, version) for v in versions)


def evaluate(records, ecosystem, name, version):
    kind = "ECOSYSTEM" if ecosystem == "PyPI" else "SEMVER"
    found = set()
    for record in records.get((ecosystem, name), []):
        for affected in record["affected"]:
            if normal(affected["package"]) != (ecosystem, name):
                continue
            if is_listed(kind, version, affected.get("versions", [])) or any(
                    in_range(version, one) for one in affected.get("ranges", [])):
                found.add(record["id"])
    return " ".join(sorted(found))


# ---- questions ----

def normal(package):
    name = package["name"]
    if package["ecosystem"] == "PyPI":
        name = re.sub("[-_.]+", "-", name).lower()
    return package["ecosystem"], name


def read_exports(paths):
    records, names = {}, {}
    for path in paths:
        with zipfile.ZipFile(path) as export:
            for entry in export.namelist():
                record = json.loads(export.read(entry))
                if record.get("withdrawn"):
                    continue
                for affected in record.get("affected", []):
                    package = normal(affected["package"])
                    if record not in records.setdefault(package, []):
                        records[package].append(record)
                    names.setdefault(package, set()).update(mentioned(affected))
    return records, {package: sorted(found) for package, found in names.items()}


def mentioned(affected):
    yield from affected.get("versions", [])
    for one in affected.get("ranges", []):
        if one["type"] != "GIT":
            yield from (at for event in one["events"] for at in event.values())


ENDINGS = {"PyPI": (".dev1", "-0", "a1", ".post2", "rc1"), "Go": ("-rc.1", "-0", "-rc.1.2", "+build")}


def near(version, ecosystem, choose):
    """The version itself, or one that is a little before or after it."""
    parts = version.split(".")
    index = choose.randrange(len(parts))
    if parts[index].isdigit():
        parts[index] = str(max(0, int(parts[index]) + choose.choice((-1, 0, 0, 1))))
    return ".".join(parts) + choose.choice(("",) * 5 + ENDINGS[ecosystem])


def ask(names, choose):
    packages = sorted(names)
    while True:
        ecosystem, name = choose.choice(packages)
        version = near(choose.choice(names[ecosystem, name] or ["1.0.0"]), ecosystem, choose)
        try:
            if key("ECOSYSTEM" if ecosystem == "PyPI" else "SEMVER", version) != LEGACY:
                return ecosystem, name, version
        except ValueError:
            pass  # no version of that ecosystem


def main():
    exports = [EXPORTS / "PyPI-all.zip", EXPORTS / "Go-all.zip"]
    if not all(path.is_file() for path in exports):
        tap.skip("FNWARD_SUITES names no folder with advisories in it")
        tap.end()
    records, names = read_exports(exports)
    choose = random.Random(SEED)
    questions = [ask(names, choose) for _ in range(QUESTIONS)]
    with tempfile.TemporaryDirectory() as directory:
        compiled = pathlib.Path(directory) / "new/advisories"
        done = subprocess.run([FNWARD, "advisories", "import", *exports, "--advisories", compiled],
                              capture_output=True, text=True, check=False, timeout=60)
        tap.same(done.returncode, 0, "the exports are imported")
        print("#", done.stdout.splitlines()[0] if done.stdout else done.stderr)
        asked = "".join("\t".join(question) + "\n" for question in questions)
        got = subprocess.run([TOOL, compiled], input=asked, capture_output=True, text=True,
                             check=True, timeout=60).stdout.splitlines()
        tap.same(len(got), QUESTIONS, "every question is answered")
        before = compiled.read_bytes()
        broken = pathlib.Path(directory) / "broken.zip"
        broken.write_bytes(exports[0].read_bytes()[:100_000])
        failed = subprocess.run([FNWARD, "advisories", "import", broken, "--advisories", compiled],
                                capture_output=True, text=True, check=False, timeout=60)
        tap.same((failed.returncode, compiled.read_bytes() == before), (2, True),
                 "a damaged export is refused and the old file stays")
    expected = [evaluate(records, *question) for question in questions]
    wrong = [(q, g, e) for q, g, e in zip(questions, got, expected, strict=True) if g != e]
    hits = sum(1 for ids in expected if ids)
    tap.check(not wrong, f"{QUESTIONS - len(wrong)} of {QUESTIONS} versions are in the same advisories")
    tap.check(hits > QUESTIONS / 10 and hits < QUESTIONS * 0.95, f"{hits} of them in some")
    for question, ours, theirs in wrong[:10]:
        print(f"#   {question}: {ours!r}, not {theirs!r}")
    tap.end()


main()
