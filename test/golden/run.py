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
is split as a shell would. The program runs in a copy of the directory NAME/, or in an empty one, with
a small environment of its own. --rewrite writes into the cases what was printed; look at the difference before you keep it.
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


def run(program, case, args):
    with tempfile.TemporaryDirectory() as directory:
        if case.with_suffix("").is_dir():
            shutil.copytree(case.with_suffix(""), directory, dirs_exist_ok=True)
        done = subprocess.run([program, *shlex.split(args)], cwd=directory, check=False,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                              env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": directory})
    return (f"args: {args}".rstrip() + f"\nexit: {done.returncode}\n"
            + section("stdout", done.stdout.decode("utf-8", "backslashreplace"))
            + section("stderr", done.stderr.decode("utf-8", "backslashreplace")))


def args_of(case):
    first = case.read_text().split("\n", 1)[0]
    if not first.startswith("args: ") and first != "args:":
        sys.exit(f"{case}:1: a case begins with 'args: ...'")
    return first[len("args: "):]


def main():
    words = [word for word in sys.argv[1:] if word != "--rewrite"]
    rewrite = len(words) != len(sys.argv) - 1
    if not words:
        sys.exit(__doc__)
    program, failed = pathlib.Path(words[0]).resolve(), 0
    names = words[1:] or sorted(case.stem for case in HERE.glob("*.cmd"))
    for number, name in enumerate(names, 1):
        case = HERE / f"{name}.cmd"
        expected, got = case.read_text(), run(program, case, args_of(case))
        if rewrite and got != expected:
            case.write_text(got)
            print(f"# rewritten: {name}")
            expected = got
        failed += got != expected
        print(f"{'ok' if got == expected else 'not ok'} {number} - fnward {args_of(case)}")
        for line in difflib.unified_diff(expected.splitlines(), got.splitlines(), "expected",
                                         "got", lineterm=""):
            print(f"#   {line}")
    print(f"1..{len(names)}")
    return 1 if failed or not names else 0


if __name__ == "__main__":
    sys.exit(main())
