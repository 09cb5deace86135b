# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Wake words with openWakeWord's own networks, over the WebSocket /api/wake and over Wyoming."""

import functools
import http.server
import io
import json
import os
import re
import threading
import time
import unittest
import wave
from pathlib import Path

from support import FAKE, Daemon, DaemonTest, add_model, eventually
from daemon import ROOT
from wake_client import WakeClient
from web_socket import WebSocket
from wyoming_client import Wyoming

ASSETS = Path(os.environ.get("HAILSTONE_TEST_ASSETS", ""))
WORDS = {"openwakeword-hey-jarvis": "hey jarvis", "openwakeword-alexa": "alexa"}


class Nothing(DaemonTest):
    """Without any."""
    ARGS = ("--wyoming", "127.0.0.1:0")

    def test_there_are_none(self) -> None:
        self.assertEqual(self.daemon.json("GET", "/api/wake"), (200, {"words": []}))
        with WakeClient(self.daemon.port) as client:
            error = client.next()
            self.assertEqual(error["type"], "error")
            self.assertIn("no model for wake", error["error"])
            self.assertIn("hailstone catalog", error["detail"])
            self.assertIsNone(client.receive())

    def test_options_are_checked(self) -> None:
        for query, reason in (("threshold=2", "threshold"), ("patience=0", "patience"), ("sample_rate=5", "sample_rate"),
                              ("scores=maybe", "scores")):
            with WakeClient(self.daemon.port, "" + query) as client:
                self.assertIn(reason, client.next()["error"])

    def test_a_model_without_its_networks_is_told(self) -> None:
        add_model(self.daemon.store, "lonely", engine=FAKE, task="wake")
        with WakeClient(self.daemon.port, "words=lonely") as client:
            self.assertEqual(client.next()["words"], [{"name": "lonely", "phrase": "lonely"}])
            client.send_bytes(bytes(2560))
            self.assertIn("melspectrogram", client.next()["error"])
        (self.daemon.store / "manifests/registry.ollama.ai/library/lonely/latest").unlink()


class Real(DaemonTest):
    ARGS = ("--wyoming", "127.0.0.1:0")
    MODELS = {}

    @classmethod
    def setUpClass(cls) -> None:
        if not ASSETS.name:
            raise unittest.SkipTest("HAILSTONE_TEST_ASSETS is not set")
        super().setUpClass()
        cls.require_engine("onnx")
        nets = ASSETS / "models/wake"
        for name, phrase in WORDS.items():
            add_model(cls.daemon.store, name, nets / f"{phrase.replace(' ', '_')}_v0.1.onnx", engine="onnx", task="wake",
                      decoder="openwakeword", settings={"phrase": phrase},
                      layers={"melspectrogram": nets / "melspectrogram.onnx", "embedding": nets / "embedding_model.onnx"})

    def say(self, text: str) -> tuple[bytes, int]:
        status, _, sound = self.daemon.request("POST", "/api/speak", json.dumps({"text": text, "voice": "starter-speak/slt"}).encode())
        if status != 200:
            self.skipTest("the program was built without starter-speak")
        with wave.open(io.BytesIO(sound)) as file:
            rate = file.getframerate()
            return bytes(3 * rate) + file.readframes(file.getnframes()) + bytes(2 * rate), rate

    def test_words_are_spotted_among_others(self) -> None:
        self.assertEqual({word["name"]: word["phrase"] for word in self.daemon.json("GET", "/api/wake")[1]["words"]}, WORDS)
        for text, expected in (("hey jarvis", ["openwakeword-hey-jarvis"]), ("alexa", ["openwakeword-alexa"]),
                               ("how is the weather today", [])):
            sound, rate = self.say(text)
            with WakeClient(self.daemon.port, f"sample_rate={rate}") as client:
                self.assertEqual(client.next()["type"], "ready")
                for at in range(0, len(sound), 3200):
                    client.send_bytes(sound[at:at + 3200])
                client.send_json(type="stop")
                messages = client.until("done")
            self.assertEqual([message["word"] for message in messages[:-1]], expected, text)
            self.assertEqual(messages[-1]["detected"], len(expected))
            for message in messages[:-1]:
                self.assertGreaterEqual(message["score"], 0.5)
                self.assertGreater(message["at"], 1.5)
                self.assertLess(message["at"], len(sound) / 2 / rate)

    def test_one_word_may_be_chosen_by_what_is_said(self) -> None:
        sound, rate = self.say("alexa")
        with WakeClient(self.daemon.port, f"words=hey_jarvis&scores=true&sample_rate={rate}") as client:
            self.assertEqual([word["phrase"] for word in client.next()["words"]], ["hey jarvis"])
            client.send_bytes(sound)
            client.send_json(type="stop")
            messages = client.until("done")
        self.assertEqual({message["type"] for message in messages[:-1]}, {"scores"})
        self.assertEqual([message["scores"]["openwakeword-hey-jarvis"] for message in messages[:5]], [0] * 5)
        self.assertAlmostEqual(messages[0]["at"], 0.08)
        with WakeClient(self.daemon.port, "words=computer") as client:
            error = client.next()
            self.assertIn("computer", error["error"])
            self.assertIn("openwakeword-alexa", error["detail"])

    def test_home_assistant_is_woken(self) -> None:
        port = self.daemon.wyoming_port()

        def models() -> list[dict[str, object]]:
            with Wyoming(port) as client:
                info = client.describe()
            return info["wake"][0]["models"] if info["wake"] else []
        self.assertTrue(eventually(lambda: len(models()) == 2, 20))
        self.assertEqual({model["name"]: model["phrase"] for model in models()}, WORDS)
        sound, rate = self.say("hey jarvis")
        shape = {"rate": rate, "width": 2, "channels": 1}
        with Wyoming(port) as client:  # as it does: without an end, until the word has come
            client.send("detect", names=["openwakeword-hey-jarvis"])
            client.send("audio-start", **shape)
            for at in range(0, len(sound), 2048):
                client.send("audio-chunk", sound[at:at + 2048], timestamp=5000 + at * 500 // rate, **shape)
            detection = client.read()
        self.assertEqual((detection.type, detection.data["name"]), ("detection", "openwakeword-hey-jarvis"))
        self.assertGreater(detection.data["timestamp"], 6500)
        with Wyoming(port) as client:
            client.send("detect", names=["alexa"])
            client.play(sound, rate)
            self.assertEqual(client.read().type, "not-detected")
            client.send("detect")
            client.play(sound, rate)
            self.assertEqual(client.read().data["name"], "openwakeword-hey-jarvis")

    def test_a_talk_hears_nothing_before_its_word(self) -> None:
        engines = {engine["name"]: engine for engine in self.daemon.json("GET", "/api/health")[1]["engines"]}
        if not engines["llama"]["usable"]:
            self.skipTest(engines["llama"]["reason"])
        word, rate = self.say("hey jarvis")
        question, _ = self.say("how do i stop a model")
        with WebSocket(self.daemon.port, f"/api/voice?wake=hey_jarvis&attention_ms=3000&ahead_ms=0&sample_rate={rate}") as talk:
            seen: list[str] = []

            def until(kind: str) -> dict[str, object]:
                while True:
                    message = talk.receive_json()
                    self.assertIsNotNone(message, seen)
                    if isinstance(message, dict):
                        seen.append(message["type"])
                        if message["type"] == kind:
                            return message
            talk.send_bytes(question)  # nobody has been called yet
            talk.send_bytes(word)
            awake = until("awake")
            self.assertEqual(awake["phrase"], "hey jarvis")
            self.assertNotIn("speech_started", seen)
            talk.send_bytes(question)
            self.assertIn("stop", str(until("heard")["text"]))
            until("reply_done")

            def be_silent() -> None:  # while the answer is played, and behind it
                for _ in range(150):
                    if "asleep" in seen:
                        break
                    talk.send_bytes(bytes(rate))
                    time.sleep(0.1)
            silence = threading.Thread(target=be_silent)
            silence.start()
            until("asleep")
            silence.join()
        with WebSocket(self.daemon.port, "/api/voice?wake=hey_jarvis&turns=push_to_talk") as talk:
            talk.send_bytes(bytes(640))
            self.assertIn("push_to_talk", talk.receive_json()["error"])

    def test_nothing_is_held_between_words(self) -> None:
        sound, rate = self.say("alexa")
        with WakeClient(self.daemon.port, f"sample_rate={rate}") as client:
            client.next()
            client.send_bytes(sound)
            self.assertEqual(client.next()["type"], "detected")
            self.daemon.request("POST", "/api/unload", {})
            self.assertTrue(eventually(lambda: not self.daemon.json("GET", "/api/ps")[1]["models"]))
            client.send_bytes(sound)  # loaded again
            self.assertEqual(client.next()["type"], "detected")


class Pulled(DaemonTest):
    """From a catalogue of ours, whose files are near."""

    @classmethod
    def setUpClass(cls) -> None:
        if not ASSETS.name:
            raise unittest.SkipTest("HAILSTONE_TEST_ASSETS is not set")
        handler = functools.partial(Quiet, directory=str(ASSETS / "models/wake"))
        cls.server = QuietServer(("127.0.0.1", 0), handler)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.daemon = Daemon()
        shipped = (ROOT / "models/catalog/wake.toml").read_text()
        # The same entries with their sizes and digests, under names and addresses of their own.
        local = re.sub(r'https://[^"]*/', f"http://127.0.0.1:{cls.server.server_port}/", shipped)
        (cls.daemon.home / "catalog").mkdir()
        (cls.daemon.home / "catalog/near.toml").write_text(local.replace('"openwakeword-', '"near-'))
        cls.daemon.start()
        cls.require_engine("onnx")

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.shutdown()
        cls.server.server_close()
        super().tearDownClass()

    def test_a_word_is_pulled_and_its_licence_told(self) -> None:
        lines = list(self.daemon.lines("/api/pull", {"model": "near-hey-jarvis"}))
        self.assertEqual(lines[-1], {"status": "success"})
        self.assertIn("licence CC-BY-NC-SA-4.0: not for every use", [line.get("status") for line in lines])
        self.assertEqual(self.daemon.json("GET", "/api/wake")[1], {"words": [{"name": "near-hey-jarvis", "phrase": "hey jarvis"}]})
        with WakeClient(self.daemon.port, "words=hey%20jarvis&scores=true") as client:
            client.next()
            client.send_bytes(bytes(2 * 1280))
            self.assertEqual(client.next()["scores"], {"near-hey-jarvis": 0})


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class QuietServer(http.server.ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """The service asks for a part first and leaves where it gets all."""


if __name__ == "__main__":
    unittest.main()
