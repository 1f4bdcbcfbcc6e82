"""fnward_api: a client of the Lambda Runtime API (2018-06-01) on one connection.

A result and the request for the next event go out in one write; the server answers both in
order. Built on `_socket`, which `socket` wraps: the wrapper takes 2 ms to import.
"""

import re
import sys

import _socket

PREFIX = "/2018-06-01/runtime"
PAYLOAD_MAX = 6291556  # of a response; past it the server answers 413
HEAD_MAX = 64 * 1024
BODY_MAX = 16 * 1024 * 1024
READ_SIZE = 64 * 1024

STATUS_LINE = re.compile(r"HTTP/1\.1 (\d{3})(?: |$)")
LENGTH = re.compile(r"\d{1,8}")
REQUEST_ID = re.compile(r"[\w-]{1,128}", re.ASCII)
ERROR_TYPE = re.compile(r"[\w.$-]{1,256}", re.ASCII)


class ApiError(Exception):
    """What the server did that it must not do."""


class Hangup(ApiError):
    """It closed the connection."""


class Api:
    def __init__(self, address):
        self.address = address
        self.end = f" HTTP/1.1\r\nHost: {address}\r\n"
        self.next_request = f"GET {PREFIX}/invocation/next{self.end}\r\n".encode()
        self.connect()

    def connect(self):
        host, _, port = self.address.rpartition(":")
        self.socket = _socket.socket(
            _socket.AF_INET, _socket.SOCK_STREAM | _socket.SOCK_CLOEXEC
        )
        self.socket.connect((host, int(port)))
        self.socket.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        self.held = b""  # read, and not yet looked at

    def next(self):
        """Headers and body of the next event; None when the server hung up."""
        self.socket.sendall(self.next_request)
        return self.read_event()

    def post_response(self, request_id, body):
        return self.post_and_next(f"/invocation/{request_id}/response", "", body)

    def post_error(self, request_id, kind, body):
        return self.post_and_next(f"/invocation/{request_id}/error", error_header(kind), body)

    def post_init_error(self, kind, body):
        self.socket.sendall(self.post("/init/error", error_header(kind), body))
        self.read_response()

    def post_and_next(self, path, headers, body):
        try:
            self.socket.sendall(self.post(path, headers, body) + self.next_request)
            self.take_receipt()
            event = self.read_event()
        except (ConnectionError, Hangup) as e:
            if len(body) <= PAYLOAD_MAX:
                raise ApiError(f"took no result: {e}") from e
            event = None
        if event or len(body) <= PAYLOAD_MAX:
            return event
        # A server may hang up on a response that is past its limit instead of reading it.
        self.connect()
        return self.next()

    def post(self, path, headers, body):
        head = (
            f"POST {PREFIX}{path}{self.end}Content-Type: application/json\r\n{headers}"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def take_receipt(self):
        status, _, body = self.read_response()
        if status == 202:
            return
        refusal = f"refused a result: {status} {body.decode(errors='replace').strip()}"
        if status != 413:
            raise ApiError(refusal)
        print(f"fnward: the Runtime API {refusal}", file=sys.stderr, flush=True)

    def read_event(self):
        try:
            status, headers, body = self.read_response()
        except Hangup:
            return None
        if status != 200:
            raise ApiError(f"gave no event: {status} {body.decode(errors='replace').strip()}")
        if not REQUEST_ID.fullmatch(headers.get("lambda-runtime-aws-request-id", "")):
            raise ApiError("gave an event without a request id")
        return headers, body

    def read_response(self):
        """Status, headers by name in lower case, and body of one response."""
        held = self.held
        while (end := held.find(b"\r\n\r\n")) < 0:
            if len(held) > HEAD_MAX:
                raise ApiError("sent too long a head")
            held += self.receive()
        status, headers = parse_head(held[:end].decode())
        parts = [held[end + 4 :]]
        missing = body_length(headers) - len(parts[0])
        while missing > 0:
            parts.append(self.receive())
            missing -= len(parts[-1])
        held = b"".join(parts)
        cut = len(held) + missing
        self.held = held[cut:]
        return status, headers, held[:cut]

    def receive(self):
        data = self.socket.recv(READ_SIZE)
        if not data:
            raise Hangup("hung up")
        return data


def parse_head(text):
    first, *lines = text.split("\r\n")
    match = STATUS_LINE.match(first)
    headers = {}

    if not match:
        raise ApiError("does not speak HTTP/1.1")
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name:
            raise ApiError("sent a header without a name")
        headers[name.lower()] = value.strip()
    return int(match[1]), headers


def body_length(headers):
    text = headers.get("content-length", "")
    if "transfer-encoding" in headers or not LENGTH.fullmatch(text):
        raise ApiError("sent a response without Content-Length")
    if int(text) > BODY_MAX:
        raise ApiError("sent too long a response")
    return int(text)


def error_header(kind):
    """The error's type for the platform's own records, where a header can carry it."""
    return (
        f"Lambda-Runtime-Function-Error-Type: {kind}\r\n" if ERROR_TYPE.fullmatch(kind) else ""
    )
