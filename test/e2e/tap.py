"""tap: checks reported in the Test Anything Protocol."""

import os
import sys

_count = 0
_failed = 0


def _report(ok, name):
    global _count, _failed
    _count += 1
    _failed += not ok
    line = name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    print(f"{'ok' if ok else 'not ok'} {_count} - {line}", flush=True)
    return ok


def check(ok, name):
    return _report(bool(ok), name)


def same(got, expected, name):
    if not _report(got == expected, name):
        print(f"#   got      {got!r}\n#   expected {expected!r}", flush=True)


def skip(reason):
    """A check that cannot be made here. FNWARD_MUST=1 turns it into a failure."""
    _report(os.environ.get("FNWARD_MUST") != "1", f"# SKIP {reason}")


def end():
    print(f"1..{_count}")
    sys.exit(1 if _failed else 0)
