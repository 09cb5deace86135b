# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""The product's scores of wake words are those of the same networks in a run of numpy's, step by step, for real speech and
for spoken words. Skipped without numpy, HAILSTONE_TEST_ASSETS or ONNX Runtime."""

import io
import json
import os
import sys
import unittest
import wave
from pathlib import Path

try:
    import numpy as np
except ImportError as missing:
    print(f"{missing}: python3-numpy")
    sys.exit(77)
if "HAILSTONE_TEST_ASSETS" not in os.environ:
    print("HAILSTONE_TEST_ASSETS is not set")
    sys.exit(77)

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "support")]

from daemon import Daemon, add_model  # noqa: E402
from wake import WakeChain  # noqa: E402
from wake_client import WakeClient  # noqa: E402

ASSETS = Path(os.environ["HAILSTONE_TEST_ASSETS"])
NETS = ASSETS / "models/wake"


class WakeAgreement(unittest.TestCase):
    daemon: Daemon

    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = Daemon()
        for word in ("hey_jarvis", "alexa", "hey_mycroft"):
            add_model(cls.daemon.store, word, NETS / f"{word}_v0.1.onnx", engine="onnx", task="wake", decoder="openwakeword",
                      layers={"melspectrogram": NETS / "melspectrogram.onnx", "embedding": NETS / "embedding_model.onnx"})
        cls.daemon.start()
        engines = cls.daemon.json("GET", "/api/health")[1]["engines"]
        if not any(engine["name"] == "onnx" and engine["usable"] for engine in engines):
            cls.daemon.__exit__()
            raise unittest.SkipTest("ONNX Runtime is not there")

    @classmethod
    def tearDownClass(cls) -> None:
        cls.daemon.__exit__()

    def spoken(self, text: str) -> np.ndarray:
        status, _, sound = self.daemon.request(
            "POST", "/api/speak", json.dumps({"text": text, "voice": "starter-espeak/en-us"}).encode())
        if status != 200:
            self.skipTest("the program was built without starter-espeak")
        with wave.open(io.BytesIO(sound)) as file:
            samples, rate = np.frombuffer(file.readframes(file.getnframes()), np.int16), file.getframerate()
        return np.interp(np.arange(0, len(samples) - 1, rate / 16_000), np.arange(len(samples)), samples).astype(np.int16)

    def product(self, word: str, sound: np.ndarray) -> np.ndarray:
        with WakeClient(self.daemon.port, f"words={word}&scores=true") as client:
            client.next()
            for at in range(0, len(sound), 1000):  # not in steps
                client.send_bytes(sound[at:at + 1000].tobytes())
            client.send_json(type="stop")
            return np.array([m["scores"][word] for m in client.until("done") if m["type"] == "scores"])

    def compare(self, word: str, sound: np.ndarray) -> np.ndarray:
        chain = WakeChain(NETS / "melspectrogram.onnx", NETS / "embedding_model.onnx", NETS / f"{word}_v0.1.onnx")
        expected, got = chain.scores(sound), self.product(word, sound)
        self.assertEqual(len(got), len(expected))
        np.testing.assert_allclose(got, expected, atol=1e-3)
        return got

    def test_of_a_spoken_word(self) -> None:
        pause = np.zeros(16_000, np.int16)
        for word in ("hey_jarvis", "alexa"):
            sound = np.concatenate([pause, self.spoken(word.replace("_", " ")), pause])
            self.assertGreater(self.compare(word, sound).max(), 0.5)

    def test_of_real_speech(self) -> None:
        with wave.open(str(ASSETS / "media/audio/jfk.wav")) as file:
            speech = np.frombuffer(file.readframes(5 * 16_000), np.int16)
        self.assertLess(self.compare("hey_mycroft", speech).max(), 0.5)


if __name__ == "__main__":
    unittest.main()
