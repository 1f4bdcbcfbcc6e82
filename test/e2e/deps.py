#!/usr/bin/env python3
"""fnward deps: what a project installs, what is known of it, and what is not known."""

import json
import os
import pathlib
import subprocess
import tempfile

import tap

FNWARD = pathlib.Path(os.environ["FNWARD_BUILD"]) / "fnward"

RECORDS = [
    {"id": "GHSA-1", "aliases": ["CVE-2099-1"], "summary": "Command injection in left", "modified": "2099-01-01T00:00:00Z",
     "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
     "database_specific": {"cwe_ids": ["CWE-78"]},
     "affected": [{"package": {"ecosystem": "npm", "name": "left"},
                   "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.3.0"}]}]}]},
    # The same flaw, as another database has it.
    {"id": "CVE-2099-1", "modified": "2099-01-01T00:00:00Z",
     "affected": [{"package": {"ecosystem": "npm", "name": "left"}, "versions": ["1.2.0"]}]},
    {"id": "MAL-1", "summary": "Malicious code in evil", "modified": "2099-01-01T00:00:00Z",
     "affected": [{"package": {"ecosystem": "PyPI", "name": "evil"}, "versions": ["6.6.6"]}]},
    {"id": "PYSEC-1", "details": "Something. More of it.", "modified": "2099-01-01T00:00:00Z",
     "affected": [{"package": {"ecosystem": "PyPI", "name": "old"}, "ranges": [
         {"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]}]},
]
KEV = {"catalogVersion": "1", "vulnerabilities": [{"cveID": "CVE-2099-1", "dateAdded": "2099-02-03"}]}
LOCK = {"lockfileVersion": 3, "packages": {
    "": {"dependencies": {"top": "^1.0.0"}},
    "node_modules/top": {"version": "1.0.0", "integrity": "x", "dependencies": {"left": "^1.0.0"}},
    "node_modules/left": {"version": "1.2.0", "integrity": "x"}}}


def run(*args, cwd):
    return subprocess.run([FNWARD, *args], cwd=cwd, capture_output=True, text=True, check=False, timeout=60)


def project(root):
    (root / "web").mkdir()
    (root / "api").mkdir()
    (root / "web/package-lock.json").write_text(json.dumps(LOCK))
    (root / "api/requirements.txt").write_text("evil==6.6.6\nold==1.0 --hash=sha256:x\nfree>=2\n")
    (root / "web/node_modules/x").mkdir(parents=True)
    (root / "web/node_modules/x/package-lock.json").write_text("{}")
    (root / "link").symlink_to("/etc")
    os.mkfifo(root / "poetry.lock.fifo")


def advisories(root):
    for record in RECORDS:
        (root / f"{record['id']}.json").write_text(json.dumps(record))
    (root / "kev.json").write_text(json.dumps(KEV))
    files = [f"{record['id']}.json" for record in RECORDS] + ["kev.json"]
    done = run("advisories", "import", *files, "--advisories", "db", cwd=root)
    tap.same(done.returncode, 0, "records and a catalogue are imported")
    return root / "db"


def flaws(root, db):
    done = run("deps", "--flaws", "--advisories", db, cwd=root)
    tap.same(done.returncode, 1, "flaws are found")
    heads = [line for line in done.stdout.splitlines() if line.startswith(("malicious", "critical", "unknown"))]
    tap.same(heads, ["malicious  evil 6.6.6  MAL-1", "critical 9.8  left 1.2.0  GHSA-1 (CVE-2099-1)",
                     "unknown  old 1.0  PYSEC-1"],
             "malicious packages come first, then what is exploited; a flaw of two databases is one")
    for line in ("  known to be exploited since 2099-02-03", "  in web/package-lock.json:1: top > left",
                 "  fix: 1.3.0 or later", "  no version is known that fixes it", "  Something.",
                 "3 known flaws in 5 packages: 1 critical, 2 unknown"):
        tap.check(line in done.stdout.splitlines(), f"it says: {line.strip()}")


def as_json(root, db):
    done = run("deps", "--format", "json", "--advisories", db, cwd=root)
    found = json.loads(done.stdout)
    tap.same([f["path"] for f in found["files"]], ["api/requirements.txt", "web/package-lock.json"],
             "what is installed already, links and pipes are passed over")
    tap.same([(f["id"], f.get("score"), f["cwes"]) for f in found["flaws"]],
             [("MAL-1", None, []), ("GHSA-1", 9.8, ["CWE-78"]), ("PYSEC-1", None, [])], "the same as JSON")


def unknown(root, db):
    (root / "new").mkdir()
    (root / "new/package.json").write_text("{}")
    (root / "new/Cargo.lock").write_text("[[package]\n")
    done = run("deps", "new", "--advisories", db, cwd=root)
    tap.same(done.returncode, 3, "what can't be read is not clean")
    tap.check("Cargo.lock:1:10: error:" in done.stdout, "... and is told with its place")
    (root / "new/Cargo.lock").unlink()
    done = run("deps", "new", "--advisories", db, cwd=root)
    tap.same(done.returncode, 3, "a manifest without a lock file is not clean")
    tap.check("new/package.json" in done.stdout or "package.json: warning" in done.stdout, "... and is named")
    done = run("deps", "web", "--advisories", root / "absent", cwd=root)
    tap.same(done.returncode, 3, "advisories that are named and not there are an error")


def main():
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory)
        project(root)
        db = advisories(root)
        for path in root.glob("*.json"):
            path.unlink()
        flaws(root, db)
        as_json(root, db)
        unknown(root, db)
    tap.end()


main()
