"""fake_runtime_api: a Lambda Runtime API for one instance, driven by a test.

    with Instance(["node", client], root, "app.handler") as instance:
        answer = instance.invoke({"a": 1})
        answer.kind, answer.json, answer.log
"""

import dataclasses
import json
import os
import queue
import socket
import subprocess
import threading
import time

PREFIX = "/2018-06-01/runtime"
ARN = "arn:aws:lambda:us-east-1:000000000000:function:tested"
PAYLOAD_MAX = 6291556
PATIENCE = 20  # seconds until a client that says nothing has failed


@dataclasses.dataclass
class Post:
    """What the client posted, or how it ended."""

    kind: str  # response, error, init error, exit
    request_id: str = ""
    headers: dict = dataclasses.field(default_factory=dict)
    body: bytes = b""
    log: str = ""  # everything printed before the post arrived
    status: int = 0  # of an exit
    with_next: bool = False  # the request for the next event came along with it

    @property
    def json(self):
        """What was posted, None when nothing was."""
        return json.loads(self.body) if self.body else None


class Connection:
    """Requests off one socket, in order."""

    def __init__(self, sock, body_max):
        self.sock = sock
        self.body_max = body_max  # a longer body is left unread
        self.held = b""
        self.waiting = b""  # written, and not yet sent

    def read(self):
        while b"\r\n\r\n" not in self.held:
            self.fill()
        head, _, self.held = self.held.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        method, path, version = first.split(" ")
        assert version == "HTTP/1.1"
        headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines)}
        length = int(headers.get("content-length", 0))
        while len(self.held) < length <= self.body_max:
            self.fill()
        body, self.held = self.held[:length], self.held[length:]
        return method, path, headers, body

    def fill(self):
        data = self.sock.recv(1 << 20)
        if not data:
            raise EOFError
        self.held += data

    def write(self, status, headers, body=b""):
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
        lines += [f"{k}: {v}" for k, v in headers.items()]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Instance:
    def __init__(
        self, command, root, handler, env=None, hang_up_on_large=False, split_writes=False
    ):
        self.posts = queue.Queue()
        self.events = queue.Queue()
        self.body_max = PAYLOAD_MAX if hang_up_on_large else 1 << 30
        self.split_writes = split_writes
        self.printed = ""
        self.printing = threading.Lock()
        self.count = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.output, inner = os.pipe()
        os.set_blocking(self.output, False)
        self.process = subprocess.Popen(
            command,
            env={"PATH": "/usr/bin:/bin", **self.environment(root, handler), **(env or {})},
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=inner,
            stderr=inner,
        )
        os.close(inner)
        for work in (self.serve, self.await_exit):
            threading.Thread(target=work, daemon=True).start()

    def environment(self, root, handler):
        return {
            "AWS_LAMBDA_RUNTIME_API": self.address,
            "AWS_LAMBDA_FUNCTION_NAME": "tested",
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
            "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/tested",
            "AWS_LAMBDA_LOG_STREAM_NAME": "2030/01/01/[$LATEST]0",
            "LAMBDA_TASK_ROOT": str(root),
            "_HANDLER": handler,
        }

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.listener.close()
        os.close(self.output)

    # ---- the server's side ----

    def serve(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                self.talk(Connection(sock, self.body_max))
            except (EOFError, OSError):
                sock.close()

    def talk(self, connection):
        while True:
            method, path, headers, body = connection.read()
            if (method, path) == ("GET", f"{PREFIX}/invocation/next"):
                self.send(connection, connection.write("200 OK", *self.events.get()))
            elif not self.take_post(connection, path, headers, body):
                raise EOFError

    def take_post(self, connection, path, headers, body):
        *_, request_id, kind = path.split("/")
        large = int(headers["content-length"]) > PAYLOAD_MAX
        reply = b'{"status":"OK"}\n'
        self.posts.put(
            Post(
                "init error" if request_id == "init" else kind,
                request_id,
                headers,
                body,
                self.read_output(),
                with_next=connection.held.startswith(b"GET "),
            )
        )
        self.send(
            connection,
            connection.write("413 Too Large" if large else "202 Accepted", {}, reply),
        )
        return int(headers["content-length"]) <= self.body_max

    def send(self, connection, data):
        """Sends what was written, or in small pieces what belongs together."""
        if not self.split_writes:
            return connection.sock.sendall(data)
        connection.waiting += data
        if connection.held:
            return None  # the answer to the next request follows
        for i in range(0, len(connection.waiting), 7):
            connection.sock.sendall(connection.waiting[i : i + 7])
            time.sleep(0.0005)
        connection.waiting = b""

    def await_exit(self):
        status = self.process.wait()
        self.posts.put(Post("exit", status=status, log=self.read_output()))

    def read_output(self):
        """Everything that the pipe holds now, added to what it held before."""
        with self.printing:
            try:
                while data := os.read(self.output, 1 << 16):
                    self.printed += data.decode()
            except OSError:  # it is empty, or closed
                pass
            return self.printed

    # ---- the test's side ----

    def send_event(self, body, headers=None):
        self.count += 1
        self.printed = ""
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.events.put(
            (
                {
                    "Lambda-Runtime-Aws-Request-Id": f"request-{self.count}",
                    "Lambda-Runtime-Deadline-Ms": int(time.time() * 1000) + 3000,
                    "Lambda-Runtime-Invoked-Function-Arn": ARN,
                    "Content-Type": "application/json",
                    **(headers or {}),
                },
                body,
            )
        )

    def next_post(self, patience=PATIENCE):
        try:
            return self.posts.get(timeout=patience)
        except queue.Empty:
            return Post("nothing", log=self.read_output())

    def invoke(self, body, headers=None):
        self.send_event(body, headers)
        return self.next_post()
