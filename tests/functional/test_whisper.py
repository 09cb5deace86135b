# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""The engine whisper with a model of random weights: nothing that it says means anything, everything else is as with a real one.
Skipped where HAILSTONE_TEST_ASSETS or whisper.cpp is not there."""

import json
import os
import threading
import unittest
from pathlib import Path

from support import DaemonTest, add_model

from sounds import form

ASSETS = Path(os.environ.get("HAILSTONE_TEST_ASSETS", ""))
HEAD = ASSETS / "models/stt/for-tests-ggml-tiny.bin"


class Whisper(DaemonTest):
    MODELS = {}

    @classmethod
    def setUpClass(cls) -> None:
        if not ASSETS.name:
            raise unittest.SkipTest("HAILSTONE_TEST_ASSETS is not set")
        try:
            from whisper_model import write_model
        except ImportError:
            raise unittest.SkipTest("NumPy is not there") from None
        super().setUpClass()
        cls.require_engine("whisper")
        weights = cls.daemon.home / "tiny.bin"
        write_model(weights, "tiny", HEAD)
        add_model(cls.daemon.store, "random", weights, engine="whisper", task="transcribe")

    def transcribe(self, **fields: str) -> tuple[int, dict]:
        body, headers = form({"model": "random", **fields}, (ASSETS / "media/audio/jfk.wav").read_bytes())
        status, _, reply = self.daemon.request("POST", "/api/transcribe", body, headers)
        return status, json.loads(reply)

    def test_segments_and_words_have_their_times(self) -> None:
        status, reply = self.transcribe(language="en", format="verbose_json", words="true", length="4")
        self.assertEqual(status, 200, reply)
        self.assertEqual(reply["language"], "en")
        self.assertTrue(reply["segments"])
        last = 0.0
        for segment in reply["segments"]:
            self.assertLessEqual(segment["begin"], segment["end"])
            self.assertGreaterEqual(segment["begin"], last - 0.3)
            last = segment["end"]
        self.assertLessEqual(last, 4.3)
        self.assertEqual("".join(word["word"] for word in reply["words"]).replace(" ", ""), reply["text"].replace(" ", ""))

    def test_the_language_is_found_out_and_said(self) -> None:
        status, reply = self.transcribe(length="2")
        self.assertEqual(status, 200, reply)
        self.assertRegex(reply["language"], "^[a-z]{2,3}$")
        self.assertEqual(self.transcribe(language="xx")[0], 400)

    def test_several_are_heard_at_once_with_one_set_of_weights(self) -> None:
        alone = self.transcribe(language="en", length="2")[1]["text"]
        replies: list[str] = []
        threads = [threading.Thread(target=lambda: replies.append(self.transcribe(language="en", length="2")[1]["text"]))
                   for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(replies, [alone] * 4)
        self.assertEqual(len(self.daemon.json("GET", "/api/ps")[1]["models"]), 1)

    def test_a_broken_model_is_refused_with_the_reason(self) -> None:
        add_model(self.daemon.store, "broken", b"lmgg" + bytes(20), engine="whisper", task="transcribe")
        body, headers = form({"model": "broken"}, (ASSETS / "media/audio/cards/001.wav").read_bytes())
        status, _, reply = self.daemon.request("POST", "/api/transcribe", body, headers)
        self.assertEqual(status, 400, reply)
        self.assertIn("header", json.loads(reply)["error"])


if __name__ == "__main__":
    unittest.main()
