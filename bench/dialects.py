#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""What dialects, slots and kept prompts do to the speed of a language model, as ratios within one run.

    bench/dialects.py [decode] [parallel] [turns] MODEL.gguf

decode: tokens per second through each dialect, of the same llama-server without the daemon.
parallel: of four clients together, of one, and the bare server's beside it. turns: the time to the
first token of a conversation's second turn, and of the same once the model was unloaded, of the
first turn's, whose history has some
500 tokens. bench/make_random_model.py writes a model. Needs the release build and the engine runtime.
"""

import argparse
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any, Callable

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/support"))
from daemon import Daemon, add_model  # noqa: E402
from llama_direct import socket_of  # noqa: E402
from serving import Stream, show, spread  # noqa: E402

TOKENS = 48
USER = {"role": "user", "content": "w1 w2 w3 w4 w5"}
GREEDY = {"temperature": 0, "seed": 1}
OLLAMA = {"model": "large", "options": {**GREEDY, "num_predict": TOKENS}}
OPENAI = {"model": "large", "stream": True, "max_tokens": TOKENS, **GREEDY}

# Path, body, and what stands in each of its events that has text.
DIALECTS: dict[str, tuple[str, dict[str, Any], bytes]] = {
    "/api/chat": ("/api/chat", {**OLLAMA, "messages": [USER]}, b'"content":"'),
    "/api/generate": ("/api/generate", {**OLLAMA, "prompt": USER["content"]}, b'"response":"'),
    "/v1/chat/completions": ("/v1/chat/completions", {**OPENAI, "messages": [USER]},
                             b'"delta":{"content":'),
    "/v1/completions": ("/v1/completions", {**OPENAI, "prompt": USER["content"]}, b'"text":"'),
    "/v1/responses": ("/v1/responses", {
        "model": "large", "stream": True, "store": False, "max_output_tokens": TOKENS,
        "temperature": 0, "input": USER["content"]}, b'"type":"response.output_text.delta"'),
    "/v1/messages": ("/v1/messages", {
        "model": "large", "stream": True, "max_tokens": TOKENS, "temperature": 0,
        "messages": [USER]}, b'"type":"content_block_delta"'),
}


class Bench:
    def __init__(self, daemon: Daemon) -> None:
        self.daemon = daemon
        daemon.request("POST", "/api/generate", {"model": "large"}, timeout=300)
        self.server = socket_of(daemon, "--alias")

    def ask(self, path: str, body: dict[str, Any], mark: bytes) -> Stream:
        return Stream(lambda: socket.create_connection(("127.0.0.1", self.daemon.port)), path, body,
                      mark)

    def ask_directly(self, body: dict[str, Any]) -> Stream:
        def connect() -> socket.socket:
            line = socket.socket(socket.AF_UNIX)
            line.connect(self.server)
            return line
        return Stream(connect, "/v1/chat/completions", body, b'"delta":{"content":"')


def measure_decode(bench: Bench, rounds: int) -> None:
    bare = {**OPENAI, "messages": [USER], "top_k": 40, "top_p": 0.9, "min_p": 0}
    times: dict[str, list[float]] = {name: [] for name in DIALECTS}
    for _ in range(rounds):
        for name, (path, body, mark) in DIALECTS.items():
            direct = bench.ask_directly(bare)
            ours = bench.ask(path, body, mark)
            if min(direct.events, ours.events) < TOKENS // 2:
                raise RuntimeError(f"{name}: {ours.events} events of {direct.events}")
            times[name].append(direct.per_event / ours.per_event)
    for name, ratios in times.items():
        show(f"decode speed, {name} / bare", spread(ratios, "x"))


def throughput(work: Callable[[int], Stream], clients: int) -> float:
    streams: list[Stream] = []
    threads = [threading.Thread(target=lambda i=i: streams.append(work(i))) for i in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    span = max(s.last for s in streams) - min(s.first for s in streams)
    return sum(s.events - 1 for s in streams) / span


def measure_parallel(bench: Bench, rounds: int) -> None:
    def body(i: int) -> dict[str, Any]:
        return {**OPENAI, "messages": [{"role": "user", "content": f"w{i} w{i + 1}"}]}

    def ours(i: int) -> Stream:
        return bench.ask("/v1/chat/completions", body(i), b'"delta":{"content":')

    def bare(i: int) -> Stream:
        return bench.ask_directly({**body(i), "top_k": 40, "top_p": 0.9, "min_p": 0})

    ratios: dict[Any, list[float]] = {ours: [], bare: []}
    for _ in range(rounds):
        for work, found in ratios.items():
            one, four = throughput(work, 1), throughput(work, 4)
            found.append(four / one)
    show("tokens/s of 4 clients / of 1", spread(ratios[ours], "x"))
    show("the same of the bare server", spread(ratios[bare], "x"))


def first_token(bench: Bench, messages: list[dict[str, str]]) -> tuple[float, str]:
    """How long it takes, and what was said."""
    begun = time.perf_counter()
    first, text = 0.0, ""
    for line in bench.daemon.lines("/api/chat", {
            "model": "large", "messages": messages, "options": {**GREEDY, "num_predict": 12}}, 300):
        first = first or time.perf_counter() - begun
        text += line["message"]["content"]
    return first, text


def measure_turns(bench: Bench, rounds: int) -> None:
    second, again, loaded, bare_load = [], [], [], []
    for number in range(rounds):
        history = " ".join(f"w{number * 1000 + i:x}" for i in range(500))
        messages = [{"role": "user", "content": history}]
        one, said = first_token(bench, messages)
        messages += [{"role": "assistant", "content": said}, {"role": "user", "content": "w1 w2"}]
        two, said = first_token(bench, messages)
        second.append(two / one)
        messages += [{"role": "assistant", "content": said}, {"role": "user", "content": "w3 w4"}]
        bench.daemon.request("POST", "/api/unload", {"model": "large"}, timeout=60)
        begun = time.perf_counter()
        bench.daemon.request("POST", "/api/generate", {"model": "large"}, timeout=300)
        load = time.perf_counter() - begun
        three, _ = first_token(bench, messages)
        again.append(three / one)
        loaded.append((three + load) / one)
        bare_load.append(load)
    show("first token, second turn / first", spread(second, "x"))
    show("first token after unload and load / first", spread(again, "x"))
    show("the same with the load itself", spread(loaded, "x"))
    show("of that the load", spread(bare_load, "s"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*")
    parser.add_argument("model", type=Path)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--prompt-cache-mb", default="512")
    options = parser.parse_args()
    measures = {"decode": measure_decode, "parallel": measure_parallel, "turns": measure_turns}
    with Daemon("--prompt-cache-mb", options.prompt_cache_mb, log_to_file=True) as daemon:
        add_model(daemon.store, "large", options.model, engine="llama")
        bench = Bench(daemon)
        for name in options.what or measures:
            measures[name](bench, options.rounds)
        metrics = daemon.request("GET", "/metrics")[2].decode()
        for line in metrics.splitlines():
            if line.startswith("hailstone_prompts_"):
                print(line)


if __name__ == "__main__":
    main()
