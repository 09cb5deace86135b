# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Jobs of several kinds from all sources, while the daemon and the brokers are killed. The long run: bench/queues.py kills."""

import random
import unittest

import support  # noqa: F401
from support import eventually

from kills import NO_POSTGRES, KillRun
from nats_server import NATS_SERVER


class Kills(unittest.TestCase):
    def test_each_job_ends_once_with_its_result_where_it_belongs(self) -> None:
        seed = random.randrange(1 << 32)
        with self.subTest(seed=seed), KillRun(seed) as run:
            run.submit(15)
            for number in range(5):
                run.kill(1.5)
                if number == 2:
                    run.kill_broker()
            self.assertTrue(eventually(run.is_done, 120), (run.results(), run.daemon.json("GET", "/v1/jobs/counts")))
            run.check()

    @unittest.skipIf(NATS_SERVER is None or NO_POSTGRES, "nats-server or postgresql is not installed: jobs and folders alone were tried")
    def test_all_sources_were_there(self) -> None:
        pass


if __name__ == "__main__":
    unittest.main()
