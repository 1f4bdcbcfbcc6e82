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
                 "  fix: 1.3.0 or later (allowed by ^1.0.0: update the lock file)", "  no version is known that fixes it", "  Something.",
                 "3 known flaws in 5 packages: 1 critical, 2 unknown"):
        tap.check(line in done.stdout.splitlines(), f"it says: {line.strip()}")


def as_json(root, db):
    done = run("deps", "--format", "json", "--advisories", db, cwd=root)
    found = json.loads(done.stdout)
    tap.same([f["path"] for f in found["files"]], ["api/requirements.txt", "web/package-lock.json"],
             "what is installed already, links and pipes are passed over")
    tap.same([(f["id"], f.get("score"), f["cwes"]) for f in found["flaws"]],
             [("MAL-1", None, []), ("GHSA-1", 9.8, ["CWE-78"]), ("PYSEC-1", None, [])], "the same as JSON")


def statement(vulnerability, product, status, **more):
    return {"vulnerability": {"name": vulnerability}, "products": [{"@id": product}], "status": status, **more}


ABSENT = "vulnerable_code_not_present"
# What is stated, how many flaws are told and suppressed, and a line that is said.
STATEMENTS = [
    ("an alias and the version", [statement("CVE-2099-1", "pkg:npm/left@1.2.0", "not_affected", justification=ABSENT)],
     2, 1, "  vex.json:1: not affected: vulnerable code not present"),
    ("all versions", [statement("GHSA-1", "pkg:npm/left", "fixed")], 2, 1, "  vex.json:1: fixed"),
    ("a part of the product", [{"vulnerability": "GHSA-1", "status": "fixed", "products": [
        {"@id": "pkg:generic/us", "subcomponents": [{"identifiers": {"purl": "pkg:npm/l%65ft@1.2.0?x=y"}}]}]}], 2, 1,
     "suppressed  left 1.2.0  GHSA-1 (CVE-2099-1)"),
    ("another version", [statement("GHSA-1", "pkg:npm/left@1.1.0", "fixed")], 3, 0,
     "vex.json:1: note: the statement on GHSA-1 fits no flaw that was found"),
    ("no justification", [statement("GHSA-1", "pkg:npm/left", "not_affected")], 3, 0,
     "vex.json:1: warning: the statement on GHSA-1 counts for nothing: it gives no justification that OpenVEX knows"),
    ("a newer statement that it does", [
        statement("GHSA-1", "pkg:npm/left", "affected", timestamp="2099-02-01T00:00:00Z"),
        statement("GHSA-1", "pkg:npm/left", "fixed", timestamp="2099-01-01T00:00:00Z")], 3, 0,
     "3 known flaws in 5 packages: 1 critical, 2 unknown"),
    ("a malicious package", [statement("MAL-1", "pkg:pypi/evil", "fixed")], 3, 0,
     "malicious  evil 6.6.6  MAL-1"),
]


def vex(root, db):
    for name, statements, told, suppressed, line in STATEMENTS:
        (root / "vex.json").write_text(json.dumps({"statements": statements}))
        done = run("deps", "--flaws", "--advisories", db, "--vex", "vex.json", cwd=root)
        said = done.stdout.splitlines()
        tap.check(f"{told} known flaws in 5 packages" in said[-1], f"a statement on {name}: {told} are told")
        tap.same(sum(s.startswith("suppressed") for s in said), suppressed, f"... and {suppressed} suppressed")
        tap.check(line in said, f"... it says: {line.strip()}")
    (root / "vex.json").write_text(json.dumps({"statements": [
        statement("GHSA-1", "pkg:npm/left", "not_affected", justification=ABSENT)]}))
    (root / "web/package-lock.json").write_text(json.dumps(LOCK))
    done = run("deps", "web", "--advisories", db, "--vex", "vex.json", cwd=root)
    tap.same(done.returncode, 0, "when all flaws are suppressed none is found")
    done = run("deps", "web", "--advisories", db, "--vex", "vex.json", "--format", "json", cwd=root)
    tap.same([f["suppressed"] for f in json.loads(done.stdout)["flaws"]],
             [{"line": 1, "status": "not_affected", "justification": ABSENT}], "JSON has the reason")
    done = run("deps", "web", "--advisories", db, "--vex", "vex.json", "--format", "cyclonedx", cwd=root)
    found = json.loads(done.stdout)["vulnerabilities"][0]
    tap.same((found["analysis"]["state"], found["analysis"]["justification"], found["affects"][0]["versions"]),
             ("not_affected", "code_not_present", [{"version": "1.2.0", "status": "unaffected"}]), "CycloneDX has it")
    for text in ("{}", "{", '{"statements":[{"status":"fixed"}]}'):
        (root / "vex.json").write_text(text)
        done = run("deps", "web", "--advisories", db, "--vex", "vex.json", cwd=root)
        tap.check(done.returncode in (2, 3) and "vex.json" in done.stderr, f"what is not OpenVEX is refused: {text}")
    (root / "vex.json").unlink()


# What asks for the flawed package, and what is to be done.
FIXES = [
    ({"dependencies": {"left": "~1.2.0"}}, {}, "(not allowed by ~1.2.0: change the manifest)",
     {"through": 0, "range": "~1.2.0", "allowed": False}),
    ({"dependencies": {"left": "1.x"}}, {}, "(allowed by 1.x: update the lock file)",
     {"through": 0, "range": "1.x", "allowed": True}),
    ({"dependencies": {"left": "latest"}}, {}, "", {"through": 0}),
    ({"dependencies": {"top": "1"}}, {"top": {"left": "<1.3"}}, "(top asks for <1.3: update top)",
     {"through": 1, "range": "<1.3", "allowed": False, "askedBy": 1}),
    ({"dependencies": {"top": "1"}}, {"top": {"inner": "1"}, "inner": {"left": "1.2.0"}},
     "(inner asks for 1.2.0: update top)", {"through": 1, "range": "1.2.0", "allowed": False, "askedBy": 2}),
    ({"dependencies": {"top": "1"}}, {"top": {"left": "^1.1.0"}}, "(allowed by ^1.1.0: update the lock file)",
     {"through": 1, "range": "^1.1.0", "allowed": True, "askedBy": 1}),
    ({"dependencies": {"top": "1"}}, {"top": {"left": "github:a/b"}}, "(it comes with top)", {"through": 1}),
]


def fixes(root, db):
    (root / "fix").mkdir()
    for top, others, words, expected in FIXES:
        packages = {"": top, "node_modules/left": {"version": "1.2.0"}}
        packages |= {f"node_modules/{name}": {"version": "1.0.0", "dependencies": needs} for name, needs in others.items()}
        (root / "fix/package-lock.json").write_text(json.dumps({"lockfileVersion": 3, "packages": packages}))
        done = run("deps", "fix", "--advisories", db, cwd=root)
        tap.check(f"  fix: 1.3.0 or later {words}".rstrip() in done.stdout.splitlines(), f"the fix says '{words}'")
        done = run("deps", "fix", "--advisories", db, "--format", "json", cwd=root)
        tap.same(json.loads(done.stdout)["flaws"][0]["fix"], expected, "... and so does JSON")
    (root / "fix/package-lock.json").unlink()


def installed(root, db):
    for path, text in {
            "in/package-lock.json": json.dumps(LOCK), "in/node_modules/left/package.json": '{"name":"left","version":"1.2.0"}',
            "in/node_modules/left/lib/package.json": '{"name":"part","version":"1.2.0"}',
            "in/node_modules/left/package-lock.json": json.dumps(LOCK),
            "in/node_modules/@s/x/node_modules/left/package.json": '{"name":"left","version":"1.3.0"}',
            "in/node_modules/@s/x/package.json": '{"name":"@s/x","version":"2.0.0"}',
            "in/venv/lib/site-packages/evil-6.6.6.dist-info/METADATA": "Name: Evil\nVersion: 6.6.6\n\nName: no\n",
            "in/venv/lib/site-packages/evil/requirements.txt": "old==1.0\n"}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    done = run("deps", "in", "--advisories", db, "--format", "json", cwd=root)
    tap.same([f["path"] for f in json.loads(done.stdout)["files"]], ["package-lock.json"], "what is installed is left out")
    done = run("deps", "in", "--installed", "--advisories", db, cwd=root)
    for line in ("node_modules/@s/x/node_modules/left/package.json: left 1.3.0", "node_modules/@s/x/package.json: @s/x 2.0.0",
                 "node_modules/left/package.json: left 1.2.0", "package-lock.json: 2 packages (1 direct, 0 for development)",
                 "venv/lib/site-packages/evil-6.6.6.dist-info/METADATA: evil 6.6.6",
                 "  in node_modules/left/package.json:1: left", "3 known flaws in 6 packages: 2 critical, 1 unknown"):
        tap.check(line in done.stdout.splitlines(), f"with --installed: {line.strip()}")
    done = run("deps", "in/node_modules/left", "--advisories", db, cwd=root)
    tap.check("package.json: left 1.2.0" in done.stdout.splitlines(), "a directory in such a tree is looked at as one")


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
        vex(root, db)
        fixes(root, db)
        installed(root, db)
        unknown(root, db)
    tap.end()


main()
