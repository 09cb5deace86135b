# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Some seconds of what bench/chaos.py does for an hour."""

import os
import signal
import time
import unittest

import support  # noqa: F401
from chaos import Chaos, make_daemon, settle


class ChaosTest(unittest.TestCase):
    def setUp(self) -> None:
        self.daemon = make_daemon("--keep-alive", "2s")
        self.addCleanup(self.daemon.__exit__)
        self.daemon.start()

    def test_everybody_is_answered_and_nothing_is_left(self) -> None:
        warm = Chaos(self.daemon, 1)
        warm.run(1, 4)
        before = settle(self.daemon)
        chaos = Chaos(self.daemon, 2)
        chaos.run(6, 12)
        self.assertEqual(chaos.broken[:5], [])
        self.assertGreater(chaos.answers["200"], 10, chaos.answers)
        after = settle(self.daemon)
        self.assertEqual(after.children, 0)
        self.assertLessEqual(after.files, before.files + 2)
        self.assertLessEqual(after.temporary, before.temporary)
        self.assertEqual(self.daemon.stop(), 0)

    def test_a_stopped_engine_does_not_keep_the_daemon_from_ending(self) -> None:
        stream = self.daemon.lines("/api/chat", {
            "model": "reloaded", "messages": support.user("x"), "options": {"num_predict": 9999}})
        next(stream)
        for child in self.daemon.children():
            os.kill(child, signal.SIGSTOP)
        begun = time.monotonic()
        self.daemon.stop()
        self.assertLess(time.monotonic() - begun, 30)


if __name__ == "__main__":
    unittest.main()
