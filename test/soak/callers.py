"""callers: clients with every fault that a caller can have, who check what they are told.

A valid request carries a number of its own and must get its own answer, or be refused cleanly.
"""

import itertools
import json
import random
import socket
import time
from collections import Counter

from functions import NAMES

PATIENCE = 45  # seconds; the queue's deadline and a timeout are shorter
HARMLESS = ("echo", "sleep", "print", "hold")
# How often each is asked for. What hangs keeps its instance busy until the timeout.
DEEDS = {"echo": 700, "sleep": 100, "print": 80, "hold": 40, "fail": 40, "exit": 10, "crash": 5,
         "flood": 4, "hang": 3}
# What an innocent call may hear when its instance was killed, or the machine is busy.
BAD_LUCK = {"Runtime.ExitError", "Sandbox.Timedout", "fnward.NoStart", "Runtime.Unknown"}
REFUSALS = {429, 503}
JSON_TYPE = "Content-Type: application/json\r\n"


class Wrong(Exception):
    """An answer that must never be given."""


class Gone(Exception):
    """The connection ended before an answer was complete."""


class Tally:
    """What all callers saw together."""

    def __init__(self):
        self.numbers = itertools.count(1)
        self.seen = Counter()
        self.answered = {}  # request id -> whether it is an invocation, else a refusal
        self.wrong = []

    def answer(self, kind, request_id, invoked):
        self.seen[kind] += 1
        if request_id in self.answered:
            raise Wrong(f"the request id {request_id} was given out twice")
        self.answered[request_id] = invoked


class Event:
    """One valid event, and what may be answered to it."""

    def __init__(self, tally, deeds=DEEDS):
        self.tally = tally
        self.n = next(tally.numbers)
        self.do = random.choices(list(deeds), [DEEDS[deed] for deed in deeds])[0]
        self.pad = f"{self.n}:é\n" * random.choice((0, 1, 10, 1000))
        self.name = random.choice(NAMES)
        self.by_route = random.random() < 0.5
        self.body = json.dumps({"n": self.n, "do": self.do, "pad": self.pad}).encode()

    @property
    def path(self):
        if self.by_route:
            return f"/{self.name}"
        return f"/2015-03-31/functions/{self.name}/invocations"

    def head(self, more):
        return f"POST {self.path} HTTP/1.1\r\nHost: localhost\r\n{JSON_TYPE}{more}\r\n".encode()

    def request(self):
        return self.head(f"Content-Length: {len(self.body)}\r\n") + self.body

    def chunked(self):
        cut = random.randrange(1, len(self.body))
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece)
                          for piece in (self.body[:cut], self.body[cut:]))
        return self.head("Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n") + chunks + b"0\r\nX-Sum: 1\r\n\r\n"

    def judge(self, status, headers, body):
        request_id = headers.get("x-amzn-requestid") or headers.get("x-request-id")
        if not request_id:
            raise Wrong(f"{status} without a request id: {headers}")
        if status in REFUSALS:
            self.tally.answer(f"refused {status}", request_id, False)
        elif status == 200 and "x-amz-function-error" not in headers:
            self.right(body)
            self.tally.answer("right", request_id, True)
        elif status == 502 and self.by_route:
            self.tally.answer("failed by route", request_id, True)
        elif status == 200:
            self.failed(json.loads(body), request_id)
            self.tally.answer("failed by invoke", request_id, True)
        else:
            raise Wrong(f"{self.do} {self.n} got {status}: {body[:200]}")

    def right(self, body):
        if self.do in ("fail", "exit", "crash", "hang"):
            raise Wrong(f"{self.do} {self.n} cannot succeed: {body[:200]}")
        if json.loads(body) != {"n": self.n, "pad": self.pad}:
            raise Wrong(f"{self.do} {self.n} got another's answer: {body[:200]}")

    def failed(self, error, request_id):
        kind, message = error["errorType"], error["errorMessage"]
        if self.do == "fail" and kind in ("RangeError", "ValueError"):
            if message != f"failed {self.n}":
                raise Wrong(f"fail {self.n} got another's error: {message}")
        elif kind not in BAD_LUCK:
            raise Wrong(f"{self.do} {self.n} got {error}")
        elif "RequestId: " in message and request_id not in message:
            raise Wrong(f"{request_id} got another's error: {message}")


class Connection:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def line(self):
        line = self.file.readline(65536)
        if not line.endswith(b"\r\n"):
            raise Gone
        return line[:-2].decode("latin-1")

    def answer(self):
        """(status, headers, body) of the next answer."""
        version, _, rest = self.line().partition(" ")
        if version != "HTTP/1.1" or not rest[:3].isdigit():
            raise Wrong(f"not a status line: {version} {rest}")
        headers = {}
        while line := self.line():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        length = int(headers.get("content-length", 0))
        body = self.file.read(length)
        if len(body) < length:
            raise Gone
        return int(rest[:3]), headers, body

    def must_refuse(self, tally, kind, *statuses):
        """The request was no good: it is told so, or the connection ends."""
        status, headers, body = self.answer()
        if status not in statuses:
            raise Wrong(f"{kind} got {status}: {body[:200]}")
        request_id = headers.get("x-amzn-requestid") or headers.get("x-request-id")
        tally.answer(f"{kind} refused", request_id, False)


# ---- what callers do ----

def ordinary(connect, tally):
    with connect() as c:
        for _ in range(random.randrange(1, 20)):
            event = Event(tally)
            c.socket.sendall(event.request())
            event.judge(*c.answer())


def slow_writer(connect, tally):
    event = Event(tally, HARMLESS)
    request = event.request()
    cuts = sorted(random.randrange(len(request)) for _ in range(4))
    with connect() as c:
        for begin, end in zip([0, *cuts], [*cuts, len(request)]):
            c.socket.sendall(request[begin:end])
            time.sleep(random.random() / 4)
        event.judge(*c.answer())


def chunked(connect, tally):
    event = Event(tally)
    with connect() as c:
        c.socket.sendall(event.chunked())
        event.judge(*c.answer())


def pipelined(connect, tally):
    events = [Event(tally) for _ in range(random.randrange(2, 8))]
    with connect() as c:
        c.socket.sendall(b"".join(random.choice((e.request, e.chunked))() for e in events))
        for event in events:
            event.judge(*c.answer())


def half_close(connect, tally):
    event = Event(tally, HARMLESS)
    with connect() as c:
        c.socket.sendall(event.request())
        c.socket.shutdown(socket.SHUT_WR)
        event.judge(*c.answer())


def leaves_in_request(connect, tally):
    request = Event(tally).request()
    with connect() as c:
        c.socket.sendall(request[:random.randrange(1, len(request))])
        tally.seen["left in request"] += 1


def leaves_in_response(connect, tally):
    with connect() as c:
        c.socket.sendall(Event(tally).request() * random.randrange(1, 3))
        if random.random() < 0.5:
            c.socket.recv(1)
        if random.random() < 0.5:  # a reset instead of an orderly end
            c.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        tally.seen["left in response"] += 1


def half_open(connect, tally):
    """Says a little, or nothing, and then nothing more; the gate ends it, or the caller does."""
    request = Event(tally).request()
    with connect() as c:
        c.socket.sendall(request[:random.choice((0, 1, 20, len(request) - 1))])
        c.socket.settimeout(random.uniform(1, 15))
        tally.seen["half open"] += 1
        try:
            c.socket.recv(1)
        except TimeoutError:
            pass


def garbage(connect, tally):
    with connect() as c:
        c.socket.sendall(random.randbytes(random.randrange(4, 4000)) + b"\r\n\r\n")
        c.must_refuse(tally, "garbage", 400, 414, 431, 501, 505)


def too_large(connect, tally):
    body = b'{"pad":"' + b"x" * 70000 + b'"}'
    with connect() as c:
        c.socket.sendall(f"POST /node HTTP/1.1\r\nHost: localhost\r\n{JSON_TYPE}"
                         f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        c.must_refuse(tally, "too large", 413)


def bad_json(connect, tally):
    body = random.choice((b"{", b'{"n":1,"n":2}', b"\xff\xfe", b"[1,]", b'{"n":"one"}', b"{}", b"null"))
    path = random.choice(("/node", "/2015-03-31/functions/python/invocations"))
    with connect() as c:
        for _ in range(3):
            c.socket.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{JSON_TYPE}"
                             f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
            c.must_refuse(tally, "bad JSON", 400)


def undeclared(connect, tally):
    with connect() as c:
        c.socket.sendall(b"GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n")
        c.must_refuse(tally, "undeclared route", 404)


HABITS = {
    ordinary: 30, pipelined: 8, chunked: 8, slow_writer: 4, half_close: 4, leaves_in_request: 6,
    leaves_in_response: 6, half_open: 1, garbage: 4, too_large: 3, bad_json: 5, undeclared: 3,
}


def caller(port, tally, stop):
    """One thread: habits at random, until it is told to stop."""
    habits, weights = list(HABITS), list(HABITS.values())
    while not stop.is_set():
        habit = random.choices(habits, weights)[0]
        try:
            habit(lambda: Connection(port), tally)
        except (Gone, ConnectionError):
            tally.seen["connection ended"] += 1
        except TimeoutError:
            tally.wrong.append(f"{habit.__name__}: no answer within {PATIENCE} seconds")
        except (Wrong, ValueError, KeyError) as error:
            tally.wrong.append(f"{habit.__name__}: {type(error).__name__}: {error}")
