# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""A NATS server of Debian's with a folder of its own, and the few words of its protocol that tests need."""

import base64
import json
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

NATS_SERVER = shutil.which("nats-server", path="/usr/sbin:/usr/bin:/usr/local/bin:/usr/local/sbin")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Message(NamedTuple):
    subject: str
    headers: dict[str, str]
    payload: bytes
    is_answer: bool = True


class NatsServer:
    """Its streams stay over a restart."""

    def __init__(self, more: str = "") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hailstone-nats-"))
        self.port = free_port()
        self.url = f"nats://127.0.0.1:{self.port}"
        (self.folder / "nats.conf").write_text(
            f'listen: "127.0.0.1:{self.port}"\njetstream {{ store_dir: "{self.folder}/streams" }}\n{more}\n')
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([NATS_SERVER, "-c", self.folder / "nats.conf"], stdout=log, stderr=log)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError((self.folder / "log").read_text())

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self.process:
            self.process.send_signal(how)
            self.process.wait(20)
            self.process = None

    def close(self) -> None:
        self.stop(signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)


class NatsClient:
    """One thread. A context manager."""

    def __init__(self, port: int, wrap: Any = None, **options: Any) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), 20)
        self.file = self.socket.makefile("rb")
        self.file.readline()
        if wrap:
            self.socket = wrap(self.socket)
            self.file = self.socket.makefile("rb")
        self.inbox = f"_INBOX.test{port}{id(self)}"
        self.numbers = 0
        self.waiting: list[Message] = []
        self.send(b"CONNECT " + json.dumps({"verbose": False, "headers": True, "no_responders": True, **options}).encode())
        self.subscribe(self.inbox + ".*")

    def __enter__(self) -> "NatsClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self.socket.close()

    def send(self, line: bytes) -> None:
        self.socket.sendall(line + b"\r\n")

    def subscribe(self, subject: str) -> None:
        self.numbers += 1
        self.send(f"SUB {subject} {self.numbers}".encode())

    def publish(self, subject: str, payload: bytes, headers: dict[str, str] | None = None, reply: str = "") -> None:
        head = b"NATS/1.0\r\n" + b"".join(f"{name}: {value}\r\n".encode() for name, value in (headers or {}).items()) + b"\r\n"
        self.send(f"HPUB {subject} {reply} {len(head)} {len(head) + len(payload)}".encode() + b"\r\n" + head + payload)

    def next(self, seconds: float = 20) -> Message | None:
        """Nothing where nothing comes."""
        if self.waiting:
            return self.waiting.pop(0)
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                line = self.file.readline()
            except TimeoutError:
                return None
            if not line:
                raise ConnectionError("the NATS server has closed the connection")
            words = line.decode().split()
            if words[0] == "PING":
                self.send(b"PONG")
            elif words[0] == "-ERR":
                raise ConnectionError(line.decode())
            elif words[0] in ("MSG", "HMSG"):
                self.socket.settimeout(20)
                whole = self.file.read(int(words[-1]))
                self.file.read(2)
                head = int(words[-2]) if words[0] == "HMSG" else 0
                lines = whole[:head].decode().split("\r\n")
                headers = dict(each.split(": ", 1) for each in lines[1:] if ": " in each)
                if lines[0].strip() not in ("", "NATS/1.0"):
                    headers["Status"] = lines[0].split()[1]
                return Message(words[1], headers, whole[head:], words[2] == "1")
        return None

    def request(self, subject: str, payload: bytes = b"", headers: dict[str, str] | None = None) -> Message:
        self.numbers += 1
        reply = f"{self.inbox}.{self.numbers}"
        self.publish(subject, payload, headers, reply)
        others, self.waiting = self.waiting, []
        while message := self.next():
            # What a stream delivers keeps its own subject.
            if message.is_answer and (message.subject == reply or not message.subject.startswith(self.inbox)):
                self.waiting = others
                return message
            others.append(message)
        raise TimeoutError(subject)

    def api(self, what: str, **body: Any) -> dict[str, Any]:
        return json.loads(self.request("$JS.API." + what, json.dumps(body).encode() if body else b"").payload)

    def put(self, subject: str, payload: bytes, **headers: str) -> dict[str, Any]:
        """Into a stream; what it says."""
        return json.loads(self.request(subject, payload, {name.replace("_", "-"): value for name, value in headers.items()}).payload)

    def stream(self, name: str) -> dict[str, Any]:
        return self.api(f"STREAM.INFO.{name}")

    def messages(self, stream: str) -> list[Message]:
        """All that a stream holds."""
        state = self.stream(stream)["state"]
        found = []
        for number in range(state["first_seq"], state["last_seq"] + 1):
            told = self.api(f"STREAM.MSG.GET.{stream}", seq=number)
            if "message" in told:
                found.append(as_message(told["message"]))
        return found


def as_message(stored: dict[str, Any]) -> Message:
    head = base64.b64decode(stored.get("hdrs", "")).decode()
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    return Message(stored["subject"], headers, base64.b64decode(stored.get("data", "")))
