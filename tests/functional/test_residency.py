# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Models share a budget of memory: measured from outside, on the processes themselves."""

import os
import threading
import time
import unittest
from pathlib import Path

from support import HOSTED, DaemonTest, eventually
import residency
from residency import LIMIT, MIB, pss


class TinyBudget(DaemonTest):
    REQUESTS = int(os.environ.get("HAILSTONE_TEST_REQUESTS", "400"))
    MODELS = {**{name: (HOSTED, settings) for name, settings in residency.MODELS.items()},
              "slow": (HOSTED, {"footprint_mb": "60", "token_ms": "20", "tokens": "100"}),
              "huge": (HOSTED, {"footprint_mb": "200"})}
    ENV = residency.ENV

    def setUp(self) -> None:
        residency.warm_up(self.daemon, list(self.MODELS))

    def test_many_clients_never_exceed_the_budget_and_every_refusal_has_numbers(self) -> None:
        with residency.Watcher(self.daemon) as watcher:
            answers = residency.ask_at_random(self.daemon, self.REQUESTS)
        self.assertEqual(len(answers), self.REQUESTS // 16 * 16)
        self.assertGreater(watcher.most, 50 * MIB, "the watcher saw nothing")
        self.assertLessEqual(watcher.most, LIMIT)
        self.assertTrue(any(answer.is_served() for answer in answers))
        self.assertEqual([answer for answer in answers if not answer.is_clear()], [])

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
        self.assertEqual(memory["host"]["limit_bytes"], LIMIT)

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


def memory_figure(name: str) -> int:
    """Of the whole machine, in bytes."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"no {name} in /proc/meminfo")


class Giant(DaemonTest):
    MODELS = {"giant": (HOSTED, {"footprint_mb": "256"})}

    def memory_came_back(self) -> bool:
        """Within a second of unloading: 80 % of what was taken. Since Linux 6.7 each core keeps
        freed pages for a while, which MemAvailable counts only later; AnonPages falls at once."""
        self.assertEqual(self.chat("giant", "x")[0], 200)
        [child] = self.daemon.children()
        taken = pss(child)
        self.assertGreater(taken, 250 * MIB)
        available, used = memory_figure("MemAvailable"), memory_figure("AnonPages")
        self.daemon.json("POST", "/api/unload", {"model": "giant"})

        def is_back() -> bool:
            return max(memory_figure("MemAvailable") - available,
                       used - memory_figure("AnonPages")) > 0.8 * taken
        came_back = eventually(is_back, 1)
        # Its pages go before it does.
        self.assertTrue(eventually(lambda: not self.daemon.children(), 1),
                        "the process is still there")
        return came_back

    def test_the_memory_of_an_unloaded_model_is_the_machines_again(self) -> None:
        # The machine has other programs, which take and give as they like: one round of five that
        # they do not disturb is enough.
        self.assertTrue(any(self.memory_came_back() for _ in range(5)))


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
        _, reply = self.daemon.json("POST", "/api/generate", {"model": "first", "keep_alive": 0})
        self.assertEqual(reply["done_reason"], "load", "it is pinned")
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
