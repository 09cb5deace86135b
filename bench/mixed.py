#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Chats that queue, pages that are read, texts that are embedded and pictures that are looked at, all at once, by clients of
which some leave, while the engines' processes are killed and stopped.

    bench/mixed.py [SECONDS [CLIENTS [SEED]]]      600, 64 and the time where nothing is said

Half of the clients chat with one model that has one slot, so that a queue stands before it; a quarter embed, a quarter have
pages read; each of these models has a process, which is killed or stopped every second or so. Two more processes ask: one for
/api/detect, whose engine nobody else uses, one for health and lists. First these two are alone for a while: what they see then
is what they should see with all the others. The exit status is 1 where an answer was none that is documented, or none came.
Needs the release build (./run makes it)."""

import collections
import contextlib
import http.client
import json
import multiprocessing
import os
import random
import signal
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/support"))
from daemon import Daemon, add_model, eventually  # noqa: E402
from png import png  # noqa: E402

ALONE_SECONDS = 20
DOCUMENTED = {200, 500, 502, 503, 504}
LISTS = ("/health/live", "/api/health", "/api/ps", "/metrics")
INPUT = '{"width":32,"height":32,"resize":"letterbox"}'
BOXES = {"input": INPUT, "outputs": "boxes[1,6]=8 10 8 4 0.9 0", "token_ms": "2"}


class Load:
    """What the clients do, in threads of this process."""

    def __init__(self, daemon: Daemon, seed: int) -> None:
        self.daemon, self.random = daemon, random.Random(seed)
        self.answers: collections.Counter[str] = collections.Counter()
        self.faults: list[str] = []
        self.queue = 0  # the longest that was seen
        self._stop = threading.Event()
        self._lock = threading.Lock()

    def run(self, seconds: float, clients: int) -> None:
        page = png(64, 64)
        text = {"model": "embedder", "input": ["hail"] * 4}
        chat = {"model": "talker", "messages": [{"role": "user", "content": "hello"}]}
        jobs = [("/api/chat", json.dumps(chat).encode())] * 2
        jobs += [("/api/embed", json.dumps(text).encode()), ("/api/ocr?model=reader", page)]
        threads = [threading.Thread(target=self._repeat, args=(self._ask, *jobs[i % len(jobs)]))
                   for i in range(clients)]
        threads += [threading.Thread(target=self._repeat, args=(role,)) for role in (self._kill, self._look)]
        for thread in threads:
            thread.start()
        time.sleep(seconds)
        self._stop.set()
        for thread in threads:
            thread.join(120)
            if thread.is_alive():
                self.faults.append("a client got no answer within two minutes")

    def _repeat(self, role, *arguments: object) -> None:
        while not self._stop.is_set():
            try:
                role(*arguments)
            except (OSError, http.client.HTTPException) as error:
                with self._lock:
                    self.faults.append(f"{role.__name__}: {type(error).__name__}: {error}")

    def _ask(self, path: str, body: bytes) -> None:
        kind = "image/png" if body.startswith(b"\x89PNG") else "application/json"
        connection = self.daemon.connect(120)
        try:
            connection.request("POST", path, body, {"Content-Type": kind})
            if self.random.random() < 0.1:
                time.sleep(self.random.random() * 0.2)
                return self._count(path, "left")
            reply = connection.getresponse()
            lines = reply.read().splitlines()
        finally:
            connection.close()
        self._count(path, str(reply.status))
        last = json.loads(lines[-1]) if lines else {}
        if reply.status not in DOCUMENTED or (reply.status != 200 and not last.get("error")):
            with self._lock:
                self.faults.append(f"{path}: {reply.status} {str(last)[:200]}")
        if reply.status == 503:
            time.sleep(0.2)

    def _count(self, path: str, what: str) -> None:
        with self._lock:
            self.answers[f"{path.split('?')[0]} {what}"] += 1

    def _kill(self) -> None:
        time.sleep(0.5 + self.random.random())
        children = self.daemon.children()
        if not children:
            return
        victim = self.random.choice(children)
        with contextlib.suppress(ProcessLookupError):
            if self.random.random() < 0.5:
                os.kill(victim, signal.SIGKILL)
            else:
                os.kill(victim, signal.SIGSTOP)
                time.sleep(self.random.random())
                os.kill(victim, signal.SIGCONT)

    def _look(self) -> None:
        lanes = self.daemon.json("GET", "/api/ps")[1]["queue"]
        self.queue = max(self.queue, sum(lane["waiting"] for lane in lanes.values()))
        time.sleep(0.5)


def probe(port: int, requests: list[tuple[str, str, bytes]], pause: float, stop: object, out: object) -> None:
    """In a process of its own, so that it is not Python's threads that are measured."""
    seconds: dict[str, list[float]] = collections.defaultdict(list)
    faults = []
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while not stop.is_set():  # type: ignore[attr-defined]
        for method, path, body in requests:
            begun = time.perf_counter()
            connection.request(method, path, body or None, {"Content-Type": "image/png"} if body else {})
            reply = connection.getresponse()
            reply.read()
            seconds[path].append(time.perf_counter() - begun)
            if reply.status != 200:
                faults.append(f"{path}: {reply.status}")
        time.sleep(pause)
    out.put((dict(seconds), faults))  # type: ignore[attr-defined]


class Probes:
    """Whoever asks for boxes and lists meanwhile."""

    def __init__(self, daemon: Daemon) -> None:
        self._stop, self._out = multiprocessing.Event(), multiprocessing.Queue()
        picture = ("POST", "/api/detect?model=net", png(64, 32))
        work = [([picture], 0.02), ([("GET", path, b"") for path in LISTS], 0.05)]
        self._processes = [
            multiprocessing.Process(target=probe, args=(daemon.port, requests, pause, self._stop, self._out))
            for requests, pause in work]
        for process in self._processes:
            process.start()

    def finish(self, what: str) -> list[str]:
        self._stop.set()
        faults: list[str] = []
        for _ in self._processes:
            seconds, own = self._out.get(timeout=120)
            faults += own
            for path, times in seconds.items():
                times.sort()
                print(f"{what:<12} {path.split('?')[0]:<14} {len(times):>6} answers, median "
                      f"{times[len(times) // 2] * 1000:.1f} ms, p99 {times[len(times) * 99 // 100] * 1000:.1f} ms, "
                      f"longest {times[-1] * 1000:.1f} ms", flush=True)
        for process in self._processes:
            process.join()
        return faults


def main() -> int:
    numbers = [int(argument) for argument in sys.argv[1:]] + [None] * 3
    seconds, clients, seed = numbers[0] or 600, numbers[1] or 64, numbers[2] or int(time.time())
    print(f"{seconds} s, {clients} clients, seed {seed}", flush=True)
    daemon = Daemon(log_to_file=True)
    add_model(daemon.store, "net", engine="fake", task="detect", decoder="boxes", settings=BOXES,
              layers={"labels": "person\n"})
    for name, task, settings in (("talker", "chat", {"token_ms": "5", "tokens": "40", "slots": "1"}),
                                 ("embedder", "embed", {"token_ms": "2"}),
                                 ("reader", "ocr", {"token_ms": "20", "reply": "hail"})):
        add_model(daemon.store, name, engine="fake-hosted", task=task, settings=settings)
    with daemon:
        daemon.request("POST", "/api/detect?model=net", png(64, 32), {"Content-Type": "image/png"})
        probes = Probes(daemon)
        time.sleep(min(ALONE_SECONDS, seconds))
        faults = probes.finish("alone")
        probes, load = Probes(daemon), Load(daemon, seed)
        load.run(seconds, clients)
        faults += load.faults + probes.finish("with others")
        print("answers     ", dict(sorted(load.answers.items())))
        print("queue        at most", load.queue)
        daemon.request("POST", "/api/unload", {})
        if not eventually(lambda: not daemon.children(), 30):
            faults.append("a process is left")
        if (code := daemon.stop()) != 0:
            faults.append(f"the daemon ended with {code}")
    for fault in faults[:20]:
        print("FAULT", fault)
    print("only documented answers" if not faults else f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
