# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Many clients, and a budget of memory that holds only a few of their models: what the functional
tests and bench/residency.py share. Measured from outside, on the processes themselves."""

import http.client
import random
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from daemon import Daemon

MIB = 1 << 20
LIMIT = 100 * MIB
ENV = {"HAILSTONE_MEMORY_LIMIT": "100MiB", "HAILSTONE_MEMORY_WAIT": "20s"}
ENGINE = "fake-hosted"
MODELS = {f"m{i}": {"footprint_mb": str(size), "tokens": "50", "token_ms": "5"}
          for i, size in enumerate((8, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 60))}
KINDS = ("/api/generate", "/api/chat", "/api/embed")
PATIENCE = 120.0  # a request that takes longer has been forgotten


def pss(pid: int) -> int:
    """Of a process, in bytes; 0 when it has gone."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


class Watcher(threading.Thread):
    """Use as a context manager. Keeps the most that the daemon's children took together."""

    def __init__(self, daemon_: Daemon) -> None:
        super().__init__(daemon=True)
        self.watched, self.most, self.over = daemon_, 0, threading.Event()

    def __enter__(self) -> "Watcher":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.join()

    def run(self) -> None:
        while not self.over.wait(0.01):
            self.most = max(self.most, sum(pss(pid) for pid in self.watched.children()))


@dataclass
class Answer:
    model: str
    status: int  # 0: none came
    headers: dict[str, str]
    body: str
    seconds: float

    def is_served(self) -> bool:
        return self.status == 200 and '"error"' not in self.body

    def is_clear(self) -> bool:
        """A reply, or a refusal that says how much memory is missing, or that somebody has unloaded
        the model meanwhile, and when to come again."""
        says_why = "MiB" in self.body or "was unloaded while it was being loaded" in self.body
        return self.is_served() or (self.status == 503 and says_why
                                    and "retry-after" in self.headers)


def warm_up(daemon_: Daemon, models: list[str]) -> None:
    """Makes it read what the models are, once and for all: that takes processes too."""
    daemon_.json("GET", "/api/tags")
    for name in models:
        status, plan = daemon_.json("POST", "/api/models/plan", {"model": name})
        assert status == 200, plan


def ask(daemon_: Daemon, model: str, path: str = "/api/generate", tokens: int = 1) -> Answer:
    body = {"model": model, "prompt": "x", "input": "x", "stream": path == "/api/chat",
            "messages": [{"role": "user", "content": "x"}], "options": {"num_predict": tokens}}
    begun = time.monotonic()
    try:
        status, headers, data = daemon_.request("POST", path, body, timeout=PATIENCE)
    except (OSError, http.client.HTTPException) as error:
        return Answer(model, 0, {}, repr(error), time.monotonic() - begun)
    return Answer(model, status, headers, data.decode(), time.monotonic() - begun)


def ask_at_random(daemon_: Daemon, requests: int, clients: int = 16) -> list[Answer]:
    """Any model, any kind, mostly short; now and then the model was unloaded just before. Each
    client sends one request after the other."""
    answers: list[Answer] = []

    def client(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(requests // clients):
            model = dice.choice(list(MODELS))
            if dice.random() < 0.05:
                daemon_.json("POST", "/api/unload", {"model": model})
            answers.append(ask(daemon_, model, dice.choice(KINDS), dice.choice((1, 1, 5, 50))))

    threads = [threading.Thread(target=client, args=(seed,)) for seed in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
