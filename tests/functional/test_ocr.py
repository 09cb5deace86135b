# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""A printed page, read by real networks through the real program. Skipped where HAILSTONE_TEST_ASSETS or ONNX Runtime is not
there."""

import json
import os
import subprocess
import unittest
from pathlib import Path

from support import DaemonTest

from daemon import BINARY

ASSETS = Path(os.environ.get("HAILSTONE_TEST_ASSETS", ""))
PAGE = ("3 MovieShots Dataset To facilitate the shot type analysis in videos, we collect MovieShots, a large-scale shot "
        "type annotation set that contains 46K shots from 7858 movies. The details of this dataset are specified as follows.")


def distance(a: str, b: str) -> int:
    """Levenshtein's."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


class Pair(DaemonTest):
    MODELS = {}

    @classmethod
    def setUpClass(cls) -> None:
        if not ASSETS.name:
            raise unittest.SkipTest("HAILSTONE_TEST_ASSETS is not set")
        super().setUpClass()
        engines = cls.daemon.json("GET", "/api/health")[1]["engines"]
        onnx = next((engine for engine in engines if engine["name"] == "onnx"), None)
        if onnx is None or not onnx["usable"]:
            cls.daemon.__exit__()
            raise unittest.SkipTest(onnx["reason"] if onnx else "there is no engine onnx")
        models = ASSETS / "models/ocr"
        subprocess.run([BINARY, "import", models / "en_PP-OCRv3_det_infer.onnx", "--name", "pair", "--task", "ocr",
                        "--file", f"recogniser={models / 'en_number_mobile_v2.0_rec_infer.onnx'}",
                        "--file", f"labels={models / 'en_dict.txt'}"], check=True, capture_output=True,
                       env=os.environ | {"HAILSTONE_HOST": f"127.0.0.1:{cls.daemon.port}"})

    def read(self, query: str = "") -> str:
        status, _, reply = self.daemon.request("POST", "/api/ocr?model=pair" + query,
                                               (ASSETS / "media/ocr/en.jpg").read_bytes(),
                                               {"Content-Type": "image/jpeg"})
        self.assertEqual(status, 200, reply)
        return reply.decode()

    def test_a_page_is_read(self) -> None:
        text = " ".join(self.read("&format=text").split())
        self.assertLessEqual(distance(text, PAGE), len(PAGE) * 0.03, text)

    def test_words_stand_in_their_lines(self) -> None:
        for line in json.loads(self.read())["lines"]:
            left, top, width, height = line["bbox"]
            for word in line["words"]:
                x, y, w, h = word["bbox"]
                self.assertGreaterEqual(x, left - 0.5)
                self.assertLessEqual(x + w, left + width + 0.5)
                self.assertLessEqual(y + h, top + height + 0.5)

    def test_two_networks_are_one_model_in_one_process(self) -> None:
        self.read()
        resident = self.daemon.json("GET", "/api/ps")[1]["models"]
        self.assertEqual([model["name"] for model in resident], ["pair:latest"])


if __name__ == "__main__":
    unittest.main()
