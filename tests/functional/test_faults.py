# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Engines crash and hang, clients leave, models come and go: the service stays, and stays small."""

import os
import shutil
import signal
import socket
import time
import unittest

from support import FAKE, HOSTED, Daemon, DaemonTest, eventually, user


class FewDescriptors(unittest.TestCase):
    @unittest.skipUnless(shutil.which("prlimit"), "prlimit is of util-linux")
    def test_slow_clients_give_way_to_a_quick_one(self) -> None:
        with Daemon(command_prefix=("prlimit", "--nofile=160:160")) as daemon:
            slow = []
            for _ in range(250):  # more than there are descriptors
                client = socket.create_connection(("127.0.0.1", daemon.port), timeout=10)
                client.sendall(b"GET /api/version HTT")
                slow.append(client)
            self.assertTrue(eventually(lambda: self.answers(daemon), 20))
            for client in slow:
                client.close()

    def answers(self, daemon: Daemon) -> bool:
        try:
            return daemon.json("GET", "/api/version")[0] == 200
        except OSError:
            return False


class Crashes(DaemonTest):
    MODELS = {
        "victim": (HOSTED, {"token_ms": "20", "tokens": "500"}),
        "crasher": (HOSTED, {"crash_after": "3", "tokens": "10"}),
        "sleeper": (HOSTED, {"hang_after": "2", "tokens": "10"}),
        "broken": (HOSTED, {"refuse_load": "no such weights"}),
        "echo": (HOSTED, {}),
    }

    def test_a_killed_engine_ends_the_stream_with_an_error_and_the_next_request_is_served(
            self) -> None:
        stream = self.daemon.lines("/api/chat", {"model": "victim", "messages": user("go")})
        next(stream)
        for child in self.daemon.children():
            os.kill(child, signal.SIGKILL)
        killed = time.monotonic()
        last = list(stream)[-1]
        self.assertLess(time.monotonic() - killed, 1)
        self.assertIn("error", last)
        self.assertIn("kill", last["error"])
        self.assertEqual(self.chat("victim", "x", options={"num_predict": 2})[0], 200)

    def test_an_engine_that_crashes_by_itself_is_reported_before_the_first_byte_too(self) -> None:
        lines = list(self.daemon.lines("/api/chat", {"model": "crasher", "messages": user("a")}))
        self.assertIn("error", lines[-1])
        status, reply = self.chat("crasher", "a")
        self.assertIn(status, (500, 503))
        self.assertIn("error", reply)
        self.assertEqual(self.chat("echo", "still here")[1]["message"]["content"].strip(),
                         "still here")

    def test_a_hanging_engine_is_left_when_its_client_leaves(self) -> None:
        stream = self.daemon.lines("/api/chat", {"model": "sleeper", "messages": user("a")})
        next(stream)
        stream.close()
        self.assertTrue(eventually(lambda: self.leases() == 0, 15))
        self.assertEqual(self.chat("echo", "hello")[0], 200)

    def test_a_refused_load_says_why(self) -> None:
        status, reply = self.chat("broken", "x")
        self.assertGreaterEqual(status, 400)
        self.assertIn("no such weights", reply["error"])

    def leases(self) -> int:
        resources = self.daemon.json("GET", "/api/list-resources")[1]
        return sum(model["leases"] for model in resources["models"])


class Endurance(DaemonTest):
    MODELS = {
        "long": (FAKE, {"token_ms": "1", "tokens": "100000"}),
        "hosted": (HOSTED, {"token_ms": "1", "tokens": "100000"}),
        "echo": (HOSTED, {}),
    }
    ROUNDS = int(os.environ.get("HAILSTONE_TEST_ROUNDS", "200"))

    def leases(self) -> int:
        resources = self.daemon.json("GET", "/api/list-resources")[1]
        return sum(model["leases"] for model in resources["models"])

    def assert_memory_is_back(self, rss: float) -> None:
        """Within 5 MiB. Sanitizers keep what is freed, so there the figure says nothing."""
        if not os.environ.get("HAILSTONE_SANITIZE"):
            self.assertLess(self.daemon.rss_mib(), rss + 5)

    def abort_streams(self, model: str, count: int) -> None:
        for _ in range(count):
            stream = self.daemon.lines("/api/chat", {"model": model, "messages": user("go")})
            next(stream)
            stream.close()

    def test_aborted_streams_leave_nothing_behind(self) -> None:
        for model in ("long", "hosted"):
            self.abort_streams(model, 50)
            self.assertTrue(eventually(lambda: self.leases() == 0))
            files, rss = self.daemon.open_files(), self.daemon.rss_mib()
            self.abort_streams(model, self.ROUNDS)
            self.assertTrue(eventually(lambda: self.leases() == 0), "a generation still runs")
            self.assertTrue(eventually(lambda: self.daemon.open_files() <= files + 2))
            self.assert_memory_is_back(rss)

    def test_loading_and_unloading_leaves_nothing_behind(self) -> None:
        def rounds(count: int) -> None:
            for _ in range(count):
                self.assertEqual(self.chat("echo", "hello")[0], 200)
                self.daemon.json("POST", "/api/unload", {"model": "echo"})
        rounds(20)
        self.daemon.json("POST", "/api/unload", {})
        files, rss = self.daemon.open_files(), self.daemon.rss_mib()
        rounds(self.ROUNDS)
        self.assertEqual(self.daemon.children(), [])
        self.assert_memory_is_back(rss)
        self.assertLessEqual(self.daemon.open_files(), files + 2)


if __name__ == "__main__":
    unittest.main()
