#!/usr/bin/env python3
"""Files exchanged with Debian's age, both ways: recipients and passphrases, binary and armored."""

import os
import pathlib
import pty
import random
import shutil
import subprocess
import sys
import tempfile

import tap

TOOL = sys.argv[1]
AGE = shutil.which("age")
KEYGEN = shutil.which("age-keygen")
# Around the borders of the format: lines of armor, chunks of 64 KB.
SIZES = [0, 1, 47, 48, 49, 65519, 65520, 65535, 65536, 65537, 131071, 131072, 131073, 300000]
WORDS = "correct horse battery staple"


def ours(args, data):
    done = subprocess.run([TOOL, *args], input=data, capture_output=True, check=False, timeout=60)
    return done.stdout if done.returncode == 0 else done.stderr


def theirs(args, data):
    done = subprocess.run([AGE, *args], input=data, capture_output=True, check=False, timeout=60)
    return done.stdout if done.returncode == 0 else done.stderr


def on_terminal(args, answers):
    """age asks for a passphrase on its terminal only: one is made for it."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(AGE, [AGE, *args])
    asked = b""
    for answer in answers:
        while not asked.rstrip().endswith(b":"):
            asked += os.read(terminal, 1000)
        os.write(terminal, answer.encode() + b"\n")
        asked = b""
    try:
        while os.read(terminal, 1000):
            pass
    except OSError:  # how a terminal says that the other side is gone
        pass
    os.close(terminal)
    return os.waitpid(child, 0)[1] == 0


def with_recipients(directory, random_bytes):
    identity_file = directory / "identity"
    subprocess.run([KEYGEN, "-o", identity_file], check=True, capture_output=True)
    lines = identity_file.read_text().splitlines()
    identity = lines[-1]
    recipient = lines[1].split()[-1]
    for armor in ("binary", "armor"):
        flags = ["-a"] if armor == "armor" else []
        read = [theirs(["-d", "-i", str(identity_file)],
                       ours(["encrypt", armor, recipient], random_bytes[:n])) for n in SIZES]
        tap.check(read == [random_bytes[:n] for n in SIZES], f"age reads what we wrote: {armor}")
        read = [ours(["decrypt", identity], theirs(["-r", recipient, *flags], random_bytes[:n]))
                for n in SIZES]
        tap.check(read == [random_bytes[:n] for n in SIZES], f"we read what age wrote: {armor}")


def with_passphrases(directory, data):
    plain, sealed, opened = (directory / name for name in ("plain", "sealed", "opened"))
    plain.write_bytes(data)
    for armor in ("binary", "armor"):
        flags = ["-a"] if armor == "armor" else []
        sealed.write_bytes(ours(["encrypt-passphrase", armor, WORDS], data))
        tap.check(on_terminal(["-d", "-o", str(opened), str(sealed)], [WORDS])
                  and opened.read_bytes() == data, f"age reads our passphrase file: {armor}")
        opened.unlink(missing_ok=True)
        sealed.unlink()
        tap.check(on_terminal(["-p", *flags, "-o", str(sealed), str(plain)], [WORDS, WORDS])
                  and ours(["decrypt-passphrase", WORDS], sealed.read_bytes()) == data,
                  f"we read age's passphrase file: {armor}")


def main():
    if not AGE or not KEYGEN:
        tap.skip("Debian's package 'age' is not installed")
        tap.end()
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        with_recipients(directory, random.Random(1).randbytes(max(SIZES)))
        with_passphrases(directory, random.Random(2).randbytes(100000))
    tap.end()


main()
