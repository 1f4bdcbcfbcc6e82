#!/usr/bin/env python3
"""Asks Python and Node the same as fnward about random dates, addresses, hosts and references;
prints TAP. Usage: format.py JUDGE [TEXTS] [SEED]"""

import datetime
import ipaddress
import json
import random
import re
import subprocess
import sys
import uuid

judge = sys.argv[1]
count = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
rng = random.Random(seed)


def almost(text, letters):
    """The text with up to two characters changed, removed or added."""
    for _ in range(rng.randrange(3)):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice(["", rng.choice(letters)]) + text[at + rng.randrange(2):]
    return text


def is_made_by(make):
    def holds(text):
        try:
            make(text)
        except ValueError:
            return False
        return text.isascii()
    return holds


def is_date(text):
    return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)) and text[:4] != "0000" \
        and is_made_by(datetime.date.fromisoformat)(text)


def is_date_time(text):
    match = re.fullmatch(r"([0-9-]{10}T[0-9:]{8})(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})", text)
    if not match or text[:4] == "0000":
        return False
    zone = match.group(3)
    if zone not in "Zz" and (int(zone[1:3]) > 23 or int(zone[4:]) > 59):
        return False
    return is_made_by(lambda t: datetime.datetime.strptime(t, "%Y-%m-%dT%H:%M:%S"))(match.group(1))


def is_uuid(text):
    return bool(re.fullmatch(r"[0-9a-fA-F-]{36}", text)) and is_made_by(uuid.UUID)(text) \
        and str(uuid.UUID(text)) == text.lower()


# Written anew from the grammar in RFC 3986, appendix A, without the address literals' insides.
PCHAR = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:(?://(?:(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@)?"
    r"(?:\[(?P<address>[^\]]*)\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(?::[0-9]*)?"
    rf"(?:/{PCHAR}*)*|/(?:{PCHAR}+(?:/{PCHAR}*)*)?|{PCHAR}+(?:/{PCHAR}*)*|)"
    rf"(?:\?(?:{PCHAR}|[/?])*)?(?:\#(?:{PCHAR}|[/?])*)?")


def is_uri(text):
    match = URI.fullmatch(text)
    if not match:
        return False
    address = match.group("address")
    return address is None or is_ipv6(address) or \
        bool(re.fullmatch(r"[vV][0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+", address))


def is_ipv6(text):
    return "%" not in text and is_made_by(ipaddress.IPv6Address)(text)


def some_date():
    return f"{rng.randrange(1, 9999):04}-{rng.randrange(1, 14):02}-{rng.randrange(1, 33):02}"


def some_date_time():
    zone = rng.choice(["Z", "z", "+00:00", "-23:59", "+24:00", "+01:60", ""])
    fraction = rng.choice(["", ".5", ".", ".123456789012"])
    return f"{some_date()}T{rng.randrange(26):02}:{rng.randrange(62):02}:{rng.randrange(60):02}" \
        + fraction + zone


def some_ipv4():
    return ".".join(str(rng.randrange(300)) for _ in range(rng.choice([3, 4, 4, 4, 5])))


def some_ipv6():
    parts = [f"{rng.randrange(1 << 16):x}" for _ in range(rng.choice([2, 5, 6, 7, 8]))]
    if rng.randrange(2):
        parts[rng.randrange(len(parts))] = ""
    if rng.randrange(4) == 0:
        parts[-1] = some_ipv4()
    return rng.choice(["", "", "::", ":"]) + ":".join(parts) + rng.choice(["", "", "::"])


def some_uri():
    return rng.choice(["http:", "urn:", "a+b:", "1:", ""]) + rng.choice(["//", "/", ""]) \
        + rng.choice(["u:p@", "", ""]) + rng.choice(["host", "[::1]", "[v1.x]", "1.2.3.4", ""]) \
        + rng.choice([":80", ":", ""]) + rng.choice(["/a/b", "/", "", "//c"]) \
        + rng.choice(["?q=1/?", "", "?"]) + rng.choice(["#f", "", "#"])


KINDS = [
    ("date", some_date, is_date, "0123456789-T"),
    ("date-time", some_date_time, is_date_time, "0123456789-:.TZ+"),
    ("ipv4", some_ipv4, is_made_by(ipaddress.IPv4Address), "0123456789. "),
    ("ipv6", some_ipv6, is_ipv6, "0123456789abcdef:.g"),
    ("uuid", lambda: str(uuid.UUID(int=rng.getrandbits(128))), is_uuid, "0123456789abcdefABCDEF-g"),
    ("uri", some_uri, is_uri, "abz019-._~:/?#[]@!$&'()*+,;=%<>\"\\^`{|} é"),
]

rows = [(name, almost(make(), letters), holds)
        for name, make, holds, letters in KINDS for _ in range(count)]
answers = subprocess.run(
    [judge], input="".join(json.dumps(["format", name, text]) + "\n" for name, text, _ in rows),
    capture_output=True, text=True, check=True).stdout.split()

number, failed = 0, 0
for name, *_ in KINDS:
    wrong = [(text, answer) for (kind, text, holds), answer in zip(rows, answers, strict=True)
             if kind == name and answer != ("holds" if holds(text) else "fails")]
    held = sum(kind == name and answer == "holds" for (kind, *_), answer in zip(rows, answers))
    number += 1
    failed += bool(wrong)
    print(f"{'not ok' if wrong else 'ok'} {number} - {name}: {count} answers are Python's, {held} hold")
    for text, answer in wrong[:10]:
        print(f"#   {text!r}: {answer}")
print(f"1..{number}")
sys.exit(failed > 0)
