"""golden/run.py itself: it tells equal from different, to the last byte, and rewrites on request."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["FNWARD_SOURCE"])
sys.path.insert(0, str(SOURCE / "test" / "e2e"))

import tap  # noqa: E402

# A program (shell), a case, and whether they agree.
ROWS = [
    ("echo a; echo b >&2; exit 3", "args: x\nexit: 3\nstdout:\n| a\nstderr:\n| b\n", True),
    ("echo a", "args:\nexit: 0\nstdout:\n| a\nstderr:\n", True),
    ("echo a", "args:\nexit: 1\nstdout:\n| a\nstderr:\n", False),
    ("echo a", "args:\nexit: 0\nstdout:\n| a \nstderr:\n", False),
    ("echo; echo a; echo", "args:\nexit: 0\nstdout:\n|\n| a\n|\nstderr:\n", True),
    ("printf a", "args:\nexit: 0\nstdout:\n| a\nstderr:\n", False),
    ("printf a", "args:\nexit: 0\nstdout without newline:\n| a\nstderr:\n", True),
    ('echo "$2"', "args: x 'y z'\nexit: 0\nstdout:\n| y z\nstderr:\n", True),
    ("cat file", "args:\nexit: 0\nstdout:\n| from the directory of the case\nstderr:\n", True),
    ("cat file", "args:\nin: other\nexit: 0\nstdout:\n| from another\nstderr:\n", True),
    ("cat", "args:\nstdin: file\nexit: 0\nstdout:\n| from the directory of the case\nstderr:\n",
     True),
    ("pwd", "args:\nexit: 0\nstdout:\n| /directory\nstderr:\n", True),
    ("cat", "args:\nexit: 0\nstdout:\nstderr:\n", True),
    ('echo "$LANG$FNWARD_SOURCE"', "args:\nexit: 0\nstdout:\n|\nstderr:\n", True),
]


def main():
    with tempfile.TemporaryDirectory() as directory:
        root = pathlib.Path(directory)
        shutil.copy(SOURCE / "test" / "golden" / "run.py", root)
        program, case = root / "program", root / "case.cmd"
        (root / "case").mkdir()
        (root / "case" / "file").write_text("from the directory of the case\n")
        (root / "other").mkdir()
        (root / "other" / "file").write_text("from another\n")
        runner = [sys.executable, root / "run.py", program]
        for script, text, agree in ROWS:
            program.write_text(f"#!/bin/sh\n{script}\n")
            program.chmod(0o755)
            case.write_text(text)
            done = subprocess.run(runner, stdout=subprocess.DEVNULL, check=False)
            tap.same(done.returncode, 0 if agree else 1, f"{script!r} against {text!r}")
        case.write_text("args: x\n")
        subprocess.run([*runner, "--rewrite"], stdout=subprocess.DEVNULL, check=False)
        tap.same(case.read_text(), "args: x\nexit: 0\nstdout:\n|\nstderr:\n", "a case is rewritten")
        case.unlink()
        tap.check(subprocess.run(runner, stdout=subprocess.DEVNULL, check=False).returncode == 1,
                  "no case at all is a failure")
    tap.end()


main()
