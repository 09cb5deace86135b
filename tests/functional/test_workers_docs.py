# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""docs/workers.md, followed to the letter."""

import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import DaemonTest, eventually
from daemon import BINARY  # noqa: E402: support has made it known

PAGE = Path(__file__).resolve().parents[2] / "docs/workers.md"


def section(title: str) -> str:
    text = PAGE.read_text()
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def block(text: str, language: str, number: int = 0) -> str:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)[number]


@unittest.skipUnless(Path("/usr/bin/python3").exists(), "there is no /usr/bin/python3")
class TheTutorial(DaemonTest):
    MODELS = {}

    def run_line(self, line: str, folder: Path) -> str:
        """A line of the page, with its comment left out, and our own daemon for the usual one."""
        words = shlex.split(line, comments=True)
        words = [word.replace("localhost:11434", f"127.0.0.1:{self.daemon.port}") for word in words]
        if words[0] == "hailstone":
            words[0] = str(BINARY)
        if words[0] == "curl":
            words[1:1] = ["-sS"]
        env = {**{k: v for k, v in os.environ.items() if not k.startswith(("HAILSTONE", "OLLAMA"))},
               "HAILSTONE_HOME": str(self.daemon.home),
               "HAILSTONE_HOST": f"127.0.0.1:{self.daemon.port}"}
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, env=env, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_ten_minutes(self) -> None:
        page = section("Wrap your own script in ten minutes")
        folder = self.daemon.home / "workers.d/mean"
        folder.mkdir(parents=True)
        code = block(page, "python")
        self.assertLessEqual(len(code.splitlines()), 15)
        (folder / "mean.py").write_text(code)
        (folder / "worker.toml").write_text(block(page, "toml"))
        with tempfile.TemporaryDirectory() as here:
            picture = bytes([0x89]) + b"PNG\r\n\x1a\n" + bytes(range(100))
            Path(here, "cat.png").write_bytes(picture)
            lines = block(page, "sh").strip().splitlines()
            listed, form, body, wrong, job = (self.run_line(line, Path(here)) for line in lines)
            worker = next(each for each in json.loads(listed)["workers"] if each["name"] == "mean")
            self.assertEqual(worker["route"], "/api/mean")
            self.assertEqual(json.loads(form), {"mean": sum(picture) / len(picture), "type": "image/png"})
            every = picture[::10]
            self.assertEqual(json.loads(body)["mean"], sum(every) / len(every))
            said = lines[3].partition("# 400: ")[2]
            self.assertEqual(json.loads(wrong)["error"], said, "the comment tells the truth")
            ticket = json.loads(job)
            self.assertTrue(eventually(lambda: self.daemon.json(
                "GET", "/v1/jobs/" + ticket["id"])[1]["status"] == "succeeded"))
            made = block(page, "sh", 1).strip().splitlines()
            self.run_line(made[0], Path(here))
            self.assertIn('"mean"', self.run_line(made[1], Path(here)))
        self.assertTrue((self.daemon.home / "workers/mean/log").exists())

    def test_a_stream(self) -> None:
        """The lines of the page, on a camera that is none."""
        folder = self.daemon.home / "workers.d/eye"
        folder.mkdir(parents=True)
        (folder / "worker.toml").write_text('name = "eye"\nkind = "stream"\nmodule = "eye.py"\n'
                                            '[fields.source]\ntype = "text"\n')
        (folder / "eye.py").write_text(
            "from hailstone_worker import File\n\n\ndef handle(request):\n"
            "    while request.wait(0.05):\n        yield {'seen': 1}, File(b'JPEG', 'image/jpeg')\n")
        self.daemon.json("GET", "/api/workers")
        lines = block(section("Streams"), "sh").strip().splitlines()
        with tempfile.TemporaryDirectory() as here:
            stream = json.loads(self.run_line(lines[0], Path(here)))
            self.assertIn("picture_url", stream)

            def line(number: int) -> str:
                text = lines[number].replace("stream-4f...", stream["id"])
                text, _, target = text.partition(" > ")
                said = self.run_line(text, Path(here))
                if target:
                    Path(here, target.split()[0]).write_text(said)
                return said
            self.assertEqual(line(2), "JPEG")
            self.assertEqual(Path(here, "now.jpg").read_text(), "JPEG")
            self.assertEqual(json.loads(line(3))["streams"][0]["id"], stream["id"])
            self.assertEqual(json.loads(line(4))["state"], "ended")
            self.assertIn('data: {"seen":1}', line(1))

    def test_a_program_of_hailo_apps(self) -> None:
        """The lines of the page, with a stand-in for hailo-apps that is elsewhere."""
        page, apps = section("Wrap a hailo-apps application"), self.hailo_apps()
        lines = block(page, "sh").strip().splitlines()
        with tempfile.TemporaryDirectory() as here:
            listed = self.run_line(lines[0].partition(" | ")[0], Path(here))
            found = next(line for line in listed.splitlines() if line.startswith("hailo-ocr "))
            for word in ("native", "/api/ocr"):
                self.assertIn(word, found)
                self.assertIn(word, lines[0].partition("# ")[2], "the comment tells the truth")
            self.run_line(lines[1], Path(here))
            copy = self.daemon.home / "workers.d/lane-detection/worker.toml"
            copy.write_text(copy.read_text().replace("/opt/hailo-apps", str(apps))
                            .replace("npu_bytes = 150000000", "npu_bytes = 0"))
            self.assertTrue(eventually(lambda: self.daemon.json("GET", "/api/workers/lane-detection")[0] == 200))
            Path(here, "road.jpg").write_bytes(b"\xff\xd8\xff road")
            self.run_line(lines[2], Path(here))
            self.assertEqual(Path(here, "lanes.jpg").read_bytes(), b"\xff\xd8\xff road")

    def test_another_pipeline_and_events_of_its_own(self) -> None:
        page, apps = section("Wrap a hailo-apps application"), self.hailo_apps()
        pipeline = "hailo_apps.python.pipeline_apps.tiling.tiling_pipeline:GStreamerTilingApp"
        module = re.search(r'`module = "(hailstone_worker[^"]*)"`', page).group(1)
        manifest = ('kind = "stream"\nread = ["{0}"]\n[environment]\nPYTHONPATH = "{0}"\n[settings]\n'
                    'app = "{1}"\n[fields.source]\ntype = "text"\n[fields.tiles_x]\ntype = "integer"\n'
                    ).format(apps, pipeline)
        for name, where, code in (("tiles", module, ""), ("people", "people.py", block(page, "python"))):
            folder = self.daemon.home / "workers.d" / name
            folder.mkdir(parents=True)
            (folder / "worker.toml").write_text(f'name = "{name}"\nmodule = "{where}"\n{manifest}')
            (folder / "people.py").write_text(code)
        self.daemon.json("GET", "/api/workers")
        for name, expected in (("tiles", "objects"), ("people", "people")):
            stream = self.daemon.json("POST", f"/api/{name}?source=film.mp4&tiles_x=3", {})[1]
            self.assertTrue(eventually(
                lambda: self.daemon.json("GET", f"/api/{name}/{stream['id']}")[1]["events"] > 0), stream)
            self.daemon.json("DELETE", f"/api/{name}/{stream['id']}")
            lines = self.daemon.request("GET", stream["events_url"], b"",
                                        {"Accept": "application/x-ndjson"})[2].splitlines()
            self.assertIn(expected, json.loads(lines[0]))

    def hailo_apps(self) -> Path:
        apps = self.daemon.home / "hailo-apps"
        if not apps.exists():
            standins = PAGE.parents[1] / "python/tests/standins"
            shutil.copytree(standins, apps, ignore=shutil.ignore_patterns("__pycache__"))
            (apps / "venv_hailo_apps/bin").mkdir(parents=True)
            (apps / "venv_hailo_apps/bin/python").symlink_to("/usr/bin/python3")
        return apps

    def test_every_field_of_the_manifest_is_explained(self) -> None:
        folder = self.daemon.home / "workers.d/asks"
        folder.mkdir(parents=True)
        (folder / "worker.toml").write_text('name = "asks"\nmodule = "x.py"\nwhat = 1\n')
        problem = next(each for each in self.daemon.json("GET", "/api/workers")[1]["problems"]
                       if "asks" in each)
        fields = problem.partition("fields: ")[2].split(", ")
        self.assertGreater(len(fields), 25, problem)
        page = PAGE.read_text()
        self.assertEqual([field for field in fields if f"`{field}`" not in page
                          and f"`{field} " not in page and f"[{field}." not in page], [])


if __name__ == "__main__":
    unittest.main()
