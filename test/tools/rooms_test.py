"""rooms.py itself: each kind of fault, planted in a small tree, must be found, and nothing else."""

import os
import pathlib
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["FNWARD_SOURCE"])
sys.path.insert(0, str(SOURCE / "test" / "e2e"))

import tap  # noqa: E402

TREE = {
    "src/meson.build": "foreach room : [\n  'base',\n  # formats: x\n  'json', 'yaml',\n"
                       "  # engines: y\n  'seal', 'watch',\n  # above\n  'run', 'cmd',\n  ]\n",
    "src/base/base.h": "void base_clock(void);\n",
    "src/json/json.h": '#include "base/base.h"\n',
    "src/yaml/yaml.c": '#include "json/json.h"\n#include <yaml.h>\n',
    "src/seal/seal.c": '#include "seal/inside.h"\n#include "json/json.h"\n',
    "src/seal/inside.h": '/* never exit(1), printf("x") or time(NULL) here */\n',
    "src/watch/watch.c": 'int time; const char *a = "puts(b)"; int b(void) { return a->time(1); }\n',
    "src/run/run.c": '#include "seal/seal.h"\n#include "watch/watch.h"\n',
    "src/cmd/cmd.c": '#include "run/run.h"\nvoid x(void) { printf("x"); exit(0); }\n',
    "src/main.c": '#include "cmd/cmd.h"\n',
}

# Path, contents, and what the one complaint must say. None: no complaint.
FAULTS = [
    ("src/watch/watch.h", "", None),
    ("src/base/up.c", '#include "json/json.h"\n', "up.c:1: 'base' may not include 'json/json.h'"),
    ("src/watch/side.c", '\n#include "seal/seal.h"\n', "side.c:2: 'watch' may not include 'seal/seal.h'"),
    ("src/seal/side.c", '#include "watch/watch.h"\n', "'seal' may not include"),
    ("src/json/side.c", '# include "yaml/yaml.h"\n', "'json' may not include"),
    ("src/run/up.c", '#include "cmd/cmd.h"\n', "'run' may not include"),
    ("src/json/up.c", '#include "../base/base.h"\n', "does not name its room"),
    ("src/run/private.c", '#include "seal/inside.h"\n', "'seal/inside.h' is private to 'seal'"),
    ("src/seal/library.c", "#include <yaml.h>\n", "<yaml.h> belongs to yaml"),
    ("src/watch/library.c", "#include <openssl/evp.h>\n", "<openssl/evp.h> belongs to"),
    ("src/run/print.c", 'void p(void)\n{\n    printf("x");\n}\n', "print.c:3: 'printf' does not"),
    ("src/seal/print.c", "void *p = stderr;\n", "'stderr' does not belong here"),
    ("src/run/leave.c", "void p(void) { exit(1); }\n", "'exit' does not belong here"),
    ("src/watch/clock.c", "long p(void) { return time (0); }\n", "'time' does not belong here"),
    ("src/json/env.c", 'char *p = getenv("X");\n', "'getenv' does not belong here"),
    ("src/seal/child.c", "void p(void) { _exit(1); }\n", None),
    ("src/lost/lost.c", "\n", "src/lost: not listed in src/meson.build"),
]


def write(root, path, text):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def complaints(root):
    done = subprocess.run([sys.executable, SOURCE / "tools" / "rooms.py", root],
                          stdout=subprocess.PIPE, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("#   ")]
    tap.check((done.returncode != 0) == bool(lines), "the exit status says the same")
    return lines


def main():
    for path, text, complaint in FAULTS:
        with tempfile.TemporaryDirectory() as directory:
            root = pathlib.Path(directory)
            for file, content in TREE.items():
                write(root, file, content)
            write(root, path, text)
            found = complaints(root)
            if complaint is None:
                tap.same(found, [], f"{path} is no fault")
            else:
                tap.check(len(found) >= 1 and all(complaint in line or path in line
                                                  for line in found)
                          and any(complaint in line for line in found),
                          f"{path}: {complaint}")
    tap.end()


main()
