# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Models share a budget of memory: measured from outside, on the processes themselves."""

import os
import random
import threading
import time
import unittest
from pathlib import Path

from support import HOSTED, DaemonTest, eventually

MIB = 1 << 20


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
    """Keeps the most that the daemon's children took together."""

    def __init__(self, test: DaemonTest) -> None:
        super().__init__(daemon=True)
        self.test, self.most, self.done = test, 0, threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.01):
            self.most = max(self.most, sum(pss(pid) for pid in self.test.daemon.children()))


class TinyBudget(DaemonTest):
    SIZES = (8, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 60)
    LIMIT = 100 * MIB
    REQUESTS = int(os.environ.get("HAILSTONE_TEST_REQUESTS", "400"))
    MODELS = {**{f"m{i}": (HOSTED, {"footprint_mb": str(size), "reply": "ok"})
                 for i, size in enumerate(SIZES)},
              "slow": (HOSTED, {"footprint_mb": "60", "token_ms": "20", "tokens": "100"}),
              "huge": (HOSTED, {"footprint_mb": "200"})}
    ENV = {"HAILSTONE_MEMORY_LIMIT": "100MiB", "HAILSTONE_MEMORY_WAIT": "20s"}

    def setUp(self) -> None:
        self.daemon.json("GET", "/api/tags")  # reads what the models are, once and for all
        for name in self.MODELS:
            self.assertEqual(self.daemon.json("POST", "/api/models/plan", {"model": name})[0], 200)

    def test_many_clients_never_exceed_the_budget_and_every_refusal_has_numbers(self) -> None:
        replies: list[tuple[int, dict[str, str], str]] = []

        def client(seed: int) -> None:
            dice = random.Random(seed)
            for _ in range(self.REQUESTS // 16):
                name = f"m{dice.randrange(len(self.SIZES))}"
                if dice.random() < 0.05:
                    self.daemon.json("POST", "/api/unload", {"model": name})
                status, headers, body = self.daemon.request(
                    "POST", "/api/generate", {"model": name, "prompt": "x", "stream": False},
                    timeout=120)
                replies.append((status, headers, body.decode()))

        watcher = Watcher(self)
        watcher.start()
        clients = [threading.Thread(target=client, args=(seed,)) for seed in range(16)]
        for thread in clients:
            thread.start()
        for thread in clients:
            thread.join()
        watcher.done.set()
        watcher.join()
        self.assertEqual(len(replies), self.REQUESTS // 16 * 16)
        self.assertGreater(watcher.most, 50 * MIB, "the watcher saw nothing")
        self.assertLessEqual(watcher.most, self.LIMIT)
        self.assertIn(200, [status for status, _, _ in replies])
        for status, headers, body in replies:
            if status != 200:
                self.assertEqual(status, 503, body)
                self.assertIn("MiB", body)
                self.assertIn("retry-after", headers)

    def test_what_can_never_fit_is_refused_at_once(self) -> None:
        begun = time.monotonic()
        status, headers, body = self.daemon.request(
            "POST", "/api/generate", {"model": "huge", "prompt": "x", "stream": False})
        self.assertEqual(status, 503)
        self.assertNotIn("retry-after", headers)
        self.assertIn("the limit is 100.0 MiB", body.decode())
        self.assertLess(time.monotonic() - begun, 10, "it waited for memory")

    def test_unload_ends_the_process(self) -> None:
        self.daemon.json("POST", "/api/unload", {})
        self.chat("m11", "x")
        child = self.daemon.children()
        self.assertEqual(len(child), 1)
        self.assertGreater(pss(child[0]), 60 * MIB)
        self.daemon.json("POST", "/api/unload", {"model": "m11"})
        self.assertTrue(eventually(lambda: pss(child[0]) == 0, 1))
        memory = self.daemon.json("GET", "/api/ps")[1]["memory"]
        self.assertEqual(memory["host"]["used_bytes"], 0)
        self.assertEqual(memory["host"]["limit_bytes"], self.LIMIT)

    def test_fifty_first_requests_cause_one_load(self) -> None:
        self.daemon.json("POST", "/api/unload", {})
        before = self.loads()
        clients = [threading.Thread(target=self.chat, args=("m3", "x")) for _ in range(50)]
        for thread in clients:
            thread.start()
        for thread in clients:
            thread.join()
        self.assertEqual(self.loads() - before, 1)

    def test_a_plan_names_who_would_go(self) -> None:
        self.daemon.json("POST", "/api/unload", {})
        self.chat("m11", "x")
        plan = self.daemon.json("POST", "/api/models/plan", {"model": "slow"})[1]
        self.assertEqual((plan["fits"], plan["evicts"]), (True, ["m11:latest"]))

    def loads(self) -> float:
        metrics = self.daemon.request("GET", "/metrics")[2].decode()
        return sum(float(line.split()[-1]) for line in metrics.splitlines()
                   if line.startswith('hailstone_model_loads_total{outcome="loaded"}'))


class OperatorsWishes(DaemonTest):
    MODELS = {"first": (HOSTED, {}), "second": (HOSTED, {}), "crasher": (HOSTED, {
        "crash_at_load": "1"})}
    ENV = {"HAILSTONE_PRELOAD": "first,missing", "HAILSTONE_PIN": "first",
           "HAILSTONE_MAX_KEEP_ALIVE": "10m", "OLLAMA_MAX_LOADED_MODELS": "2"}

    def loaded(self) -> list[str]:
        return [model["name"] for model in self.daemon.json("GET", "/api/ps")[1]["models"]]

    def test_a_preloaded_pinned_model_is_there_and_stays(self) -> None:
        self.assertTrue(eventually(lambda: "first:latest" in self.loaded()))
        self.chat("first", "x", keep_alive=0)
        self.assertIn("first:latest", self.loaded())

    def test_a_keep_alive_that_is_too_long_is_cut_and_the_reply_says_so(self) -> None:
        for body in ({"prompt": "x"}, {}):
            _, headers, _ = self.daemon.request("POST", "/api/generate", {
                "model": "second", "keep_alive": "1h", "stream": False, **body})
            self.assertEqual(headers["x-hailstone-keep-alive"], "10m0s")
            self.assertEqual(headers["x-hailstone-engine"], HOSTED)

    def test_a_model_that_always_crashes_is_faulted_until_an_operator_clears_it(self) -> None:
        replies = [self.chat("crasher", "x") for _ in range(4)]
        self.assertEqual(replies[-1][0], 503)
        self.assertIn("faulted", replies[-1][1]["error"])
        tags = {model["name"]: model for model in self.daemon.json("GET", "/api/tags")[1]["models"]}
        self.assertEqual(tags["crasher:latest"]["faulted"]["crashes"], 3)
        self.assertEqual(self.daemon.json("GET", "/api/health")[1]["status"], "degraded")
        self.assertEqual(self.daemon.json("POST", "/api/unload", {"model": "crasher"})[1]["cleared"],
                         ["crasher:latest"])
        self.assertNotIn("faulted", self.chat("crasher", "x")[1]["error"])


if __name__ == "__main__":
    unittest.main()
