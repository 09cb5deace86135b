# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""A Piper voice from its two files to sound: imported, listed, chosen and spoken to in its own numbers. The voice is made
here and tells what it was given; how real ones sound is not tested."""

import array
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import DaemonTest

from daemon import BINARY
from micro_piper import told_by, write_voice


class Piper(DaemonTest):
    MODELS = {}

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.require_engine("onnx")
        cls.require_engine("espeak")
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.network = write_voice(Path(cls.folder.name), "piper-en-us-test")
        done = cls.run_import(cls.network)
        assert done.returncode == 0, done.stderr
        cls.line = done.stdout

    @classmethod
    def run_import(cls, file: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
        env = os.environ | {"HAILSTONE_HOST": f"127.0.0.1:{cls.daemon.port}", "TERM": "dumb"}
        return subprocess.run([BINARY, "import", file, *arguments], env=env, timeout=120, check=False,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)

    def speak(self, **task: object) -> tuple[dict[str, str], list[float]]:
        body = json.dumps({"format": "pcm", **task}).encode()
        status, headers, sound = self.daemon.request("POST", "/api/speak", body, {"Content-Type": "application/json"})
        self.assertEqual(status, 200, sound)
        return headers, [sample / 32767 for sample in array.array("h", sound)]

    def test_import_says_what_it_is(self) -> None:
        self.assertIn("for speak: decoder piper", self.line)
        self.assertIn("sure", self.line)

    def test_it_is_listed_with_its_language(self) -> None:
        voices = self.daemon.json("GET", "/api/voices")[1]["voices"]
        own = [voice for voice in voices if voice["id"] == "piper-en-us-test"]
        self.assertEqual(len(own), 1, voices)
        self.assertEqual(own[0]["language"], "en-us")

    def test_it_is_what_english_is_spoken_with(self) -> None:
        headers, _ = self.speak(text="Hello.")
        self.assertEqual(headers["x-hailstone-voice"], "piper-en-us-test")

    def test_it_is_given_the_phonemes_and_scales(self) -> None:
        _, samples = self.speak(text="Hello.", voice="piper-en-us-test")
        symbols, scales = told_by(samples)
        self.assertEqual(symbols, "^_h_ə_l_ˈ_o_ʊ_._$")
        for told, scale in zip(scales, (0.667, 1, 0.8)):
            self.assertAlmostEqual(told, scale, delta=0.02)

    def test_twice_as_fast_is_half_the_length(self) -> None:
        _, samples = self.speak(text="Hello.", voice="piper-en-us-test", speed=2)
        self.assertAlmostEqual(told_by(samples)[1][1], 0.5, delta=0.02)

    def test_raw_phonemes_stay(self) -> None:
        _, samples = self.speak(text="[[tuː]]", voice="piper-en-us-test")
        self.assertEqual(told_by(samples)[0], "^_t_u_ː_._$")

    def test_without_its_file_it_is_refused_with_the_reason(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = write_voice(Path(folder), "alone")
            file.with_name("alone.onnx.json").unlink()
            done = self.run_import(file)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("--file voice=VOICE.onnx.json", done.stderr)

    def test_a_broken_file_is_refused_by_its_field(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = write_voice(Path(folder), "broken")
            config = file.with_name("broken.onnx.json")
            config.write_text(config.read_text().replace('"sample_rate": 24000', '"sample_rate": 0'))
            done = self.run_import(file)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("audio.sample_rate", done.stderr)


if __name__ == "__main__":
    unittest.main()
