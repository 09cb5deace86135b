# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""What takes long without using an engine: it holds no thread that others need."""

import json
import os
import socket
import unittest
from pathlib import Path

from support import DaemonTest, eventually


class Pulls(DaemonTest):
    MODELS = {}
    MOST = 24

    def threads(self, name: str) -> int:
        tasks = Path(f"/proc/{self.daemon.pid}/task")
        return sum((tasks / task / "comm").read_text().startswith(name) for task in os.listdir(tasks))

    def test_pulls_that_get_nowhere_have_threads_of_their_own(self) -> None:
        mute = socket.create_server(("127.0.0.1", 0), backlog=128)  # takes all and says nothing
        self.addCleanup(mute.close)
        wish = {"model": f"http://127.0.0.1:{mute.getsockname()[1]}/library/none", "insecure": True}
        pulls = [self.daemon.connect() for _ in range(self.MOST)]
        for pull in pulls:
            self.addCleanup(pull.close)
            pull.request("POST", "/api/pull", json.dumps(wish))
        self.assertTrue(eventually(lambda: self.threads("long-") >= self.MOST, 20))
        status, body = self.daemon.json("POST", "/api/pull", wish | {"stream": False})
        self.assertEqual(status, 503, body)
        for path in ("/health", "/api/health", "/api/ps", "/metrics", "/api/tags", "/api/version"):
            self.assertEqual(self.daemon.request("GET", path, timeout=5)[0], 200, path)
        self.assertLess(self.threads("work-"), self.MOST)


if __name__ == "__main__":
    unittest.main()
