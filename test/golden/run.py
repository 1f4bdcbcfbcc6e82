#!/usr/bin/env python3
"""Runs every case of this directory and compares what it prints, byte for byte; prints TAP.

Usage: run.py PROGRAM [--rewrite] [NAME...]

A case is a file NAME.cmd:

    args: help logs
    exit: 0
    stdout:
    | one line of what is printed, behind a bar
    stderr:

A section whose last line has no newline at its end is called `stdout without newline:`. `args`
is split as a shell would. The program runs in a copy of the directory NAME/, or of the one that a second
line `in: DIRECTORY` names, or in an empty one, with a small environment of its own; a line `stdin: FILE`
gives it a file of that directory to read. What is printed of the directory's own path is /directory. --rewrite writes into the cases what was printed; look at the difference before you keep it.
"""

import difflib
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
NO_NEWLINE = " without newline"


def section(name, text):
    """One stream: every line behind a bar, so that blank ends of the file cannot get lost."""
    if not text:
        return f"{name}:\n"
    lines, mark = text.split("\n"), NO_NEWLINE
    if not lines[-1]:
        lines, mark = lines[:-1], ""
    return f"{name}{mark}:\n" + "".join(f"| {line}\n" if line else "|\n" for line in lines)


def run(program, case, head):
    with tempfile.TemporaryDirectory() as directory:
        source = HERE / head.get("in", case.stem)
        if source.is_dir():
            shutil.copytree(source, directory, dirs_exist_ok=True)
        given = pathlib.Path(directory, head["stdin"]).read_bytes() if "stdin" in head else b""
        done = subprocess.run([program, *shlex.split(head["args"])], cwd=directory, check=False,
                              input=given, capture_output=True, timeout=60,
                              env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": directory})
    # Where it ran is another place each time.
    out, errors = (text.decode("utf-8", "backslashreplace").replace(directory, "/directory")
                   for text in (done.stdout, done.stderr))
    return ("".join(f"{key}: {value}".rstrip() + "\n" for key, value in head.items())
            + f"exit: {done.returncode}\n"
            + section("stdout", out)
            + section("stderr", errors))


def head_of(case):
    head = {}
    for line in case.read_text().splitlines():
        key, _, value = line.partition(":")
        if key not in ("args", "in", "stdin"):
            break
        head[key] = value.strip()
    if next(iter(head), None) != "args":
        sys.exit(f"{case}:1: a case begins with 'args: ...'")
    return head


def main():
    words = [word for word in sys.argv[1:] if word != "--rewrite"]
    rewrite = len(words) != len(sys.argv) - 1
    if not words:
        sys.exit(__doc__)
    program, failed = pathlib.Path(words[0]).resolve(), 0
    names = words[1:] or sorted(case.stem for case in HERE.glob("*.cmd"))
    for number, name in enumerate(names, 1):
        case = HERE / f"{name}.cmd"
        head = head_of(case)
        expected, got = case.read_text(), run(program, case, head)
        if rewrite and got != expected:
            case.write_text(got)
            print(f"# rewritten: {name}")
            expected = got
        failed += got != expected
        print(f"{'ok' if got == expected else 'not ok'} {number} - fnward {head['args']}")
        for line in difflib.unified_diff(expected.splitlines(), got.splitlines(), "expected",
                                         "got", lineterm=""):
            print(f"#   {line}")
    print(f"1..{len(names)}")
    return 1 if failed or not names else 0


if __name__ == "__main__":
    sys.exit(main())
