# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""The package without the daemon. What it says over the socket is tested by hosting_workers_test
and the functional tests."""

import contextlib
import io
import os
import subprocess
import sys
import tempfile
import tomllib
import unittest
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PACKAGE))

from hailstone_worker import BadRequest, Failure, File, NotFound, Request, Value  # noqa: E402
from hailstone_worker.cli import main  # noqa: E402
from hailstone_worker.command import fill  # noqa: E402
from hailstone_worker.drive import Driver  # noqa: E402
from hailstone_worker.host import encode  # noqa: E402
from hailstone_worker.environment import missing_wheels, read_requirements  # noqa: E402
from hailstone_worker.hailo_pipeline import without_display  # noqa: E402
from hailstone_worker.manage import warn_of_the_chip, with_python  # noqa: E402
from hailstone_worker.manifest import Manifest, ManifestError  # noqa: E402


class TemporaryFolder(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def worker(self, manifest: str, code: str = "") -> Path:
        (self.folder / "worker.toml").write_text(manifest)
        (self.folder / "w.py").write_text(code)
        return self.folder

    def main(self, *arguments: str) -> "tuple[int, str]":
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            status = main(list(arguments))
        return status, out.getvalue()


class Values(unittest.TestCase):
    def test_whatever_a_handler_returns_is_a_value_with_files(self) -> None:
        file = File(b"x", "image/png")
        self.assertEqual(Value.of({"a": 1}).value, {"a": 1})
        self.assertEqual(Value.of(b"x", "image/jpeg").files[0].media_type, "image/jpeg")
        self.assertEqual(Value.of(file).files, [file])
        self.assertEqual((Value.of(({"a": 1}, file)).value, Value.of((3, file)).files), ({"a": 1}, [file]))
        self.assertEqual(Value.of((1, 2)).value, (1, 2))

    def test_what_json_does_not_know_is_refused_with_its_name(self) -> None:
        self.assertEqual(encode(Value({"a": {2, 1}}))[0], b'{"value":{"a":[1,2]},"attachments":[]}')
        with self.assertRaisesRegex(Failure, "object"):
            encode(Value(object()))
        with self.assertRaises(Failure):
            encode(Value(float("nan")))

    def test_a_request_is_a_mapping_of_its_fields(self) -> None:
        request = Request({"a": 1}, {"image": File(b"x")})
        self.assertEqual((request["a"], request.get("b", 2), dict(request)), (1, 2, {"a": 1}))
        self.assertEqual(bytes(request.file()), b"x")
        with self.assertRaisesRegex(BadRequest, "sound is required"):
            request.file("sound")
        request.stop()
        self.assertFalse(request.wait(10))
        with self.assertRaises(Failure):
            request.check()


class Commands(TemporaryFolder):
    def test_words_without_a_value_go_and_their_options_too(self) -> None:
        words = ["run", "--level", "{level}", "{draw?--draw}", "-o", "{output}/x.png", "{image}"]
        self.assertEqual(fill(words, {"level": 3, "draw": True, "output": "/o", "image": "/i"}),
                         ["run", "--level", "3", "--draw", "-o", "/o/x.png", "/i"])
        self.assertEqual(fill(words, {"draw": False, "output": "/o", "image": "; rm -rf /"}),
                         ["run", "-o", "/o/x.png", "; rm -rf /"])

    def test_a_command_gets_files_and_gives_files(self) -> None:
        driver = Driver(self.worker(
            'name = "w"\nkind = "command"\nresult = "file"\noutputs = ["*.txt"]\n'
            'command = ["sh", "-c", "tr a-z A-Z < $1 > $2; echo 5", "sh", "{file}", "{output}/o.txt"]\n'
            '[fields.file]\ntype = "file"\n'))
        reply = driver.call(file=File(b"hello", "text/plain"))
        self.assertEqual(bytes(reply.files[0]), b"HELLO")
        self.assertEqual((reply.files[0].name, reply.files[0].media_type), ("o.txt", "text/plain"))
        self.assertEqual(reply.value, 5)

    def test_one_that_fails_or_is_missing_says_so(self) -> None:
        driver = Driver(self.worker('name = "w"\nkind = "command"\ncommand = ["sh", "-c", "echo no >&2; exit 2"]\n'))
        with contextlib.redirect_stdout(io.StringIO()), self.assertRaisesRegex(Failure, "sh ended with 2: no"):
            driver.call()
        driver = Driver(self.worker('name = "w"\nkind = "command"\ncommand = ["no-such-program"]\n'))
        with self.assertRaisesRegex(Failure, "needs the program no-such-program"):
            driver.call()


class Code(TemporaryFolder):
    def test_functions_generators_and_coroutines_are_handlers(self) -> None:
        manifest = 'name = "w"\nmodule = "w.py"\nresult = "stream"\n[fields.n]\ntype = "integer"\ndefault = 2\n'
        for code in ("def handle(request):\n    yield from range(request['n'])\n",
                     "async def handle(request):\n    for i in range(request['n']):\n        yield i\n",
                     "def handle(request):\n    request.emit(0)\n    request.emit(1)\n"):
            driver = Driver(self.worker(manifest, code))
            pieces = [piece.value for piece in driver.pieces() if piece.value is not None]
            self.assertEqual(pieces, [0, 1])
        driver = Driver(self.worker(manifest, "async def handle(request):\n    return request['n']\n"))
        self.assertEqual(driver.call().value, 2)

    def test_a_class_is_made_once_and_start_gets_the_settings(self) -> None:
        driver = Driver(self.worker(
            'name = "w"\nmodule = "w.py:Worker"\n[settings]\nlevel = "3"\n',
            "class Worker:\n    def start(self, context):\n        self.level = context.settings['level']\n"
            "    def handle(self, request):\n        return self.level\n"))
        self.assertEqual(driver.call().value, "3")

    def test_what_is_missing_is_named(self) -> None:
        with self.assertRaisesRegex(ManifestError, "has no handle"):
            Driver(self.worker('name = "w"\nmodule = "w.py"\n', "x = 1\n"))
        with self.assertRaisesRegex(ManifestError, "there is no file"):
            Driver(self.worker('name = "w"\nmodule = "other.py"\n'))
        driver = Driver(self.worker('name = "w"\nmodule = "w.py"\n', "def handle(request):\n    pass\n"))
        with self.assertRaisesRegex(BadRequest, "'x' is no field of w"):
            driver.call(x=1)
        with self.assertRaises(NotFound):
            driver.handler.call(Request(method="fly"))


class Requirements(TemporaryFolder):
    def read(self, text: str) -> "list[str]":
        path = self.folder / "requirements.txt"
        path.write_text(text)
        return [str(one) for one in read_requirements(path)]

    def test_they_are_pinned_and_have_hashes(self) -> None:
        self.assertEqual(self.read("# ours\n\na-b==1.0 \\\n    --hash=sha256:00\nc[x]==2 --hash=sha256:11  # why\n"),
                         ["a-b==1.0", "c==2"])
        for line, number in (("a>=1 --hash=sha256:00", 1), ("\na==1", 2), ("-e .", 1), ("https://x/y.whl", 1)):
            with self.assertRaisesRegex(Failure, f":{number}: .* must be pinned, with a hash"):
                self.read(line)

    def test_wheels_that_are_missing_are_named(self) -> None:
        path = self.folder / "requirements.txt"
        path.write_text("A_b==1.0 --hash=sha256:00\nc==2 --hash=sha256:00\n")
        (self.folder / "a_b-1.0-py3-none-any.whl").touch()
        (self.folder / "c-2.1-py3-none-any.whl").touch()
        self.assertEqual([str(one) for one in missing_wheels(read_requirements(path), self.folder)], ["c==2"])

    def test_the_environment_stands_before_the_first_table(self) -> None:
        text = with_python('name = "a"\npython = "old"\n\n[fields.x]\ntype = "text"\n', Path("/v/bin/python"))
        self.assertEqual(tomllib.loads(text), {"name": "a", "python": "/v/bin/python",
                                               "fields": {"x": {"type": "text"}}})


class Chip(TemporaryFolder):
    def test_who_opens_it_alone_is_warned_of(self) -> None:
        for code, more, expected in (("VDevice(p)", "", "without the group SHARED"),
                                     ("p.group_id = 'SHARED'; VDevice(p)", "", "has no npu_bytes"),
                                     ("p.group_id = 'SHARED'; VDevice(p)", "npu_bytes = 1\n", "")):
            folder = self.worker(f'name = "w"\nmodule = "w.py"\ndevices = ["/dev/hailo0"]\n{more}', code)
            said = io.StringIO()
            with contextlib.redirect_stderr(said):
                warn_of_the_chip(Manifest.read(folder))
            self.assertIn(expected, said.getvalue())
            self.assertEqual(bool(said.getvalue()), bool(expected))

    def test_a_pipeline_loses_its_display(self) -> None:
        text = "filesrc ! hailonet ! identity name=identity_callback ! queue name=q ! hailooverlay ! fpsdisplaysink"
        self.assertEqual(without_display(text), "filesrc ! hailonet ! identity name=identity_callback ! "
                                                "fakesink name=hailo_display sync=false")
        self.assertEqual(without_display("a ! fakesink"), "a ! fakesink")

    def test_each_source_of_a_pipeline_keeps_its_branch(self) -> None:
        sink = ("queue name=o{0} ! hailooverlay name=d{0}_overlay ! queue ! videoconvert ! queue ! fpsdisplaysink "
                "name=d{0} video-sink=autovideosink sync=false text-overlay=False signal-fps-measurements=true ")
        branch = "router.src_{0} ! identity name=src_{0}_callback ! queue name=c{0} max-size-buffers=30 ! "
        text = "a ! hailostreamrouter name=router " + "".join((branch + sink).format(i) for i in range(2))
        self.assertEqual(
            without_display(text).split(),
            ("a ! hailostreamrouter name=router " + "".join(
                (branch + "fakesink name=d{0} sync=false ").format(i) for i in range(2))).split())


class Scaffold(TemporaryFolder):
    def test_each_kind_passes_its_own_test(self) -> None:
        for kind in ("function", "stream", "command"):
            status, said = self.main("new", "my-" + kind, "--into", str(self.folder), "--kind", kind)
            self.assertEqual(status, 0, said)
            done = subprocess.run([sys.executable, "-m", "unittest"], cwd=self.folder / f"my-{kind}",
                                  capture_output=True, text=True, check=False,
                                  env={**os.environ, "PYTHONPATH": str(PACKAGE)})
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("Ran 1 test", done.stderr)

    def test_a_bad_name_or_a_second_one_is_refused(self) -> None:
        self.assertEqual(self.main("new", "No!", "--into", str(self.folder))[0], 1)
        self.assertEqual(self.main("new", "one", "--into", str(self.folder))[0], 0)
        status, said = self.main("new", "one", "--into", str(self.folder))
        self.assertEqual(status, 1)
        self.assertIn("is there already", said)

    def test_run_calls_it_with_fields_and_files(self) -> None:
        self.main("new", "one", "--into", str(self.folder))
        picture = self.folder / "a.png"
        picture.write_bytes(bytes([2, 4]))
        status, said = self.main("run", str(self.folder / "one"), f"image=@{picture}", "scale=2")
        self.assertEqual((status, said), (0, '{"bytes": 2, "mean": 6.0}\n'))
        status, said = self.main("run", str(self.folder / "one"), "scale=x", f"image=@{picture}")
        self.assertEqual(status, 1)
        self.assertIn("scale must be of type number, got 'x'", said)


if __name__ == "__main__":
    unittest.main()
