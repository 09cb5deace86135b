# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Who waits for whom, and what heat does to it."""

import json
import threading
import unittest
from typing import Any

from support import FAKE, DaemonTest, eventually, user


class Lanes(DaemonTest):
    MODELS = {"slow": (FAKE, {"token_ms": "20", "tokens": "100000", "slots": "100"}),
              "echo": (FAKE, {})}
    ENV = {"OLLAMA_NUM_PARALLEL": "3", "OLLAMA_MAX_QUEUE": "3"}

    def queue(self) -> dict[str, dict[str, int]]:
        return self.daemon.json("GET", "/api/ps")[1]["queue"]

    def open_stream(self, lane: str) -> Any:
        connection = self.daemon.connect()
        connection.request("POST", "/api/chat",
                           json.dumps({"model": "slow", "messages": user("go")}),
                           {"X-Hailstone-Lane": lane})
        self.addCleanup(connection.close)
        return connection

    def test_a_request_says_its_lane(self) -> None:
        body = {"model": "echo", "messages": user("x"), "stream": False}
        for lane in ("interactive", "live", "batch"):
            status, headers, _ = self.daemon.request("POST", "/api/chat", body,
                                                     {"X-Hailstone-Lane": lane})
            self.assertEqual((status, headers["x-hailstone-queue-position"]), (200, "0"))
        status, _, data = self.daemon.request("POST", "/api/chat", body,
                                              {"X-Hailstone-Lane": "express"})
        self.assertEqual(status, 400)
        self.assertIn("express", json.loads(data)["error"])

    def test_batch_work_is_bounded_and_keeps_nobody_else_out(self) -> None:
        running = [self.open_stream("batch") for _ in range(2)]
        for connection in running:
            self.assertEqual(connection.getresponse().status, 200)
        waiting = [self.open_stream("batch") for _ in range(3)]
        self.assertTrue(eventually(
            lambda: self.queue()["batch"] == {"waiting": 3, "running": 2}), self.queue())
        refused = self.open_stream("batch").getresponse()
        self.assertEqual(refused.status, 503)
        self.assertEqual(refused.getheader("Retry-After"), "1")
        self.assertEqual(self.chat("echo", "still here")[0], 200)
        waiting[0].close()
        self.assertTrue(eventually(lambda: self.queue()["batch"]["waiting"] == 2),
                        "a client that left still waits")
        for connection in running:
            connection.close()
        self.assertEqual(waiting[1].getresponse().getheader("X-Hailstone-Queue-Position"), "2")
        for connection in waiting:
            connection.close()
        self.assertTrue(eventually(
            lambda: all(lane == {"waiting": 0, "running": 0} for lane in self.queue().values())))


class OneSlot(DaemonTest):
    MODELS = {"slow": (FAKE, {"token_ms": "5", "tokens": "100000", "slots": "1"}), "echo": (FAKE, {})}

    def test_a_queue_for_one_model_holds_nothing_else_up(self) -> None:
        streams = []
        for _ in range(80):  # more than there were workers for work once
            connection = self.daemon.connect()
            connection.request("POST", "/api/chat",
                               json.dumps({"model": "slow", "messages": user("go")}))
            streams.append(connection)
            self.addCleanup(connection.close)
        waiting = lambda: self.daemon.json("GET", "/api/ps")[1]["queue"]["interactive"]["waiting"]
        self.assertTrue(eventually(lambda: waiting() == 79), waiting())
        self.assertEqual(self.chat("echo", "x")[0], 200)
        for path in ("/api/health", "/health/live", "/metrics", "/api/tags"):
            self.assertEqual(self.daemon.request("GET", path)[0], 200)
        for connection in streams:
            connection.close()
        self.assertTrue(eventually(lambda: waiting() == 0))


class Parallel(DaemonTest):
    MODELS = {"slow": (FAKE, {"token_ms": "5", "tokens": "100000"})}
    ENV = {"OLLAMA_NUM_PARALLEL": "2"}

    def test_a_model_answers_so_many_requests_at_once(self) -> None:
        body = {"model": "slow", "messages": user("go")}
        first, second = (self.daemon.lines("/api/chat", body) for _ in range(2))
        next(first), next(second)
        begun = threading.Event()

        def ask() -> None:
            third = self.daemon.lines("/api/chat", body)
            next(third)
            begun.set()
            third.close()

        asker = threading.Thread(target=ask)
        asker.start()
        for _ in range(50):  # tokens of the others, as a clock
            next(first), next(second)
        self.assertFalse(begun.is_set())
        first.close()
        self.assertTrue(begun.wait(20))
        asker.join()
        second.close()


class Heat(DaemonTest):
    MODELS = {"warm": (FAKE, {"chip_celsius": "77"}), "hot": (FAKE, {"chip_celsius": "85"}),
              "echo": (FAKE, {})}

    def heat(self) -> str:
        return self.daemon.json("GET", "/api/health")[1]["host"]["heat"]

    def load(self, model: str) -> None:
        self.assertEqual(self.daemon.json("POST", "/api/generate", {"model": model})[0], 200)

    def tearDown(self) -> None:
        self.daemon.json("POST", "/api/unload", {})
        self.assertTrue(eventually(lambda: self.heat() == "cool", 20))

    def test_a_hot_chip_refuses_new_work_with_its_temperature(self) -> None:
        self.load("hot")
        self.assertTrue(eventually(lambda: self.heat() == "hot", 20))
        status, headers, data = self.daemon.request("POST", "/api/chat", {
            "model": "echo", "messages": user("x"), "stream": False})
        self.assertEqual(status, 503)
        self.assertGreater(int(headers["retry-after"]), 1)
        self.assertIn("85.0", json.loads(data)["detail"])
        self.assertEqual(self.daemon.json("GET", "/api/tags")[0], 200)
        health = self.daemon.json("GET", "/api/health")[1]
        self.assertEqual((health["status"], health["host"]["temperature_c"]), ("degraded", 85))
        self.daemon.json("POST", "/api/unload", {"model": "hot"})
        self.assertTrue(eventually(lambda: self.chat("echo", "x")[0] == 200, 20))
        changes = [line for line in self.daemon.log if "what=heat" in line]
        self.assertEqual(len([line for line in changes if "now=hot" in line]), 1, changes)

    def test_a_warm_chip_makes_batch_work_wait(self) -> None:
        self.load("warm")
        self.assertTrue(eventually(lambda: self.heat() == "warm", 20))
        connection = self.daemon.connect()
        connection.request("POST", "/api/chat", json.dumps(
            {"model": "echo", "messages": user("x"), "stream": False}),
            {"X-Hailstone-Lane": "batch"})
        self.assertTrue(eventually(
            lambda: self.daemon.json("GET", "/api/ps")[1]["queue"]["batch"]["waiting"] == 1))
        self.assertEqual(self.chat("echo", "x")[0], 200)
        self.daemon.json("POST", "/api/unload", {"model": "warm"})
        self.assertEqual(connection.getresponse().status, 200)
        connection.close()


if __name__ == "__main__":
    unittest.main()
