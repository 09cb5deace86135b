# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Engines get what they need and no more, and a store gives out its own files alone."""

import os
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import FAKE, HOSTED, Daemon, DaemonTest, add_model

import daemon as daemon_module


class Engines(DaemonTest):
    MODELS = {"hosted": (HOSTED, {})}
    ENV = {"HAILSTONE_API_KEY": "a-secret"}

    def test_a_host_is_shut_in_and_knows_no_key(self) -> None:
        key = {"Authorization": "Bearer a-secret"}
        self.assertEqual(
            self.daemon.json("POST", "/api/generate", {"model": "hosted"}, headers=key)[0], 200)
        host, = self.daemon.children()
        environment = Path(f"/proc/{host}/environ").read_bytes()
        self.assertNotIn(b"a-secret", environment)
        self.assertNotIn(b"HAILSTONE_", environment)
        status = dict(line.split(":\t", 1)
                      for line in Path(f"/proc/{host}/status").read_text().splitlines())
        self.assertEqual(status["NoNewPrivs"], "1")
        self.assertEqual(status["Seccomp"], "2")
        self.assertEqual(Path(f"/proc/{host}/oom_score_adj").read_text().strip(), "600")


class Homes(unittest.TestCase):
    def serve(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """For services that do not start."""
        return subprocess.run([daemon_module.BINARY, "serve", "--listen", "127.0.0.1:0", *arguments],
                              capture_output=True, timeout=30)

    def test_a_home_has_one_service(self) -> None:
        with Daemon() as first:
            second = self.serve("--home", str(first.home))
            self.assertEqual(second.returncode, 1)
            self.assertIn(b"another hailstone serves from", second.stderr)
            os.kill(first.pid, signal.SIGKILL)
            first.await_end()
            first.start()  # its lock went with it

    def test_folders_of_models_that_cannot_be_are_refused(self) -> None:
        with tempfile.TemporaryDirectory() as home:
            refused = self.serve("--home", home, "--models", "/proc/nope")
        self.assertEqual(refused.returncode, 2)
        self.assertIn(b"models: /proc/nope is no folder", refused.stderr)


class Blobs(DaemonTest):
    MODELS = {"good": (FAKE, {})}

    def test_a_link_out_of_the_store_is_never_shown(self) -> None:
        with tempfile.NamedTemporaryFile("w") as secret:
            secret.write("a secret of the machine")
            secret.flush()
            add_model(self.daemon.store, "leak", b"weights", engine=FAKE,
                      layers={"license": "MIT", "system": "be kind"})
            self.assertEqual(self.daemon.json("POST", "/api/show", {"model": "leak"})[0], 200)
            for blob in (self.daemon.store / "blobs").iterdir():
                if blob.read_bytes() == b"be kind":
                    blob.unlink()
                    blob.symlink_to(secret.name)
            status, reply = self.daemon.json("POST", "/api/show", {"model": "leak"})
        self.assertEqual(status, 404, reply)
        names = [model["name"] for model in self.daemon.json("GET", "/api/tags")[1]["models"]]
        self.assertEqual(names.count("leak:latest"), 0)
        self.assertEqual(names.count("good:latest"), 1)


if __name__ == "__main__":
    unittest.main()
