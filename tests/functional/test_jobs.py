# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Requests that run without a client, across kills of the daemon."""

import random
import signal
import unittest
from typing import Any

from support import FAKE, HOSTED, Daemon, add_model, eventually

FINAL = {"succeeded", "failed", "cancelled", "expired", "dead"}


class Jobs(unittest.TestCase):
    def setUp(self) -> None:
        self.daemon = Daemon("--jobs", "3")
        self.addCleanup(self.daemon.__exit__)
        add_model(self.daemon.store, "quick", engine=FAKE)
        add_model(self.daemon.store, "slow", engine=HOSTED, settings={"token_ms": "20", "tokens": "15"})
        self.daemon.start()

    def infer(self, **body: Any) -> str:
        status, ticket = self.daemon.json("POST", "/api/infer", body)
        self.assertEqual((status, ticket.get("status")), (202, "queued"), ticket)
        return ticket["job_id"]

    def job(self, id_: str) -> dict[str, Any]:
        return self.daemon.json("GET", f"/v1/jobs/{id_}")[1]

    def is_done(self, id_: str) -> bool:
        return self.job(id_)["status"] in FINAL

    def test_a_job_answers_as_its_route_does(self) -> None:
        id_ = self.infer(model="quick", prompt="hello", options={"seed": 1})
        self.assertTrue(eventually(lambda: self.is_done(id_)))
        told = self.daemon.json("GET", f"/api/infer/{id_}")[1]
        now = self.daemon.json("POST", "/api/generate",
                               {"model": "quick", "prompt": "hello", "options": {"seed": 1},
                                "stream": False})[1]
        self.assertEqual(told["status"], "complete")
        self.assertEqual(told["result"]["response"], now["response"])

    def test_an_unknown_model_fails_with_its_reason(self) -> None:
        id_ = self.infer(model="nope", prompt="hello")
        self.assertTrue(eventually(lambda: self.is_done(id_)))
        told = self.daemon.json("GET", f"/api/infer/{id_}")[1]
        self.assertEqual(told["status"], "failed")
        self.assertIn("nope", told["error"])

    def test_nothing_is_lost_by_kills_and_nothing_runs_twice_once_finished(self) -> None:
        ids = [self.infer(model=random.choice(["quick", "slow"]), prompt=str(i),
                          job={"max_attempts": 20}) for i in range(40)]
        finished: dict[str, Any] = {}
        for _ in range(4):
            self.daemon.stop(signal.SIGKILL)
            self.daemon.start()
            eventually(lambda: sum(map(self.is_done, ids)) > len(finished) + 3, 10)
            for id_ in ids:
                job = self.job(id_)
                if id_ in finished:
                    self.assertEqual(job["finished_at"], finished[id_])
                if job["status"] in FINAL:
                    finished[id_] = job["finished_at"]
        self.assertTrue(eventually(lambda: all(map(self.is_done, ids)), 60))
        for id_ in ids:
            told = self.daemon.json("GET", f"/api/infer/{id_}")[1]
            self.assertEqual(told["status"], "complete", told)
            self.assertTrue(told["result"]["done"])

    def test_sigterm_gives_back_what_runs(self) -> None:
        add_model(self.daemon.store, "endless", engine=FAKE, settings={"token_ms": "50", "tokens": "5000"})
        id_ = self.infer(model="endless", prompt="go")
        self.assertTrue(eventually(lambda: self.job(id_)["status"] == "running"))
        self.assertEqual(self.daemon.stop(), 0)
        self.daemon.start()
        self.assertEqual(self.job(id_)["attempts"], 1)
        self.daemon.json("DELETE", f"/api/infer/{id_}")
        self.assertTrue(eventually(lambda: self.job(id_)["status"] == "cancelled"))


if __name__ == "__main__":
    unittest.main()
