# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Bad luck and bad manners, all at once: clients that want different options, leave in the middle, unload and pull,
while engines are killed, stopped and crashed. What is left afterwards is compared with what was there before."""

import collections
import contextlib
import dataclasses
import http.client
import json
import os
import random
import signal
import socket
import threading
import time
from pathlib import Path
from typing import Any, Callable, Iterator

from daemon import Daemon, add_model, eventually

FAKE, HOSTED = "fake", "fake-hosted"
# What a client may be told: done; a wish that cannot be fulfilled; an engine that failed; busy; too late.
DOCUMENTED = {200, 404, 500, 502, 503, 504}
MODELS: dict[str, tuple[str, dict[str, str]]] = {
    "reloaded": (HOSTED, {"token_ms": "2", "tokens": "30"}),
    "shared": (HOSTED, {"token_ms": "1", "tokens": "20", "slots": "2"}),
    "slow-to-load": (HOSTED, {"load_ms": "150", "token_ms": "1", "tokens": "10"}),
    "crasher": (HOSTED, {"crash_after": "3", "tokens": "10"}),
    "inside": (FAKE, {"token_ms": "1", "tokens": "20", "slots": "1"}),
}


@dataclasses.dataclass
class Holdings:
    """What a process has that it could lose."""
    children: int
    files: int
    threads: int
    memory_mib: float
    shared: int  # pieces of memory that are shared with engines
    temporary: int

    @staticmethod
    def of(daemon: Daemon) -> "Holdings":
        return Holdings(len(daemon.children()), daemon.open_files(),
                        len(os.listdir(f"/proc/{daemon.pid}/task")), daemon.rss_mib(),
                        Path(f"/proc/{daemon.pid}/maps").read_text().count("/memfd:"),
                        sum(1 for _ in Path(daemon.env["XDG_RUNTIME_DIR"]).rglob("*")))


class Chaos:
    def __init__(self, daemon: Daemon, seed: int) -> None:
        self.daemon, self.random = daemon, random.Random(seed)
        self.answers: collections.Counter[str] = collections.Counter()
        self.broken: list[str] = []  # promises
        self.slowest_health = 0.0
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._stopped: set[int] = set()
        # A registry that takes every connection and never answers.
        self._mute = socket.create_server(("127.0.0.1", 0), backlog=128)

    def run(self, seconds: float, clients: int) -> None:
        roles: list[Callable[[], None]] = [self._client] * clients
        roles += [self._killer, self._unloader, self._puller, self._watcher]
        threads = [threading.Thread(target=self._repeat, args=(role,)) for role in roles]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        self._stop.set()
        for thread in threads:
            thread.join(90)
            if thread.is_alive():
                self._complain("a client got no answer within 90 s")
        for pid in self._stopped:
            self._signal(pid, signal.SIGCONT)
        self._mute.close()

    def _repeat(self, role: Callable[[], None]) -> None:
        while not self._stop.is_set():
            try:
                role()
            except (OSError, http.client.HTTPException) as error:
                self._complain(f"{role.__name__}: {type(error).__name__}: {error}")
                time.sleep(0.1)

    def _complain(self, text: str) -> None:
        with self._lock:
            self.broken.append(text)

    def _count(self, text: str) -> None:
        with self._lock:
            self.answers[text] += 1

    @contextlib.contextmanager
    def _open(self) -> Iterator[http.client.HTTPConnection]:
        connection = self.daemon.connect(60)
        try:
            yield connection
        finally:
            connection.close()

    def _client(self) -> None:
        body = {"model": self.random.choice(list(MODELS)), "stream": self.random.random() < 0.5,
                "messages": [{"role": "user", "content": "hello"}],
                "options": {"num_ctx": self.random.choice([256, 512])}}
        if self.random.random() < 0.1:
            body["keep_alive"] = 0
        lane = self.random.choice(["interactive", "live", "batch"])
        with self._open() as connection:
            connection.request("POST", "/api/chat", json.dumps(body), {"X-Hailstone-Lane": lane})
            if self.random.random() < 0.15:
                time.sleep(self.random.random() * 0.1)
                return self._count("left")
            reply = connection.getresponse()
            lines = reply.read().splitlines()
        self._check(reply.status, lines)
        if reply.status == 503:
            time.sleep(0.05)

    def _check(self, status: int, lines: list[bytes]) -> None:
        self._count(str(status))
        last = json.loads(lines[-1]) if lines else {}
        if status not in DOCUMENTED:
            self._complain(f"status {status}: {last}")
        elif not (last.get("done") or last.get("error")):
            self._complain(f"no end: {status} {last}")

    def _killer(self) -> None:
        time.sleep(self.random.choice([0.05, 0.1, 0.3]))
        children = self.daemon.children()
        if not children:
            return
        victim = self.random.choice(children)
        number = self.random.choice([signal.SIGKILL, signal.SIGSEGV, signal.SIGSTOP])
        self._signal(victim, number)
        if number == signal.SIGSTOP:
            self._stopped.add(victim)
            time.sleep(self.random.random())
            self._signal(victim, self.random.choice([signal.SIGCONT, signal.SIGKILL]))

    @staticmethod
    def _signal(pid: int, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)

    def _unloader(self) -> None:
        time.sleep(self.random.random() * 0.3)
        self.daemon.request("POST", "/api/unload", {"model": self.random.choice(list(MODELS))})

    def _puller(self) -> None:
        time.sleep(self.random.random() * 0.3)
        if self.random.random() < 0.5:
            return self._leave_pull()
        # Nobody listens there: the pull must say so.
        status, _, data = self.daemon.request(
            "POST", "/api/pull", {"model": "http://127.0.0.1:9/library/none", "stream": False,
                                  "insecure": True})
        if status == 200 or b"error" not in data:
            self._complain(f"a pull from nowhere: {status} {data[:200]!r}")

    def _leave_pull(self) -> None:
        """A download that its client gives up while the registry says nothing."""
        wish = {"model": f"http://127.0.0.1:{self._mute.getsockname()[1]}/library/none", "insecure": True}
        with self._open() as connection:
            connection.request("POST", "/api/pull", json.dumps(wish))
            time.sleep(self.random.random() * 0.2)
        self._count("pull left")

    def _watcher(self) -> None:
        for path in ("/health/live", "/api/health", "/api/ps", "/metrics", "/api/tags"):
            begun = time.monotonic()
            status, _, _ = self.daemon.request("GET", path, timeout=20)
            self.slowest_health = max(self.slowest_health, time.monotonic() - begun)
            if status != 200:
                self._complain(f"GET {path}: {status}")
        time.sleep(0.05)


def make_daemon(*args: str, **more: Any) -> Daemon:
    """With the models, and a folder of its own for what is temporary; not started yet."""
    daemon = Daemon(*args, **more)
    daemon.env["XDG_RUNTIME_DIR"] = str(daemon.home / "run")
    (daemon.home / "run").mkdir(mode=0o700)
    for name, (engine, settings) in MODELS.items():
        add_model(daemon.store, name, engine=engine, settings=settings)
    return daemon


def settle(daemon: Daemon, idle_seconds: float = 0) -> Holdings:
    """After everybody has gone: nothing is in use, nothing is loaded. Threads end when they have had
    nothing to do for ten seconds."""
    def is_quiet() -> bool:
        daemon.request("POST", "/api/unload", {})
        status: Any = daemon.json("GET", "/api/ps")[1]
        return not status["models"] and not daemon.children()
    eventually(is_quiet, 60)
    time.sleep(idle_seconds)
    return Holdings.of(daemon)
