# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Engines that a file describes: a host in another language, added without building."""

import json
import struct
import sys
import unittest
import zlib
from pathlib import Path

from support import DaemonTest, add_model, eventually

HOST = Path(__file__).resolve().parents[2] / "src/hosting/testdata/upper_host.py"


def picture(width: int, height: int, box: tuple[int, int, int, int]) -> bytes:
    """Black, but for a white box."""
    left, top, wide, high = box
    rows = b""
    for y in range(height):
        line = [b"\xff" if top <= y < top + high and left <= x < left + wide else b"\0"
                for x in range(width)]
        rows += b"\0" + b"".join(level * 3 for level in line)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class EnginesByFile(DaemonTest):
    MODELS = {}

    @classmethod
    def setUpClass(cls) -> None:
        from daemon import Daemon
        cls.daemon = Daemon()
        folder = cls.daemon.home / "engines.d"
        folder.mkdir()
        python = json.dumps(sys.executable)
        # Python's own modules, where it is no package of the system, and the host's.
        read = f"read = {json.dumps([sys.base_prefix, str(HOST.parent)])}\n"
        (folder / "upper.toml").write_text(
            f'name = "upper"\ncommand = [{python}, {json.dumps(str(HOST))}, "upper"]\n{read}')
        (folder / "misnamed.toml").write_text(
            f'name = "misnamed"\ncommand = [{python}, {json.dumps(str(HOST))}, "other"]\n{read}')
        (folder / "dying.toml").write_text(
            f'name = "dying"\ncommand = [{python}, "-c", "raise RuntimeError(\'no licence\')"]\n{read}')
        (folder / "missing.toml").write_text('name = "missing"\ncommand = ["/no/such/host"]\n')
        (folder / "bad.toml").write_text('name = "bad"\ncommand = ["x"]\ncolour = 1\n')
        add_model(cls.daemon.store, "shout", engine="upper")
        add_model(cls.daemon.store, "bright", engine="upper", task="detect", decoder="boxes",
                  settings={"input": '{"width":32,"height":16,"resize":"stretch"}'},
                  layers={"labels": "light\n"})
        cls.daemon.start()

    def engine(self, name: str) -> dict[str, object]:
        engines = self.daemon.json("GET", "/api/health")[1]["engines"]
        return next(each for each in engines if each["name"] == name)

    def test_the_host_is_an_engine_like_any_other(self) -> None:
        self.assertTrue(self.engine("upper")["usable"])
        status, reply = self.chat("shout", "hello world")
        self.assertEqual(status, 200, reply)
        self.assertEqual(reply["message"]["content"].split(), ["HELLO", "WORLD"])

    def test_its_tensors_are_boxes_in_a_picture(self) -> None:
        status, headers, reply = self.daemon.request(
            "POST", "/api/detect", picture(64, 32, (16, 8, 20, 10)), {"Content-Type": "image/png"})
        self.assertEqual(status, 200, reply)
        self.assertEqual(headers["x-hailstone-engine"], "upper")
        found = json.loads(reply)
        self.assertEqual([each["label"] for each in found], ["light"])
        self.assertEqual(found[0]["bbox"], [16, 8, 20, 10])

    def test_what_keeps_an_engine_from_working_is_said(self) -> None:
        self.assertIn("/no/such/host", str(self.engine("missing")["reason"]))
        self.assertIn("says that it is one of the engine 'other'",
                      str(self.engine("misnamed")["reason"]))
        self.assertFalse(self.engine("dying")["usable"])
        self.assertTrue(eventually(
            lambda: any("no licence" in line and "warn" in line.lower() for line in self.daemon.log)))

    def test_a_bad_file_is_named_and_stops_nobody(self) -> None:
        self.assertTrue(eventually(
            lambda: any("bad.toml:3" in line and "colour" in line for line in self.daemon.log)))


if __name__ == "__main__":
    unittest.main()
