#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Measures the daemon from outside: start-up, small requests, overhead, streaming.

    bench/serving.py [startup] [version] [overhead] [tokens] [decode MODEL.gguf]

Without arguments: all that need no large model. Everything that is compared runs alternately in one
run against the very same llama-server process, so that the ratios hold on a busy machine. Needs the
release build (./run makes it), the engine runtime, and Debian's wrk for version and overhead.
"""

import argparse
import json
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Callable

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/support"))
from daemon import Daemon, add_model  # noqa: E402

STARTER = Path(__file__).resolve().parents[1] / "models/starter/starter-chat.gguf"


def show(name: str, text: str) -> None:
    print(f"{name:<44} {text}", flush=True)


def spread(values: list[float], unit: str) -> str:
    return (f"median {statistics.median(values):.3f} {unit} "
            f"(min {min(values):.3f}, max {max(values):.3f}, n {len(values)})")


def measure_startup() -> None:
    times, rss = [], []
    for _ in range(15):
        with Daemon() as daemon:
            times.append(daemon.listening_after * 1000)
            daemon.request("GET", "/api/version")
            time.sleep(0.2)
            rss.append(daemon.rss_mib())
    show("exec to listening", spread(times, "ms"))
    show("idle RSS after one request", spread(rss, "MiB"))


def run_wrk(daemon: Daemon, path: str, connections: int, seconds: int, script: str = "",
            pin: str = "") -> str:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as lua:
        lua.write(script)
        lua.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
        command += ["-s", lua.name] if script else []
        command.append(f"http://127.0.0.1:{daemon.port}{path}")
        prefix = ["taskset", "-c", pin] if pin else []
        return subprocess.run(prefix + command, capture_output=True, text=True, check=True).stdout


def measure_version() -> None:
    with Daemon(command_prefix=("taskset", "-c", "0"), log_to_file=True) as daemon:
        for _ in range(3):
            out = run_wrk(daemon, "/api/version", 8, 5, pin="1")
            rate = re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)  # type: ignore[union-attr]
            show("GET /api/version, daemon on one core", f"{float(rate):.0f} requests/s")


POST = 'wrk.method = "POST"\nwrk.body = [[%s]]\nwrk.headers["Content-Type"] = "application/json"\n'


def measure_overhead() -> None:
    with Daemon(log_to_file=True) as daemon:
        add_model(daemon.store, "fake", engine="fake", settings={"reply": "ok", "slots": "8"})
        body = json.dumps({"model": "fake", "stream": False,
                           "messages": [{"role": "user", "content": "hello"}]})
        daemon.request("POST", "/api/chat", body)
        for _ in range(3):
            out = run_wrk(daemon, "/api/chat", 8, 5, POST % body)
            found = dict(re.findall(r"(\d+)%\s+([\d.]+[mu]?s)", out))
            show("POST /api/chat, fake engine, 8 connections",
                 f"p50 {found['50']}, p90 {found['90']}, p99 {found['99']}")


class Stream:
    """One streamed request by hand, so that the client costs as little as possible: counts events
    and notes when the first and the last came."""

    def __init__(self, connect: Callable[[], socket.socket], path: str, body: dict[str, Any],
                 mark: bytes) -> None:
        data = json.dumps(body).encode()
        head = (f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(data)}\r\nConnection: close\r\n\r\n").encode()
        self.begun = time.perf_counter()
        self.first = self.last = 0.0
        self.events = 0
        with connect() as line:
            line.sendall(head + data)
            while piece := line.recv(65536):
                if count := piece.count(mark):
                    self.last = time.perf_counter()
                    self.first = self.first or self.last
                    self.events += count

    @property
    def per_event(self) -> float:
        return (self.last - self.first) / max(1, self.events - 1)


class Pair:
    """The same generation through the daemon and straight from the daemon's own llama-server."""

    def __init__(self, daemon: Daemon, model: str, tokens: int) -> None:
        self.daemon, self.model, self.tokens = daemon, model, tokens
        daemon.request("POST", "/api/generate", {"model": model}, timeout=300)
        self.socket_path = self._find_socket()

    def _find_socket(self) -> str:
        for pid in self.daemon.children():
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
            if "--host" in arguments:
                return arguments[arguments.index("--host") + 1]
        raise RuntimeError("the daemon runs no llama-server")

    def through_daemon(self, prompt: str) -> Stream:
        options = {"num_predict": self.tokens, "temperature": 2.0, "seed": 1}
        return Stream(lambda: socket.create_connection(("127.0.0.1", self.daemon.port)),
                      "/api/generate", {"model": self.model, "prompt": prompt, "raw": True,
                                        "options": options}, b'"response":')

    def direct(self, prompt: str) -> Stream:
        def connect() -> socket.socket:
            line = socket.socket(socket.AF_UNIX)
            line.connect(self.socket_path)
            return line
        return Stream(connect, "/completion",
                      {"prompt": prompt, "n_predict": self.tokens, "stream": True, "seed": 1,
                       "temperature": 2.0, "cache_prompt": True}, b"data: ")


def in_parallel(work: Callable[[str], Stream], clients: int, label: str) -> float:
    """Tokens per second of all clients together."""
    streams: list[Stream] = []
    threads = [threading.Thread(target=lambda i=i: streams.append(work(f"{label} {i} once upon")))
               for i in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    span = max(s.last for s in streams) - min(s.begun for s in streams)
    return sum(s.events for s in streams) / span


def measure_tokens() -> None:
    with Daemon(log_to_file=True) as daemon:
        pair = Pair(daemon, "starter-chat", 200)
        added: list[float] = []
        for i in range(300):  # most replies are short
            prompt = f"Tell me about the ports {i}"
            direct, ours = pair.direct(prompt), pair.through_daemon(prompt)
            if direct.events > 20 and ours.events > 20:
                added.append((ours.per_event - direct.per_event) * 1000)
        show("added per streamed token, starter model", spread(added, "ms"))


def measure_decode(weights: Path) -> None:
    with Daemon(log_to_file=True) as daemon:
        add_model(daemon.store, "large", weights, engine="llama")
        pair = Pair(daemon, "large", 48)
        for clients, pairs in ((1, 40), (4, 24)):
            ratios = []
            for i in range(pairs):
                # Prompts of their own: the second must not find the first one's in the cache.
                runs = [(pair.direct, f"{clients}-{i}-direct"),
                        (pair.through_daemon, f"{clients}-{i}-daemon")]
                rates = {label: in_parallel(work, clients, label)
                         for work, label in (runs if i % 2 else reversed(runs))}
                direct_rate, our_rate = (rates[label] for _, label in runs)
                ratios.append(our_rate / direct_rate)
            show(f"decode speed, daemon/direct, {clients} client(s)",
                 spread(ratios, "x") + f", last {our_rate:.1f} tokens/s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=["startup", "version", "overhead", "tokens"])
    what = parser.parse_args().what
    if "decode" in what:
        at = what.index("decode")
        measure_decode(Path(what[at + 1]))
        del what[at:at + 2]
    for name in what:
        {"startup": measure_startup, "version": measure_version, "overhead": measure_overhead,
         "tokens": measure_tokens}[name]()


if __name__ == "__main__":
    main()
