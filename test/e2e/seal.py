#!/usr/bin/env python3
"""fnward seal as it is used: in a pipe, on a terminal, by several at once, and beside age and git."""

import fcntl
import json
import os
import pathlib
import pty
import shutil
import signal
import subprocess
import tempfile
import termios
import time

import tap

FNWARD = os.path.join(os.environ["FNWARD_BUILD"], "fnward")
VALUE = b"sk_live_0123456789"


class Project:
    """A directory with sealed secrets, and a home with an identity."""

    def __init__(self, directory):
        self.directory = directory
        self.file = directory / "fnward.secrets"
        self.env = {"PATH": os.environ["PATH"], "HOME": str(directory / "home")}

    def seal(self, *args, value=b"", env=None):
        return subprocess.run([FNWARD, "seal", *args], cwd=self.directory, input=value,
                              env=env or self.env, capture_output=True, check=False, timeout=60)

    def identity(self):
        return pathlib.Path(self.env["HOME"], ".config/fnward/identity")

    def listed(self):
        return json.loads(self.seal("list", "--format", "json").stdout)


def keygen(p):
    made = p.seal("keygen")
    tap.check(made.returncode == 0 and made.stdout.startswith(b"age1"),
              "keygen prints the recipient and nothing else on standard output")
    tap.same(p.identity().stat().st_mode & 0o777, 0o600, "the identity is its owner's alone")
    tap.same(p.identity().parent.stat().st_mode & 0o777, 0o700, "so is its directory")
    before = p.identity().read_bytes()
    tap.check(p.seal("keygen").returncode == 3 and p.identity().read_bytes() == before,
              "a second keygen overwrites nothing")
    elsewhere = dict(p.env, XDG_CONFIG_HOME=str(p.directory / "xdg"))
    p.seal("keygen", env=elsewhere)
    tap.check((p.directory / "xdg/fnward/identity").exists(), "XDG_CONFIG_HOME is honoured")


def values(p):
    tap.same(p.seal("set", "STRIPE_KEY", value=VALUE + b"\n").returncode, 0, "a value is set")
    tap.same(p.seal("get", "STRIPE_KEY").stdout, VALUE, "and read without the last newline")
    before = p.file.read_bytes()
    p.seal("set", "STRIPE_KEY", value=VALUE)
    tap.same(p.file.read_bytes(), before, "setting the same changes no byte")
    tap.check(VALUE not in before and VALUE.hex().encode() not in before, "it is not there in clear")
    lines = b"-----BEGIN\nline two\n\n"
    p.seal("set", "PEM", "--function", "orders", value=lines)
    tap.same(p.seal("get", "PEM", "--function", "orders").stdout, lines[:-1],
             "lines are kept, one newline is taken off")
    refused = p.seal("get", "PEM")
    tap.check(refused.returncode == 2 and b"--function orders" in refused.stderr,
              "one function's secret is not everybody's")
    refused = p.seal("set", "STRIPE_KEY", "from-an-argument")
    tap.check(refused.returncode == 2 and b"history" in refused.stderr
              and b"from-an-argument" not in refused.stderr, "no value is taken from an argument")
    short = p.seal("set", "SHORT", value=b"12345")
    tap.check(short.returncode == 0 and b"warning" in short.stderr, "a short value is warned of")
    tap.check(p.seal("remove", "SHORT").returncode == 0
              and p.seal("remove", "SHORT").returncode == 2, "it is removed, once")
    tap.same([(s["name"], s["function"]) for s in p.listed()["secrets"]],
             [("PEM", "orders"), ("STRIPE_KEY", "*")], "the list tells names and functions")
    tap.check(VALUE not in p.seal("list").stdout, "and no value")


def executes(p):
    command = ["exec", "--function", "orders", "--"]
    shown = p.seal(*command, "sh", "-c", "printf '%s|%s' \"$STRIPE_KEY\" \"$PEM\"")
    tap.same(shown.stdout, VALUE + b"|-----BEGIN\nline two\n", "a command finds all of them")
    shown = p.seal("exec", "--secret", "STRIPE_KEY", "--function", "orders", "--", "env")
    tap.check(b"STRIPE_KEY=" + VALUE in shown.stdout and b"PEM" not in shown.stdout,
              "or those that are named")
    shown = p.seal("exec", "--", "env", env=dict(p.env, STRIPE_KEY="old"))
    tap.same(shown.stdout.count(b"STRIPE_KEY="), 1, "a variable that is there is replaced")
    shown = p.seal("exec", "--", "sh", "-c", "tr '\\0' ' ' < /proc/$$/cmdline; exit 7")
    tap.check(shown.returncode == 7 and VALUE not in shown.stdout,
              "the exit code is the command's, and no value stands in its arguments")
    tap.same(p.seal("exec", "--", "no-such-program").returncode, 3, "a missing command is told")


# ---- a terminal ----

def read_until(terminal, text):
    seen = b""
    while text not in seen:
        seen += os.read(terminal, 1000)
    return seen


def echoes(terminal):
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


def wait_for_echo(terminal, wanted):
    deadline = time.monotonic() + 10
    while echoes(terminal) != wanted and time.monotonic() < deadline:
        time.sleep(0.01)
    return echoes(terminal) == wanted


def on_terminal(p, *answers):
    """Sets TYPED, answering the prompts; the exit status, all that was shown, whether echo is on."""
    terminal, theirs = pty.openpty()
    child = subprocess.Popen([FNWARD, "seal", "set", "TYPED"], cwd=p.directory, env=p.env,
                             stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
                             preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    shown = b""
    for answer in answers:
        shown += read_until(terminal, b": ")
        wait_for_echo(terminal, False)
        os.write(terminal, answer)
    status = child.wait(timeout=20)
    restored = wait_for_echo(terminal, True)
    os.set_blocking(terminal, False)
    try:
        shown += os.read(terminal, 10000)
    except BlockingIOError:
        pass
    os.close(terminal)
    os.close(theirs)
    return status, shown, restored


def prompts(p):
    status, shown, restored = on_terminal(p, b"typed secret\n", b"typed secret\n")
    tap.check(status == 0 and p.seal("get", "TYPED").stdout == b"typed secret",
              "a value is typed on a terminal, twice")
    tap.check(b"typed secret" not in shown, "it is not shown")
    tap.check(restored, "afterwards the terminal shows what is typed")
    status, shown, _ = on_terminal(p, b"one secret\n", b"another one\n")
    tap.check(status == 2 and b"not the same" in shown, "two different values are refused")
    status, _, restored = on_terminal(p, b"\x03")
    tap.check(status == -signal.SIGINT and restored, "Ctrl-C ends it, and the terminal is as before")
    p.seal("remove", "TYPED")


# ---- others ----

def can_look_into(process, user):
    """Whether another process of the same user may read its memory and environment."""
    return subprocess.run(["cat", f"/proc/{process.pid}/environ"], stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, check=False, **user).returncode == 0


def neighbours(p):
    """As an ordinary user, for root may look into everything."""
    home = p.directory / "neighbours"
    home.mkdir()
    p.directory.chmod(0o755)
    program = shutil.copy(FNWARD, home)
    user = {}
    if os.getuid() == 0:
        user = {"user": 65534, "group": 65534}
        os.chown(home, 65534, 65534)
    env = {"HOME": str(home)}
    subprocess.run([program, "seal", "keygen"], env=env, check=True, capture_output=True, **user)
    with subprocess.Popen(["sleep", "30"], env=env, **user) as other:
        tap.check(can_look_into(other, user), "a neighbour looks into ordinary processes")
        other.kill()
    with subprocess.Popen([program, "seal", "set", "A", "--dir", home], env=env,
                          stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, **user) as process:
        deadline = time.monotonic() + 10
        while can_look_into(process, user) and time.monotonic() < deadline:
            time.sleep(0.02)
        tap.check(process.poll() is None and not can_look_into(process, user),
                  "but not into one that handles secrets")
        process.communicate(b"a value", timeout=20)


def second_identity(p):
    other = dict(p.env, FNWARD_IDENTITY=str(p.directory / "other"))
    recipient = p.seal("keygen", env=other).stdout.decode().strip()
    tap.same(p.seal("get", "STRIPE_KEY", env=other).returncode, 3, "a stranger opens nothing")
    p.seal("add-recipient", recipient)
    tap.same(p.seal("get", "STRIPE_KEY", env=other).stdout, VALUE, "a recipient who was added does")
    removed = p.seal("remove-recipient", recipient)
    tap.check(b"change the values" in removed.stderr
              and all(s["rotate"] for s in p.listed()["secrets"]),
              "when one is removed, every value is to be changed")
    tap.same(p.seal("get", "STRIPE_KEY", env=other).returncode, 3, "and is closed to them")
    p.seal("set", "STRIPE_KEY", value=VALUE + b"2")
    tap.same([s["rotate"] for s in p.listed()["secrets"]], [True, False], "until it was changed")
    p.seal("set", "STRIPE_KEY", value=VALUE)
    before = p.file.read_bytes()
    tap.check(p.seal("rotate").returncode == 0 and p.file.read_bytes() != before
              and p.seal("get", "STRIPE_KEY").stdout == VALUE, "rotate seals everything anew")
    p.identity().chmod(0o640)
    tap.same(p.seal("get", "STRIPE_KEY").returncode, 3, "an identity that others may read is refused")
    p.identity().chmod(0o600)


def at_once(p):
    """Nobody's change is lost."""
    running = [subprocess.Popen([FNWARD, "seal", "set", f"PARALLEL_{i}"], cwd=p.directory,
                                env=p.env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
               for i in range(8)]
    for i, process in enumerate(running):
        process.communicate(b"value number %d" % i, timeout=60)
    right = [p.seal("get", f"PARALLEL_{i}").stdout == b"value number %d" % i for i in range(8)]
    tap.check(all(right), "eight at once are all there")
    for i in range(8):
        p.seal("remove", f"PARALLEL_{i}")


def with_age(p):
    if not shutil.which("age"):
        tap.skip("Debian's package 'age' is not installed")
        return
    entry = p.file.read_bytes().split(b"\nsecret STRIPE_KEY\n")[1]
    armor = entry[entry.index(b"-----BEGIN"):]
    opened = subprocess.run(["age", "-d", "-i", p.identity()], input=armor, capture_output=True,
                            check=False, timeout=60)
    tap.same(opened.stdout, b"fnward-secret 1\nSTRIPE_KEY\n*\n\n" + VALUE,
             "age opens a value with the same identity file")
    foreign = p.directory / "by-age-keygen"
    subprocess.run(["age-keygen", "-o", foreign], check=True, capture_output=True)
    env = dict(p.env, FNWARD_IDENTITY=str(foreign))
    elsewhere = p.directory / "elsewhere"
    elsewhere.mkdir()
    p.seal("set", "A", "--dir", str(elsewhere), value=b"for age-keygen's", env=env)
    tap.same(p.seal("get", "A", "--dir", str(elsewhere), env=env).stdout, b"for age-keygen's",
             "an identity made by age-keygen serves as well")


def merged(p):
    """Two branches that each set a secret."""
    base, ours, theirs = (p.directory / name for name in ("base", "ours", "theirs"))
    base.write_bytes(p.file.read_bytes())
    p.seal("set", "A_FIRST", value=b"set on one branch")
    ours.write_bytes(p.file.read_bytes())
    p.file.write_bytes(base.read_bytes())
    p.seal("set", "Z_LAST", value=b"set on the other")
    theirs.write_bytes(p.file.read_bytes())
    clean = subprocess.run(["git", "merge-file", "-p", ours, base, theirs], capture_output=True,
                           check=False, timeout=60)
    p.file.write_bytes(clean.stdout)
    tap.check(clean.returncode == 0 and p.seal("get", "A_FIRST").stdout == b"set on one branch"
              and p.seal("get", "Z_LAST").stdout == b"set on the other",
              "git merges what two branches set")


def main():
    with tempfile.TemporaryDirectory() as name:
        p = Project(pathlib.Path(name))
        for part in (keygen, values, executes, prompts, neighbours, second_identity, at_once,
                     with_age, merged):
            part(p)
        leftovers = [f.name for f in p.directory.glob("fnward.secrets?*")]
        tap.same(leftovers, [], "no temporary file stays behind")
    tap.end()


main()
