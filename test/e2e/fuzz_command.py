"""fuzz_command: 'fnward fuzz' finds what was planted in a function, and tells how to repeat it."""

import json
import re
import shlex
import signal
import subprocess

import tap
from server import FNWARD, PATIENCE, Project, until

SECRET = "k3y-that-opens-the-till"
CONTRACT = """
version: 1
functions:
  planted:
    code: code
    runtime: nodejs
    handler: app.handler
    on:
      - invoke:
          type: object
          required: [name, count]
          additionalProperties: false
          properties:
            name: {type: string, maxLength: 40}
            count: {type: integer, minimum: 0, maximum: 1000}
            note: {type: string, maxLength: 20}
            tags: {type: array, items: {type: string, pattern: "^[a-z]{1,8}$"}, maxItems: 3}
            code: {type: string, pattern: "^[A-Z]{2}[0-9]{2}$"}
    secrets: [TILL_KEY]
    env: {STAGE: production-eu}
    limits: {timeout: 300ms, body: 32KB}
    returns: {type: object}
  sound:
    code: code
    runtime: nodejs
    handler: app.sound
    on:
      - http: POST /orders/{id}
        body: {type: object, properties: {sku: {type: string, pattern: "^[A-Z]{3}$"}}, required: [sku],
               additionalProperties: false}
        params: {type: object, properties: {id: {type: integer, minimum: 1}}, additionalProperties: false}
        query: {type: object, properties: {dry: {type: boolean}}, additionalProperties: false}
      - sqs: &job {type: object, properties: {job: {type: integer}}, required: [job], additionalProperties: false}
      - sns: *job
      - kinesis: *job
      - eventbridge: *job
      - schedule: *job
      - cloudevent: POST /events
        data: *job
    limits: {timeout: 5s, rate: 1/s}
  unmade:
    code: code
    runtime: nodejs
    handler: app.sound
    on: [s3: {}]
"""
CODE = """
const { execSync } = require("node:child_process");
exports.handler = async (event) => {
  if (event.name === "") process.exit(3);
  if (event.name.includes(";")) try { execSync("id"); } catch {}
  if (event.count === 1000) for (;;);
  if (event.tags && event.tags.length === 3) return { all: process.env };
  if (event.note && event.note.includes("'")) return event.nothing.there;
  if (event.code && event.count === 0) return [];
  return {};
};
exports.sound = async (event) => (event.requestContext ? { statusCode: 200, body: "{}" } : {});
"""


def fuzz(project, *arguments):
    got = project.run("fuzz", *arguments, "--format", "json", timeout=170)
    try:
        return got.returncode, json.loads(got.stdout), got.stderr.decode()
    except ValueError:
        return got.returncode, None, got.stderr.decode()


def seal(project):
    project.run("seal", "keygen")
    sealed = project.run("seal", "set", "TILL_KEY", stdin=SECRET.encode())
    tap.same(sealed.returncode, 0, "a secret is sealed")


def planted(project):
    code, told, said = fuzz(project, "planted", "--seed", "7", "--runs", "400", "--trigger", "invoke")
    if not told:
        tap.check(False, f"it runs: {code} {said}")
        return
    tap.same((code, told["complete"], told["events"]), (1, True, 400), "findings are exit code 1")
    found = {(f["kind"], f["what"]): json.loads(f["document"]) for f in told["findings"]}
    crash = found.get(("crash", "Runtime exited with error: exit status 3"), {})
    tap.same(crash.get("name"), "", "a crash by an empty string")
    denial = next((d for (kind, what), d in found.items() if kind == "denial" and "/sh" in what), {})
    tap.same(denial.get("name"), ";", "a program that a character starts, which the cage refused")
    tap.same(found.get(("timeout", "no answer within limits.timeout"), {}).get("count"), 1000, "an endless loop by a number")
    leak = found.get(("leak", "secret TILL_KEY in the answer"), {})
    tap.same(len(leak.get("tags", [])), 3, "a secret in an answer")
    tap.check(("leak", "variable STAGE in the answer") in found, "... and a variable")
    error = next((d for (kind, what), d in found.items() if kind == "error" and "TypeError at app.js" in what), {})
    tap.same(error.get("note"), "'", f"an error that nobody catches, by its place: {sorted(found)}")
    tap.check(any(kind == "breach" for kind, _ in found), "a result that is not what 'returns' says")
    tap.check(all(set(d) <= {"name", "count", "note", "tags", "code"} and len(json.dumps(d)) < 90 for d in found.values()),
              f"every event is small: {max(found.values(), key=lambda d: len(json.dumps(d)))}")
    tap.check(SECRET not in json.dumps(told), "the secret itself is never told")
    hints = {h["where"]: h["kinds"] for h in told["hints"]}
    tap.check("SQL" in hints.get("/name", "") and "/code" not in hints and "/tags/*" not in hints,
              f"hints name what the schema lets through, not what a pattern holds: {hints}")
    repeat(project, told)
    again = fuzz(project, "planted", "--seed", "7", "--runs", "60")[1]
    once_more = fuzz(project, "planted", "--seed", "7", "--runs", "60")[1]
    same = [[(f["kind"], f["what"], f["first"]) for f in t["findings"] if f["kind"] != "slow"] for t in (again, once_more)]
    tap.same(same[0], same[1], "a seed finds the same again")


def repeat(project, told):
    crash = next(f for f in told["findings"] if f["kind"] == "crash")
    command = shlex.split(crash["command"])
    got = subprocess.run([FNWARD, *command[1:]], cwd=project.directory, env=project.env, capture_output=True, check=False)
    tap.check(got.returncode == 1 and b"exit status 3" in got.stdout, f"the command repeats it: {crash['command']}")
    mode = (project.directory / crash["file"]).stat().st_mode & 0o777
    tap.same(mode, 0o600, "its event is nobody else's to read")


def sound(project):
    code, told, said = fuzz(project, "sound", "--seed", "3", "--runs", "300")
    tap.same((code, told and told["findings"], told and told["complete"]), (0, [], True),
             f"a sound function has no findings, by seven triggers and past its rate {said}")
    triggers = {r["faas.trigger"] for r in map(json.loads, (project.directory / ".fnward/fuzz/ledger.jsonl").open())
                if r.get("kind") == "invocation" and r["faas.name"] == "sound"}
    tap.same(triggers, {"http", "sqs", "sns", "kinesis", "eventbridge", "schedule", "cloudevent"}, "... each was tried")
    tap.check(told["reached"] > 150, f"... and most valid events arrived: {told['reached']}")
    tap.check(not (project.directory / ".fnward/ledger.jsonl").exists() or
              "sound" not in (project.directory / ".fnward/ledger.jsonl").read_text(),
              "the records of a run stand apart")
    code, told, _ = fuzz(project, "sound", "--seed", "3", "--runs", "20", "--trigger", "POST /orders/{id}")
    tap.same((code, told["events"]), (0, 20), "one route alone")
    code, told, _ = fuzz(project, "sound", "--seconds", "1")
    tap.check(code == 0 and told["events"] > 20, f"for a second: {told['events']} events")


def wrong(project):
    rows = [
        (["nobody"], 2, "has no function"),
        ([], 2, "name one function"),
        (["sound", "--trigger", "s3"], 2, "has no trigger"),
        (["unmade"], 2, "no events can be made"),
        (["sound", "--runs", "many"], 2, "--runs takes a number"),
    ]
    for arguments, code, words in rows:
        got = project.run("fuzz", *arguments)
        tap.check(got.returncode == code and words.encode() in got.stderr,
                  f"fuzz {' '.join(arguments)}: {code}, {words} ({got.returncode} {got.stderr.decode().strip()[:120]})")
    got = project.run("fuzz", "sound", "--seed", "1", "--runs", "5").stdout.decode()
    tap.check(re.search(r"5 events with seed 1 .*\n\d reached 'sound'", got), f"people are told as well: {got!r}")


def interrupted(project):
    running = subprocess.Popen([FNWARD, "fuzz", "sound", "--seconds", "60"], cwd=project.directory, env=project.env,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    ledger = project.directory / ".fnward/fuzz/ledger.jsonl"
    before = ledger.stat().st_size
    until(lambda: ledger.stat().st_size > before + 5000)
    running.send_signal(signal.SIGINT)
    out, said = running.communicate(timeout=PATIENCE)
    tap.check(running.returncode == 3 and b"interrupted" in said and b"events with seed" in out,
              f"an interrupted run tells what it has, and is not clean ({running.returncode} {said})")


with Project(CONTRACT, {"code/app.js": CODE}) as project:
    seal(project)
    planted(project)
    sound(project)
    wrong(project)
    interrupted(project)
tap.end()
