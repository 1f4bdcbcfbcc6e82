"""server: a project in a temporary directory, served by the real fnward.

    with Project(CONTRACT, {"code/app.mjs": LAB}) as project, project.serve() as server:
        answer = server.invoke("lab", {"do": "echo"})
        answer.status, answer.headers, answer.body, answer.json
"""

import dataclasses
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
FNWARD = os.path.join(os.environ["FNWARD_BUILD"], "fnward")
LAB = (HERE / "handlers/node/lab.mjs").read_text()
PATIENCE = 20  # seconds until something that does not happen has failed


def lab_contract(more="", limits="timeout: 5s"):
    """The contract of one Node function that does what its event says (handlers/node/lab.mjs)."""
    return f"""
version: 1
functions:
  lab:
    code: code
    runtime: nodejs
    handler: app.handler
    on:
      - invoke: {{}}
      - http: POST /lab
        body: {{type: object}}
    limits: {{{limits}}}
{more}"""


@dataclasses.dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


def until(condition, patience=PATIENCE):
    """What the condition says as soon as it is true, or its last word."""
    deadline = time.monotonic() + patience
    while not (value := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return value


def parent_and_command(pid):
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
        command = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return None, ""
    return int(stat.rpartition(")")[2].split()[1]), command.replace(b"\0", b" ").decode().strip()


def descendants(root):
    """Every process below `root`, as {pid: command line}."""
    parents = {int(p): parent_and_command(p) for p in os.listdir("/proc") if p.isdigit()}
    found, grown = {root}, True
    while grown:
        more = {pid for pid, (parent, _) in parents.items() if parent in found} - found
        found, grown = found | more, bool(more)
    return {pid: parents[pid][1] for pid in found - {root} if pid in parents}


def is_alive(pid):
    """Whether it runs; one that nobody has waited for yet does not."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Server:
    """A running fnward, on a port of its own."""

    def __init__(self, project, *options, env=None, listen="127.0.0.1:0", before=None):
        command = [FNWARD, "run", str(project.directory), "--listen", listen, "--quiet", *options]
        self.ledger_directory = project.ledger_directory
        self.said = tempfile.TemporaryFile()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.said,
                                        env=env or project.env, start_new_session=True, preexec_fn=before)
        first = self.process.stdout.readline().decode()
        if not (port := re.search(r":(\d+)( |$)", first)):
            raise RuntimeError(f"fnward does not start: {first}{self.wait()} {self.errors()}")
        self.port = int(port.group(1))
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        complaint = re.search(".*(Sanitizer:|runtime error:).*", self.errors())
        self.process.stdout.close()
        self.said.close()
        if complaint:
            raise RuntimeError(complaint.group())

    def errors(self):
        self.said.seek(0)
        return self.said.read().decode()

    def kill(self):
        """Ends it and whatever it started."""
        started = descendants(self.process.pid)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pid in started:
            if is_alive(pid):
                until(lambda pid=pid: not is_alive(pid), 5)

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.wait()

    def wait(self):
        return self.process.wait(PATIENCE + 30)

    def role(self, name):
        """The pid of front or broker."""
        for pid, command in descendants(self.process.pid).items():
            if f"--role={name}" in command:
                return pid
        return None

    def request(self, method, path, body=None, headers=None, timeout=60):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        if isinstance(body, (dict, list)):
            body, headers = json.dumps(body), {"Content-Type": "application/json", **(headers or {})}
        try:
            connection.request(method, path, body, headers or {})
            got = connection.getresponse()
            return Answer(got.status, got.headers, got.read())
        finally:
            connection.close()

    def invoke(self, function, event=None, headers=None, timeout=60):
        return self.request("POST", f"/2015-03-31/functions/{function}/invocations",
                            json.dumps({} if event is None else event), headers, timeout)

    def health(self):
        return self.request("GET", "/_fnward/health").json

    def instances(self, function="lab"):
        return next(f for f in self.health()["functions"] if f["name"] == function)

    def ledger(self, **wanted):
        """The records so far that have what is wanted; dots of names are written as '__'."""
        wanted = {name.replace("__", "."): value for name, value in wanted.items()}
        return [r for r in read_ledger(self.ledger_directory)
                if all(r.get(name) == value for name, value in wanted.items())]


def read_ledger(directory):
    """All whole records; what a kill or a full disk tore is passed over, as 'fnward logs' does."""
    records = []
    for path in sorted(pathlib.Path(directory).glob("ledger*.jsonl"),
                       key=lambda p: (p.name == "ledger.jsonl", p.name)):
        records += [record for line in path.read_bytes().splitlines() if (record := whole(line))]
    return records


def whole(line):
    try:
        return json.loads(line)
    except ValueError:
        return None


class Project:
    """A contract and its files, {name: text or bytes}; what is called bootstrap can be executed."""

    def __init__(self, contract, files=None):
        self.temporary = tempfile.TemporaryDirectory(prefix="fnward-e2e-")
        self.directory = pathlib.Path(self.temporary.name, "project")
        self.ledger_directory = self.directory / ".fnward"
        self.env = {"PATH": os.environ["PATH"], "HOME": self.temporary.name}
        for name, content in {"fnward.yaml": contract, **(files or {"code/app.mjs": LAB})}.items():
            self.write(name, content)

    def write(self, name, content):
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(0o755 if path.name == "bootstrap" else 0o644)

    def path(self, name):
        """Of a file beside the project, which no function sees."""
        return pathlib.Path(self.temporary.name, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.temporary.cleanup()

    def serve(self, *options, **how):
        return Server(self, *options, **how)

    def run(self, *command, stdin=b"", timeout=60):
        """Another command of fnward's, in the project."""
        return subprocess.run([FNWARD, *command], cwd=self.directory, env=self.env, input=stdin,
                              capture_output=True, check=False, timeout=timeout)


def talk(port, *pieces, pause=0.0, patience=10.0, half_close=False):
    """Sends pieces as they are; (the status of each answer, how it ended, all bytes)."""
    got, end = b"", "open"
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as s:
        for piece in pieces:
            try:
                s.sendall(piece)
            except OSError:
                break  # refused before all was sent
            time.sleep(pause)
        if half_close:
            s.shutdown(socket.SHUT_WR)
        try:
            while part := s.recv(65536):
                got += part
            end = "closed"
        except TimeoutError:
            pass
        except ConnectionResetError:
            end = "reset"
    codes = [int(code) for code in re.findall(rb"HTTP/1\.[01] (\d\d\d) ", got)]
    return codes, end, got
