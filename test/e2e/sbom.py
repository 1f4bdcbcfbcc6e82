#!/usr/bin/env python3
"""Bills of materials: CycloneDX against its published schema by our own validator, both against the lock file."""

import base64
import json
import os
import pathlib
import subprocess
import tempfile

import tap

BUILD = pathlib.Path(os.environ["FNWARD_BUILD"])
LOCK = pathlib.Path(os.environ["FNWARD_SOURCE"]) / "test/e2e/package-lock.json"
SCHEMAS = BUILD / "npm/node_modules/@cyclonedx/cyclonedx-library/res/schema"
KINDS = ("dependencies", "optionalDependencies", "peerDependencies")
EPOCH = "1767225600"  # 2026-01-01

RECORDS = [
    {"id": "GHSA-1", "aliases": ["CVE-2099-1"], "modified": "2099-01-02T00:00:00Z", "published": "2099-01-01T00:00:00Z",
     "summary": 'Quotes " and\nlines', "database_specific": {"cwe_ids": ["CWE-78", "CWE-x"]},
     "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},
                  {"type": "CVSS_V4", "score": "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"}],
     "affected": [{"package": {"ecosystem": "npm", "name": name},
                   "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "99.0.0"}]}]}
                  for name in ("ajv", "tslib")]},
    {"id": "MAL-1", "modified": "2099-01-01T00:00:00Z",
     "affected": [{"package": {"ecosystem": "npm", "name": "bowser"},
                   "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}]}]},
]


def fnward(*args, cwd, **more):
    return subprocess.run([BUILD / "fnward", *args], cwd=cwd, capture_output=True, check=False, timeout=60,
                          env={"PATH": "/usr/bin:/bin", "HOME": str(cwd), **more})


def project(root):
    """Two copies of one lock file: what both name is one component."""
    for part in ("shop/a", "shop/b"):
        (root / part).mkdir(parents=True)
        (root / part / "package-lock.json").write_bytes(LOCK.read_bytes())
    for record in RECORDS:
        (root / f"{record['id']}.json").write_text(json.dumps(record))
    done = fnward("advisories", "import", *[f"{r['id']}.json" for r in RECORDS], "--advisories", "db", cwd=root)
    tap.same(done.returncode, 0, "advisories are imported")


def bill(root, form, **more):
    done = fnward("deps", "shop", "--format", form, "--advisories", "db", cwd=root, **more)
    tap.same((done.returncode, done.stderr), (1, b""), f"a bill of materials in {form}, and flaws are found")
    return done.stdout


def purl(path, package):
    name = package.get("name", path.rpartition("node_modules/")[2])
    return f"pkg:npm/{name.replace('@', '%40')}@{package['version']}"


def packages():
    """The lock file as this test reads it: by path, without the project itself."""
    listed = json.loads(LOCK.read_text())["packages"]
    return {path: package for path, package in listed.items() if path}, listed[""]


def needs(path, package):
    """Node's way from a package to each that it asks for."""
    listed, _ = packages()
    for name in {name for kind in KINDS for name in package.get(kind, {})}:
        place = path
        while place and f"{place}/node_modules/{name}" not in listed:
            place = place.rpartition("/node_modules/")[0]
        found = f"{place}/node_modules/{name}" if place else f"node_modules/{name}"
        if found in listed:
            yield purl(found, listed[found])


def graph():
    listed, top = packages()
    drawn = {purl(path, package): sorted(set(needs(path, package))) for path, package in listed.items()}
    return drawn, sorted(set(needs("", top)))


def sha512(package):
    return base64.b64decode(package["integrity"].removeprefix("sha512-")).hex()


def schema(root, text):
    if not SCHEMAS.exists():
        tap.skip(f"the schema of CycloneDX is not there: test/e2e/install.sh {BUILD}")
        return
    reach = f"http://cyclonedx.org/schema/={SCHEMAS}"
    published = SCHEMAS / "bom-1.6.SNAPSHOT.schema.json"
    (root / "bom.json").write_bytes(text)
    done = fnward("validate", published, "bom.json", "--schema-dir", reach, cwd=root)
    tap.same((done.returncode, done.stdout), (0, b"1 document: 1 valid\n"), "CycloneDX's own schema takes it")
    wrong = json.loads(text)
    wrong["components"][0]["scope"] = "sometimes"
    (root / "bom.json").write_text(json.dumps(wrong))
    done = fnward("validate", published, "bom.json", "--schema-dir", reach, cwd=root)
    tap.same(done.returncode, 1, "... and would not take another scope")


def cyclonedx(root):
    text = bill(root, "cyclonedx")
    tap.same(bill(root, "cyclonedx"), text, "the same project gives the same text")
    schema(root, text)
    found = json.loads(text)
    drawn, top = graph()
    tap.same({c["purl"] for c in found["components"]}, set(drawn), "each package is one component")
    tap.same(len(found["components"]), len(drawn), "... and only one")
    hashes = {c["purl"]: c["hashes"] for c in found["components"]}
    tap.same(hashes, {purl(path, p): [{"alg": "SHA-512", "content": sha512(p)}] for path, p in packages()[0].items()},
             "... with the hash that the lock file has")
    needed = {d["ref"]: sorted(d["dependsOn"]) for d in found["dependencies"]}
    tap.same(needed.pop("project"), top, "the project needs what its manifest says")
    tap.same(needed, drawn, "... and each package what Node would find for it")
    tap.same({o["location"] for c in found["components"] for o in c["evidence"]["occurrences"]},
             {"a/package-lock.json", "b/package-lock.json"}, "each says where it stands")
    vulnerabilities(found)
    dated = json.loads(bill(root, "cyclonedx", SOURCE_DATE_EPOCH=EPOCH))
    tap.same(dated["metadata"].pop("timestamp"), "2026-01-01T00:00:00Z", "SOURCE_DATE_EPOCH dates it")
    tap.same(dated, found, "... and changes nothing else")
    done = fnward("deps", "shop", "--format", "cyclonedx", cwd=root, SOURCE_DATE_EPOCH="soon")
    tap.same(done.returncode, 2, "what is no date is refused")


def vulnerabilities(found):
    first, second = found["vulnerabilities"]
    tap.same((first["id"], second["id"]), ("GHSA-1", "MAL-1"), "flaws are in the order of their ids")
    tap.same([(r["method"], r["score"], r["severity"]) for r in first["ratings"]],
             [("CVSSv4", 9.3, "critical"), ("CVSSv31", 9.8, "critical")], "each vector is a rating")
    tap.same([r["id"] for r in first["references"]], ["CVE-2099-1"], "aliases are references")
    tap.same(first["cwes"], [78], "weaknesses are numbers; what is none is left out")
    refs = {c["bom-ref"].rpartition("@")[0]: c["bom-ref"] for c in found["components"]}
    tap.same(sorted(a["ref"] for a in first["affects"]), [refs["pkg:npm/ajv"], refs["pkg:npm/tslib"]],
             "one flaw affects several components, each once")
    tap.same(first["recommendation"], "Update to 99.0.0 or later.", "it says what to do")
    tap.check("Remove" in second["recommendation"], "... and of a malicious package to remove it")


def spdx(root):
    text = bill(root, "spdx", SOURCE_DATE_EPOCH=EPOCH)
    tap.same(bill(root, "spdx", SOURCE_DATE_EPOCH=EPOCH), text, "the same project gives the same text")
    found = json.loads(text)
    for name, value in (("spdxVersion", "SPDX-2.3"), ("dataLicense", "CC0-1.0"), ("SPDXID", "SPDXRef-DOCUMENT"),
                        ("name", "shop")):
        tap.same(found[name], value, f"{name} is {value}")
    tap.same(found["creationInfo"]["created"], "2026-01-01T00:00:00Z", "it has its date")
    names = {p["SPDXID"]: p["externalRefs"][0]["referenceLocator"] for p in found["packages"] if "externalRefs" in p}
    drawn, top = graph()
    tap.same(sorted(names.values()), sorted(drawn), "each package is one package")
    names["SPDXRef-Project"] = "project"
    edges = {(names[r["spdxElementId"]], names[r["relatedSpdxElement"]]) for r in found["relationships"]
             if r["relationshipType"] == "DEPENDS_ON"}
    tap.same(edges, {(by, to) for by, all_of in (drawn | {"project": top}).items() for to in all_of},
             "who needs whom is the same")
    tap.check({"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
               "relatedSpdxElement": "SPDXRef-Project"} in found["relationships"], "the document describes the project")


def main():
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory)
        project(root)
        cyclonedx(root)
        spdx(root)
    tap.end()


main()
