#!/usr/bin/env python3
"""Checks that the rooms of src/ stand as they were drawn (DESIGN section 4); prints TAP.

Usage: rooms.py [SOURCE]: the source tree, by default the one that this file stands in.

The order and the groups of the rooms are read from src/meson.build. A room may include what
stands above it there; engines may not include one another. A few words and headers are kept
to the rooms that they belong to.
"""

import pathlib
import re
import sys

ENGINES = "engines"  # how the comment above their group begins

# Headers of libraries, by how their names begin, and the rooms that may know them.
LIBRARIES = {
    "yaml.h": {"yaml"},
    "seccomp.h": {"cage"},
    "unicase.h": {"clean", "format"},
    "unictype.h": {"clean", "format"},
    "uninorm.h": {"clean", "format"},
    "unistr.h": {"format"},
    "idn2.h": {"clean"},
    "zip.h": {"archive"},
    "expat.h": {"lockfile"},
    "openssl/": {"age", "advisory", "event", "seal", "redact", "run"},
    "zlib.h": {"event"},
}

# Words (as identifiers) and where alone they may stand.
PRINTING = {"printf", "fprintf", "vprintf", "vfprintf", "dprintf", "puts", "fputs", "putchar",
            "perror", "stdout", "stderr", "exit"}
OUTSIDE = {"getenv", "secure_getenv", "time", "clock_gettime", "gettimeofday",
           "clock_wall_ms", "exit"}
# `time` alone is a common name of a member or variable: only the call counts.
CALLS = PRINTING - {"stdout", "stderr"} | OUTSIDE

TOKENS = re.compile(r"""/\*.*?\*/ | //[^\n]* | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'""",
                    re.DOTALL | re.VERBOSE)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


class Rooms:
    """The rooms in their order, and which of them are engines."""

    def __init__(self, source):
        text = (source / "src" / "meson.build").read_text()
        listing = re.search(r"foreach room : \[(.*?)\]", text, re.DOTALL).group(1)
        self.order, self.engines, group = [], set(), ""
        for line in listing.splitlines():
            line = line.strip()
            if line.startswith("#"):
                group = line.lstrip("# ")
            for room in re.findall(r"'(\w+)'", line):
                self.order.append(room)
                if group.startswith(ENGINES):
                    self.engines.add(room)

    def may_include(self, user, used):
        if user == used:
            return True
        if used not in self.order or user not in self.order:
            return False
        if user in self.engines and used in self.engines:
            return False
        return self.order.index(used) < self.order.index(user)


def blank(match):
    """What stands in a comment or string is no code; lines keep their numbers."""
    return re.sub(r"[^\n]", " ", match.group(0))


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def room_of(source, path):
    parts = path.relative_to(source / "src").parts
    return parts[0] if len(parts) > 1 else "main.c"


def sources(source):
    return sorted(p for p in (source / "src").rglob("*") if p.suffix in (".c", ".h"))


def check_listed(source, rooms):
    """every room is listed in src/meson.build, and every listed room exists"""
    on_disk = {p.name for p in (source / "src").iterdir() if p.is_dir()}
    for room in sorted(on_disk ^ set(rooms.order)):
        yield f"src/{room}: " + ("not listed in src/meson.build" if room in on_disk
                                 else "listed, but there is no such room")


def check_includes(source, rooms):
    """a room includes only rooms above it, and engines not one another"""
    for path in sources(source):
        room, text = room_of(source, path), path.read_text()
        for match in INCLUDE.finditer(text):
            used = match.group(2).split("/")[0]
            if match.group(1) == "<" or room == "main.c":
                continue
            if "/" not in match.group(2) or ".." in match.group(2):
                yield (f"{path.relative_to(source)}:{line_of(text, match.start())}: "
                       f"'{match.group(2)}' does not name its room: write \"{room}/...\"")
            elif not rooms.may_include(room, used):
                yield (f"{path.relative_to(source)}:{line_of(text, match.start())}: "
                       f"'{room}' may not include '{match.group(2)}'")


def check_private_headers(source, rooms):
    """a room's other headers are its own: from outside only room/room.h is included"""
    for path in sources(source):
        room, text = room_of(source, path), path.read_text()
        for match in INCLUDE.finditer(text):
            used, _, header = match.group(2).partition("/")
            if match.group(1) == "<" or used == room or used not in rooms.order:
                continue
            if header != used + ".h":
                yield (f"{path.relative_to(source)}:{line_of(text, match.start())}: "
                       f"'{match.group(2)}' is private to '{used}'")


def check_libraries(source, rooms):
    """only the room that a library belongs to knows its headers"""
    for path in sources(source):
        room, text = room_of(source, path), path.read_text()
        for match in INCLUDE.finditer(text):
            for begin, owners in LIBRARIES.items():
                if (match.group(1) == "<" and match.group(2).startswith(begin)
                        and room not in owners):
                    yield (f"{path.relative_to(source)}:{line_of(text, match.start())}: "
                           f"<{match.group(2)}> belongs to {', '.join(sorted(owners))}")


def find_words(source, words, is_free):
    for path in sources(source):
        if is_free(room_of(source, path)):
            continue
        code = TOKENS.sub(blank, path.read_text())
        for match in re.finditer(r"(?<![\w.>])(\w+)\b(\s*\()?", code):
            word = match.group(1)
            if word in words and (match.group(2) or word not in CALLS):
                yield (f"{path.relative_to(source)}:{line_of(code, match.start())}: "
                       f"'{word}' does not belong here")


def check_printing(source, rooms):
    """only cmd prints or picks an exit code"""
    return find_words(source, PRINTING, lambda room: room == "cmd")


def check_outside(source, rooms):
    """engines and formats read neither the environment nor the clock"""
    return find_words(source, OUTSIDE, lambda room: room in ("base", "run", "cmd", "main.c"))


CHECKS = [check_listed, check_includes, check_private_headers, check_libraries, check_printing,
          check_outside]


def main():
    here = pathlib.Path(__file__).resolve().parent.parent
    source = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here
    rooms, failed = Rooms(source), 0
    for number, check in enumerate(CHECKS, 1):
        wrong = list(check(source, rooms))
        failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - {check.__doc__}")
        for line in wrong:
            print(f"#   {line}")
    print(f"1..{len(CHECKS)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
