# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""config, status, logs and fsck against a real daemon, and what it says of pins and missing engines."""

import json
import os
import subprocess
import unittest

from support import DaemonTest

BINARY = os.environ.get("HAILSTONE_BINARY", "hailstone")


class ServiceCommands(DaemonTest):
    MODELS = {"echo": ("fake", {}), "foreign": ("no-such-engine", {})}
    ARGS = ("--threads", "3", "--pin", "echo", "--pin", "nobody:7b")

    def run_cli(self, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("OLLAMA_", "HAILSTONE_"))}
        clean["HAILSTONE_HOST"] = f"127.0.0.1:{self.daemon.port}"
        return subprocess.run([BINARY, *args], capture_output=True, text=True, timeout=60,
                              check=False, env={**clean, **env})

    def test_config_tells_what_the_daemon_was_started_with(self) -> None:
        done = self.run_cli("config", "--json", HAILSTONE_THREADS="9")
        settings = json.loads(done.stdout)["settings"]
        self.assertEqual(settings["threads"], {"value": "3", "source": "flag --threads"})
        here = json.loads(self.run_cli("config", "--json", "--local", HAILSTONE_THREADS="9").stdout)
        self.assertEqual(here["settings"]["threads"]["source"], "HAILSTONE_THREADS")

    def test_config_keeps_secrets(self) -> None:
        self.assertEqual(self.daemon.json("GET", "/api/config")[1]["settings"]["api_key"]["value"], "")

    def test_a_pinned_name_that_is_unknown_is_said_aloud(self) -> None:
        health = self.daemon.json("GET", "/api/health")[1]
        self.assertEqual(health["status"], "degraded")
        self.assertIn("pinned model nobody:7b is not installed", health["reasons"])
        self.assertNotIn("echo", " ".join(health["reasons"]))
        said = [line for line in self.daemon.log if "pinned model is not installed" in line]
        self.assertEqual(len(said), 1, self.daemon.log)
        self.assertIn("nobody:7b", said[0])

    def test_a_missing_engine_is_not_the_clients_fault(self) -> None:
        status, body = self.chat("foreign", "hello")
        self.assertEqual(status, 500, body)
        self.assertIn("no-such-engine", body["error"])

    def test_fsck_in_a_pipe_is_a_summary(self) -> None:
        done = self.run_cli("fsck", "-n")
        self.assertEqual(done.stderr, "")
        self.assertRegex(done.stdout, r"^\d+ models, \d+ files, 0 faults\n$")

    def test_status_names_models_memory_heat_and_queue(self) -> None:
        self.chat("echo", "hello")
        done = self.run_cli("status")
        self.assertEqual(done.returncode, 1, done.stdout)  # degraded, by the pin
        for word in ("echo:latest", "memory", "heat", "queue", "engines", "up for"):
            self.assertIn(word, done.stdout)
        self.assertEqual(json.loads(self.run_cli("status", "--json").stdout)["reached"], True)
        away = self.run_cli("status", HAILSTONE_HOST="127.0.0.1:1")
        self.assertEqual(away.returncode, 3)
        self.assertIn("no service at http://127.0.0.1:1", away.stdout)

    def test_the_access_line_names_request_model_and_engine(self) -> None:
        self.chat("echo", "hello")
        lines = [line for line in self.daemon.log if "http: request" in line and "/api/chat" in line
                 and "status=200" in line]
        self.assertTrue(lines, self.daemon.log)
        self.assertRegex(lines[-1], r"request=\S+ model=echo:latest engine=fake")

    def test_logs_say_where_they_are_without_a_journal(self) -> None:
        if os.path.exists("/run/log/journal") or os.path.exists("/var/log/journal"):
            self.skipTest("there is a journal here")
        done = self.run_cli("logs")
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no journal on this machine", done.stderr)


if __name__ == "__main__":
    unittest.main()
