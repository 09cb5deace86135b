# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""The real daemon with a home and models of its own, for functional tests and benchmarks."""

import hashlib
import http.client
import json
import os
import re
import select
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Iterator

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("HAILSTONE_BINARY", ROOT / "build/release/bin/hailstone"))


def link_or_copy(source: Path, target: Path) -> None:
    """A store follows no symbolic links out of it."""
    try:
        os.link(source, target)
    except OSError:  # another file system, or another user's file
        shutil.copyfile(source, target)


def add_model(store: Path, name: str, weights: bytes | Path = b"no weights", *, engine: str,
              settings: dict[str, str] | None = None,
              layers: dict[str, str | bytes | Path] | None = None,
              task: str = "chat", decoder: str = "") -> None:
    """Writes a model into a store in Ollama's layout."""
    blobs = store / "blobs"
    blobs.mkdir(parents=True, exist_ok=True)

    def add(kind: str, data: bytes | Path) -> dict[str, Any]:
        if isinstance(data, Path):
            with open(data, "rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = data.stat().st_size
            if not (blobs / f"sha256-{digest}").exists():
                link_or_copy(data.resolve(), blobs / f"sha256-{digest}")
        else:
            digest, size = hashlib.sha256(data).hexdigest(), len(data)
            (blobs / f"sha256-{digest}").write_bytes(data)
        return {"mediaType": kind, "digest": f"sha256:{digest}", "size": size}

    image = "application/vnd.ollama.image."
    config = {"model_format": "gguf" if engine == "llama" else engine, "model_family": engine,
              "model_families": [engine], "model_type": "1M", "file_type": "F32",
              "hailstone": {"task": task, "engine": engine, "decoder": decoder,
                            "settings": settings or {}}}
    manifest = {"schemaVersion": 2,
                "config": add("application/vnd.docker.container.image.v1+json",
                              json.dumps(config).encode()),
                "layers": [add(image + "model", weights)] +
                          [add(image + kind, data.encode() if isinstance(data, str) else data)
                           for kind, data in (layers or {}).items()]}
    model, _, tag = name.partition(":")
    path = store / "manifests/registry.ollama.ai/library" / model / (tag or "latest")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(manifest))


class Daemon:
    """Use as a context manager. The home is removed at the end."""

    def __init__(self, *args: str, env: dict[str, str] | None = None,
                 command_prefix: tuple[str, ...] = (), log_to_file: bool = False,
                 pass_fds: tuple[int, ...] = ()) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="hailstone-test-"))
        self.store = self.home / "models"
        self.args, self.env, self.command_prefix = args, env or {}, command_prefix
        self.pass_fds = pass_fds
        self.log_to_file = log_to_file  # for benchmarks: reading a pipe costs as much as serving
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.listening_after = 0.0
        self.log: list[str] = []
        self.welcome = ""  # what it printed at the start

    def __enter__(self) -> "Daemon":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def start(self) -> None:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("OLLAMA_", "HAILSTONE_"))}
        env.update(self.env)
        if runtime := os.environ.get("HAILSTONE_ENGINE_RUNTIME"):
            env.setdefault("HAILSTONE_ENGINE_RUNTIME", runtime)
        begun = time.perf_counter()
        self.process = subprocess.Popen(
            [*self.command_prefix, str(BINARY), "serve", "--listen", "127.0.0.1:0", "--home",
             str(self.home), *self.args],
            stdout=subprocess.PIPE, env=env, pass_fds=self.pass_fds,
            stderr=open(self.home / "log", "wb") if self.log_to_file else subprocess.PIPE)
        self.port = self._await_port()
        self.listening_after = time.perf_counter() - begun
        if not self.log_to_file:
            threading.Thread(target=self._keep_log, daemon=True).start()

    def _await_port(self, patience: float = 30) -> int:
        assert self.process and self.process.stdout
        seen = b""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if select.select([self.process.stdout], [], [], 0.1)[0]:
                piece = os.read(self.process.stdout.fileno(), 4096)
                seen += piece
                if found := re.search(rb"listening on http://127\.0\.0\.1:(\d+)", seen):
                    self.welcome = seen.decode()
                    return int(found.group(1))
                if not piece:
                    break
        self.process.kill()
        log = self.process.stderr.read() if self.process.stderr else (self.home / "log").read_bytes()
        raise RuntimeError("the daemon did not start: " + log.decode())

    def wyoming_port(self) -> int:
        """Where it was started with --wyoming 127.0.0.1:0."""
        found = re.search(r"listening on tcp://127\.0\.0\.1:(\d+)", self.welcome)
        assert found, self.welcome
        return int(found.group(1))

    def _keep_log(self) -> None:
        assert self.process and self.process.stderr
        with self.process.stderr as lines:
            for line in lines:
                self.log.append(line.decode(errors="replace").rstrip())

    def stop(self, number: int = signal.SIGTERM, patience: float = 35) -> int:
        assert self.process
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.await_end(patience)

    def await_end(self, patience: float = 35) -> int:
        assert self.process and self.process.stdout
        try:
            code = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        self.process.stdout.close()
        return code

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def rss_mib(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024  # type: ignore[union-attr]

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def children(self) -> list[int]:
        """Direct children, whichever thread started them."""
        out: list[int] = []
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            try:
                out += [int(pid) for pid in (task / "children").read_text().split()]
            except OSError:
                pass
        return out

    def connect(self, timeout: float = 60) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def request(self, method: str, path: str, body: Any = None,
                headers: dict[str, str] | None = None, timeout: float = 60
                ) -> tuple[int, dict[str, str], bytes]:
        """body: bytes as they are, anything else as JSON. Header names come in lower case."""
        data = body if body is None or isinstance(body, (bytes, str)) else json.dumps(body)
        connection = self.connect(timeout)
        try:
            connection.request(method, path, data, headers or {})
            reply = connection.getresponse()
            return reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read()
        finally:
            connection.close()

    def json(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        status, _, data = self.request(method, path, body, **more)
        return status, json.loads(data)

    def lines(self, path: str, body: Any, timeout: float = 60) -> Iterator[Any]:
        """The objects of a streamed reply, as they come. Closing the iterator drops the line."""
        connection = self.connect(timeout)
        try:
            connection.request("POST", path, json.dumps(body))
            for line in connection.getresponse():
                yield json.loads(line)
        finally:
            connection.close()


def eventually(condition: Any, patience: float = 10) -> bool:
    """Waits, with a bound, for something that the daemon does in its own time."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return bool(condition())
