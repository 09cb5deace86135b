# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""hailstone worker: installed with an environment of its own, replaced only by what works, removed
without a trace. No network: the wheels are made here."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import unittest
import zipfile
from pathlib import Path
from typing import Any

from support import DaemonTest
from daemon import BINARY  # noqa: E402: support has made it known

PYTHON = "/usr/bin/python3"


def make_wheel(folder: Path, name: str, version: str, code: str) -> str:
    """Returns its line in a file of requirements."""
    info = f"{name}-{version}.dist-info"
    files = {f"{name}.py": code.encode(),
             f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
             f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"
                              b"Tag: py3-none-any\n"}
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},"
        f"{len(data)}\n" for path, data in files.items()) + f"{info}/RECORD,,\n"
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, data in {**files, f"{info}/RECORD": record.encode()}.items():
            archive.writestr(path, data)
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


@unittest.skipUnless(Path(PYTHON).exists(), "there is no /usr/bin/python3")
class ManagedWorkers(DaemonTest):
    MODELS = {}

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.prefix = self.folder / "opt"

    def worker(self, *arguments: str, status: int = 0) -> str:
        env = {**{k: v for k, v in os.environ.items() if not k.startswith(("HAILSTONE", "OLLAMA"))},
               "HAILSTONE_HOME": str(self.daemon.home),
               "HAILSTONE_HOST": f"127.0.0.1:{self.daemon.port}"}
        done = subprocess.run([str(BINARY), "worker", *arguments], capture_output=True, text=True,
                              env=env, check=False, cwd=self.folder)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def source(self, name: str, code: str, more: str = "", **files: str) -> Path:
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        (folder / "worker.toml").write_text(f'name = "{name}"\nmodule = "w.py"\n{more}')
        (folder / "w.py").write_text(code)
        for file, text in files.items():
            (folder / file.replace("__", ".")).write_text(text)
        return folder

    def call(self, name: str) -> Any:
        status, _, reply = self.daemon.request("POST", "/api/" + name, b"")
        self.assertEqual(status, 200, reply)
        return json.loads(reply)

    def test_a_new_worker_is_made_tried_installed_shown_and_removed(self) -> None:
        self.worker("new", "fresh")
        self.assertIn('"mean": 2.0', self.worker("run", "fresh", "image=@" + self.picture()))
        said = self.worker("install", "./fresh")
        self.assertIn("/api/fresh", said)
        status, _, reply = self.daemon.request("POST", "/api/fresh", b"\x89PNG\r\n", {})
        self.assertEqual(status, 200, reply)
        self.assertRegex(self.worker("list"), r"fresh +loaded +function +/api/fresh")
        self.worker("remove", "fresh")
        self.assertEqual(self.daemon.request("POST", "/api/fresh", b"x")[0], 404)
        left = [path for path in self.daemon.home.rglob("*fresh*")]
        self.assertEqual(left, [], "it leaves nothing")
        self.assertIn("there is no worker 'fresh'", self.worker("remove", "fresh", status=1))

    def picture(self) -> str:
        (self.folder / "a.png").write_bytes(bytes([1, 3]))
        return str(self.folder / "a.png")

    def test_two_workers_with_conflicting_requirements_run_side_by_side(self) -> None:
        for name, version in (("old", "1.0"), ("young", "2.0")):
            line = make_wheel(self.folder / name / "wheels", "colours", version,
                              f"VERSION = {version!r}\n")
            self.source(name, "import colours\n\n\ndef handle(request):\n    return colours.VERSION\n",
                        'requirements = "requirements.txt"\n', requirements__txt=line)
            self.worker("install", f"./{name}", "--prefix", str(self.prefix))
        self.assertEqual((self.call("old"), self.call("young")), ("1.0", "2.0"))
        self.assertEqual((self.call("old"), self.call("young")), ("1.0", "2.0"))
        for name in ("old", "young"):
            self.worker("remove", name, "--prefix", str(self.prefix))
        self.assertEqual(list(self.prefix.iterdir()), [])

    def test_the_old_one_stays_until_the_new_one_works(self) -> None:
        wheels = self.folder / "wheels"
        line = make_wheel(wheels, "colours", "1.0", "VERSION = 1\n")
        source = self.source("kept", "import colours\n\n\ndef handle(request):\n    return colours.VERSION\n",
                             'requirements = "requirements.txt"\nself_test = "test_w.py"\n',
                             requirements__txt=line,
                             test_w__py="import unittest, w\n\n\nclass T(unittest.TestCase):\n"
                                        "    def test(self):\n        self.assertEqual(w.handle(None), 1)\n")
        options = ("--prefix", str(self.prefix), "--wheels", str(wheels))
        self.worker("install", str(source), *options)
        self.assertEqual(self.call("kept"), 1)
        (source / "w.py").write_text("def handle(request):\n    return 2\n")
        self.assertIn("self-test of kept failed", self.worker("install", str(source), *options, status=1))
        self.assertEqual(self.call("kept"), 1)
        (source / "w.py").write_text("import no_such_module\n")
        self.assertIn("no_such_module", self.worker("install", str(source), *options, status=1))
        (source / "requirements.txt").write_text("colours==3.0 --hash=sha256:" + "0" * 64 + "\n")
        said = self.worker("install", str(source), *options, status=1)
        self.assertIn("these wheels are not in", said)
        self.assertIn("colours==3.0", said)
        self.assertEqual(self.call("kept"), 1)
        environments = [path for path in (self.prefix / "kept").iterdir() if not path.is_symlink()]
        self.assertEqual(len(environments), 1, "what failed is taken back")
        self.worker("remove", "kept", "--prefix", str(self.prefix))

    def test_requirements_are_what_was_looked_at(self) -> None:
        wheels = self.folder / "wheels"
        line = make_wheel(wheels, "colours", "1.0", "VERSION = 1\n")
        source = self.source("strict", "def handle(request):\n    return 1\n",
                             'requirements = "requirements.txt"\n', requirements__txt="colours\n")
        options = ("--prefix", str(self.prefix), "--wheels", str(wheels))
        self.assertIn("requirements.txt:1: 'colours' must be pinned",
                      self.worker("install", str(source), *options, status=1))
        make_wheel(wheels, "colours", "1.0", "VERSION = 'somebody else'\n")
        (source / "requirements.txt").write_text(line)
        self.assertIn("installing the requirements failed",
                      self.worker("install", str(source), *options, status=1))

    def test_what_it_says_is_in_its_log(self) -> None:
        self.worker("install", str(self.source(
            "talker", "def handle(request):\n    print('hello there')\n    raise ValueError('oh')\n")))
        self.assertGreaterEqual(self.daemon.request("POST", "/api/talker", b"")[0], 500)
        said = self.worker("logs", "talker")
        self.assertIn("hello there", said)
        self.assertIn("ValueError: oh", said)
        self.worker("remove", "talker")

    def test_the_package_installs_without_a_network(self) -> None:
        package = Path(__file__).resolve().parents[2] / "python"
        copy = self.folder / "python"
        shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
        venv = self.folder / "venv"
        subprocess.run([PYTHON, "-m", "venv", str(venv)], check=True)
        done = subprocess.run([str(venv / "bin/pip"), "install", "--no-index", "-q", str(copy)],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        said = subprocess.run([str(venv / "bin/python"), "-m", "hailstone_worker", "--help"],
                              capture_output=True, text=True, check=True, cwd=self.folder).stdout
        self.assertIn("install", said)


if __name__ == "__main__":
    unittest.main()
