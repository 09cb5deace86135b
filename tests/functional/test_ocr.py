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
from printed_page import PAGE, edit_distance

ASSETS = Path(os.environ.get("HAILSTONE_TEST_ASSETS", ""))


class Pair(DaemonTest):
    MODELS = {}

    @classmethod
    def setUpClass(cls) -> None:
        if not ASSETS.name:
            raise unittest.SkipTest("HAILSTONE_TEST_ASSETS is not set")
        super().setUpClass()
        cls.require_engine("onnx")
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
        self.assertLessEqual(edit_distance(text, PAGE), len(PAGE) * 0.03, text)

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
