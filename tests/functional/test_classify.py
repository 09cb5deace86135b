# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Labels of one's own: a picture and texts compared by networks that ONNX Runtime really runs. Skipped where the engine
runtime is not there (tools/engine-runtime make)."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import DaemonTest

import micro_clip
from daemon import BINARY
from png import png

PICTURES = {"red": (220, 20, 20), "green": (20, 220, 20), "blue": (20, 20, 220)}


class Classify(DaemonTest):
    MODELS = {}

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.require_engine("onnx")
        cls.folder = tempfile.TemporaryDirectory()
        cls.image, cls.text, cls.words = micro_clip.write(Path(cls.folder.name))
        cls.run_command("import", cls.image, "--name", "colours", "--task", "classify", "--file",
                        f"text-encoder={cls.text}", "--file", f"tokenizer={cls.words}")
        for name, colour in PICTURES.items():
            (Path(cls.folder.name) / f"{name}.png").write_bytes(png(20, 12, colour))

    @classmethod
    def tearDownClass(cls) -> None:
        super().tearDownClass()
        cls.folder.cleanup()

    @classmethod
    def run_command(cls, *arguments: object, expect: int = 0) -> "subprocess.CompletedProcess[str]":
        env = os.environ | {"HAILSTONE_HOST": f"127.0.0.1:{cls.daemon.port}", "TERM": "dumb"}
        done = subprocess.run([BINARY, *map(str, arguments)], env=env, timeout=60, check=False,
                              capture_output=True, text=True)
        assert done.returncode == expect, done.stderr
        return done

    def look(self, picture: str, query: str) -> tuple[int, object]:
        body = (Path(self.folder.name) / f"{picture}.png").read_bytes()
        status, _, reply = self.daemon.request("POST", "/api/classify?" + query, body,
                                               {"Content-Type": "image/png"})
        return status, json.loads(reply)

    def test_each_picture_is_what_its_label_says(self) -> None:
        for name in PICTURES:
            status, labels = self.look(name, "labels=blue,green,red")
            self.assertEqual(status, 200, labels)
            self.assertEqual(labels[0]["label"], name)
            self.assertGreater(labels[0]["confidence"], 0.99)
            self.assertAlmostEqual(sum(label["confidence"] for label in labels), 1, places=3)

    def test_the_template_is_what_is_compared(self) -> None:
        # "red blue" lies between the two, so that a red picture is less of it than of "red".
        status, labels = self.look("red", "labels=red,green&template=blue%20%7B%7D")
        self.assertEqual(status, 200, labels)
        self.assertEqual([label["label"] for label in labels], ["red", "green"])
        status, answer = self.look("red", "labels=red&template=nothing")
        self.assertEqual(status, 400)
        self.assertIn("template", answer["error"])

    def test_the_command_line_asks_for_labels(self) -> None:
        picture = Path(self.folder.name) / "green.png"
        line = json.loads(self.run_command("classify", picture, "--labels", "red,green").stdout)
        self.assertEqual(line["result"][0]["label"], "green")
        self.assertIn("labels is required", self.run_command("classify", picture, expect=1).stderr)

    def test_a_network_of_any_length_is_given_no_padding(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            image, text, words = micro_clip.write(Path(name), "length")
            self.run_command("import", image, "--name", "short", "--task", "classify", "--file",
                             f"text-encoder={text}", "--file", f"tokenizer={words}")
        status, labels = self.look("blue", "model=short&labels=red,blue")
        self.assertEqual((status, labels[0]["label"]), (200, "blue"))

    def test_a_tokenizer_that_is_none_or_missing_is_said(self) -> None:
        broken = Path(self.folder.name) / "broken.json"
        broken.write_text("{}")
        self.run_command("import", self.image, "--name", "broken", "--task", "classify", "--file",
                         f"text-encoder={self.text}", "--file", f"tokenizer={broken}")
        self.run_command("import", self.image, "--name", "mute", "--task", "classify", "--file",
                         f"text-encoder={self.text}")
        self.assertIn("tokenizer.json", self.look("red", "model=broken&labels=red")[1]["error"])
        self.assertIn("has no tokenizer", self.look("red", "model=mute&labels=red")[1]["error"])
        self.run_command("rm", "broken")
        self.run_command("rm", "mute")


if __name__ == "__main__":
    unittest.main()
