# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""hailstone doctor on copies of broken machines, and on this one."""

import json
import os
import subprocess
import unittest
from pathlib import Path

from support import DaemonTest

BINARY = os.environ.get("HAILSTONE_BINARY", "hailstone")
BOXES = Path(__file__).resolve().parents[1] / "boxes"


def doctor(*args: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("OLLAMA_", "HAILSTONE_"))}
    return subprocess.run([BINARY, "doctor", *args], capture_output=True, text=True, timeout=60,
                          check=False, env={**clean, **(env or {})})


class Copies(unittest.TestCase):
    def test_a_problem_comes_first_and_is_the_exit_status(self) -> None:
        done = doctor("--box", str(BOXES / "held_by_hailo_ollama"), "--json")
        self.assertEqual(done.returncode, 1)
        report = json.loads(done.stdout)
        self.assertGreaterEqual(report["problems"], 1)
        first = report["findings"][0]
        self.assertEqual((first["check"], first["verdict"]), ("npu.holder", "problem"))
        self.assertIn("sudo systemctl disable --now hailo-ollama", first["fix"])

    def test_a_machine_that_is_well_is_the_exit_status_too(self) -> None:
        done = doctor("--box", str(BOXES / "healthy_pi5"))
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("0 problems, 0 warnings", done.stdout)

    def test_fix_prints_a_script_and_runs_nothing(self) -> None:
        done = doctor("--box", str(BOXES / "two_runtimes"), "--fix")
        self.assertIn("# problem npu.packages:", done.stdout)
        self.assertIn("\nsudo apt purge ", done.stdout)
        syntax = subprocess.run(["sh", "-n"], input=done.stdout, text=True, capture_output=True,
                                check=False)
        self.assertEqual(syntax.returncode, 0, syntax.stderr)

    def test_every_script_can_be_read_by_a_shell(self) -> None:
        for box in sorted(BOXES.iterdir()):
            script = doctor("--box", str(box), "--fix").stdout
            syntax = subprocess.run(["sh", "-n"], input=script, text=True, capture_output=True,
                                    check=False)
            self.assertEqual(syntax.returncode, 0, f"{box.name}: {syntax.stderr}")

    def test_no_secret_of_the_service_is_told(self) -> None:
        for extra in ("--json", "--all", "--fix"):
            self.assertNotIn("secret-of-the-house",
                             doctor("--box", str(BOXES / "healthy_pi5"), extra).stdout)

    def test_a_folder_that_is_none_is_said(self) -> None:
        done = doctor("--box", "/nonexistent")
        self.assertEqual(done.returncode, 1)
        self.assertIn("/nonexistent is no folder", done.stderr)


class ThisMachine(DaemonTest):
    def test_every_check_gives_a_finding_here(self) -> None:
        done = doctor("--json", env={"HAILSTONE_HOST": f"127.0.0.1:{self.daemon.port}"})
        report = json.loads(done.stdout)
        self.assertEqual(done.returncode, 1 if report["problems"] else 0)
        checks = {finding["check"] for finding in report["findings"]}
        self.assertIn("npu.chip", checks)
        self.assertIn("service.ports", checks)
        self.assertGreater(len(checks), 25)

    def test_health_tells_of_the_chip_in_short(self) -> None:
        npu = self.daemon.json("GET", "/api/health")[1]["npu"]
        self.assertIsInstance(npu["present"], bool)
        if not npu["present"]:
            self.assertEqual(npu, {"present": False})


if __name__ == "__main__":
    unittest.main()
