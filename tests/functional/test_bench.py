# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Measuring decides where a model runs: figures are kept over restarts, and go with the model."""

import json
import os
import subprocess
import threading
import unittest
from typing import Any

from support import FAKE, HOSTED, DaemonTest, eventually
from daemon import BINARY, add_model


class Bench(DaemonTest):
    """A model in two variants, of which the usual one is the slow one."""

    MODELS = {"m:fake": (FAKE, {"token_ms": "8", "tokens": "20"}),
              "m:fake-hosted": (HOSTED, {"token_ms": "1", "tokens": "20"}),
              "long": (FAKE, {"token_ms": "5", "tokens": "60"})}

    def setUp(self) -> None:
        """Each test begins with both variants and without a figure."""
        for name in self.MODELS:
            self.daemon.request("DELETE", "/api/delete", {"model": name})
            self.install(name)
        self.assertEqual(self.known(), {})

    def install(self, name: str, **more: str) -> None:
        engine, settings = self.MODELS[name]
        add_model(self.daemon.store, name, engine=engine, settings={**settings, **more})

    def known(self) -> dict[str, Any]:
        rows = self.daemon.json("GET", "/api/bench")[1]["measurements"]
        return {row["model"]: row for row in rows}

    def speeds(self) -> dict[str, float]:
        return {name: row["speed"]["value"] for name, row in self.known().items() if "speed" in row}

    def engine_of(self, model: str) -> str:
        status, headers, body = self.daemon.request(
            "POST", "/api/generate", {"model": model, "prompt": "x", "stream": False})
        self.assertEqual(status, 200, body)
        return headers["x-hailstone-engine"]

    def bench(self, **task: Any) -> dict[str, Any]:
        lines = list(self.daemon.lines("/api/bench", task))
        self.assertEqual(lines[-1].get("status"), "success", lines)
        return lines[-1]

    def cli(self, *args: str) -> Any:
        done = subprocess.run([str(BINARY), *args], capture_output=True, text=True, check=False,
                              env={**os.environ, "HAILSTONE_HOST": f"127.0.0.1:{self.daemon.port}"})
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def restart(self) -> None:
        self.daemon.stop()
        self.daemon.start()

    def test_the_faster_variant_answers_once_both_are_measured_and_after_a_restart(self) -> None:
        self.assertEqual(self.engine_of("m"), FAKE)
        result = self.cli("bench", "m", "--all", "--runs", "2")
        self.assertEqual({row["model"]: row["chosen"] for row in result["variants"]},
                         {"m:fake": False, "m:fake-hosted": True})
        self.assertEqual(self.engine_of("m"), HOSTED)
        self.assertEqual(self.engine_of("m:fake"), FAKE)
        before = self.speeds()
        self.assertEqual(set(before), {"m:fake", "m:fake-hosted"})
        self.assertLessEqual(before["m:fake"], 125)
        self.restart()
        self.assertEqual(self.speeds(), before)
        self.assertEqual(self.engine_of("m"), HOSTED)

    def test_removal_forgets_the_figures_and_the_choice(self) -> None:
        self.bench(model="m", all=True, runs=1)
        self.assertEqual(self.engine_of("m"), HOSTED)
        self.daemon.request("DELETE", "/api/delete", {"model": "m:fake-hosted"})
        self.assertEqual(set(self.known()), {"m:fake"})
        self.assertEqual(self.engine_of("m"), FAKE)
        self.install("m:fake-hosted")
        self.assertEqual(self.engine_of("m"), FAKE, "it has to be measured again")

    def test_another_content_has_to_be_measured_again(self) -> None:
        self.bench(model="m", all=True, runs=1)
        self.install("m:fake-hosted", tokens="21")
        self.assertEqual(self.engine_of("m"), FAKE)

    def test_one_variant_is_measured_by_its_engine(self) -> None:
        result = self.bench(model="m", engine=HOSTED, runs=1)
        self.assertEqual([row["measured"] for row in result["variants"]], [False, True])
        status, reply = self.daemon.json("POST", "/api/bench", {"model": "m", "engine": "hailo"})
        self.assertEqual(status, 404)
        self.assertIn("'hailo'", reply["error"])

    def test_a_plain_name_is_unloaded_whichever_variant_runs(self) -> None:
        self.bench(model="m", all=True, runs=1)
        self.engine_of("m")
        self.assertEqual(self.daemon.json("POST", "/api/unload", {"model": "m"})[1]["unloaded"],
                         ["m:fake-hosted"])

    def test_a_load_time_is_known_after_a_restart(self) -> None:
        self.engine_of("long")
        self.assertTrue(eventually(lambda: "long:latest" in self.known()))
        self.restart()
        plan = self.daemon.json("POST", "/api/models/plan", {"model": "long"})[1]
        self.assertIsNotNone(plan["load_seconds"])

    def test_it_runs_in_the_batch_lane_and_a_client_that_leaves_ends_it(self) -> None:
        lines = self.daemon.lines("/api/bench", {"model": "long", "runs": 1000})
        self.assertIn("loading", next(lines)["status"])
        running = lambda: self.daemon.json("GET", "/api/ps")[1]["queue"]["batch"]["running"]
        self.assertEqual(running(), 1)
        lines.close()  # type: ignore[attr-defined]
        self.assertTrue(eventually(lambda: running() == 0))
        self.assertNotIn("long:latest", self.speeds())

    def test_a_broken_file_of_figures_is_set_aside(self) -> None:
        self.bench(model="m", all=True, runs=1)
        self.daemon.stop()
        file = self.daemon.home / "measurements.json"
        file.write_text(file.read_text()[:-20])
        self.daemon.start()
        self.assertEqual(self.known(), {})
        self.assertTrue(file.with_name("measurements.json.bad").exists())
        self.assertEqual(self.engine_of("m"), FAKE)

    def test_two_at_once_lose_nothing(self) -> None:
        tasks = [threading.Thread(target=self.bench, kwargs={"model": model, "runs": 1})
                 for model in ("m:fake", "m:fake-hosted", "long")]
        for task in tasks:
            task.start()
        for task in tasks:
            task.join()
        self.restart()
        self.assertEqual(set(self.speeds()), {"m:fake", "m:fake-hosted", "long:latest"})


if __name__ == "__main__":
    unittest.main()
