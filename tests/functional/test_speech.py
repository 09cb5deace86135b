# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Speech in and out of the real daemon, with the starter models: what one says the other reads back."""

import base64
import io
import json
import os
import struct
import unittest
import wave
from pathlib import Path

from support import DaemonTest, add_model

from sounds import form, wav, words_wrong

ASSETS = Path(os.environ.get("HAILSTONE_TEST_ASSETS", ""))

SENTENCES = ["the weather is very nice today", "please turn on the light in the kitchen", "how much memory does the model need"]
# Of words. The starter recogniser is old and small; a voice of a machine is clear, and strange to it.
MOST_WRONG = {"flite": 0.45, "espeak": 0.95}


def silence(seconds: float) -> bytes:
    return wav(bytes(int(seconds * 16_000) * 2))


class SpeechTest(DaemonTest):
    MODELS = {}

    def speak(self, path: str = "/api/speak", **task: object) -> tuple[int, dict[str, str], bytes]:
        return self.daemon.request("POST", path, json.dumps(task).encode(), {"Content-Type": "application/json"})

    def transcribe(self, audio: bytes, path: str = "/api/transcribe", name: str = "audio",
                   **fields: str) -> tuple[int, dict[str, str], bytes]:
        body, headers = form(fields, audio, name)
        return self.daemon.request("POST", path, body, headers)

    def require_starters(self, *names: str) -> None:
        here = {model["name"] for model in self.daemon.json("GET", "/api/tags")[1]["models"]}
        for name in names:
            if f"{name}:latest" not in here:
                self.skipTest(f"the program was built without {name}")


class Speak(SpeechTest):
    def setUp(self) -> None:
        self.require_starters("starter-speak", "starter-espeak")

    def test_a_short_text_comes_whole_with_its_duration(self) -> None:
        status, headers, sound = self.speak(text="Hello there.")
        self.assertEqual(status, 200, sound)
        self.assertEqual(headers["content-type"], "audio/wav")
        self.assertEqual(headers["x-hailstone-voice"], "starter-speak/slt")
        with wave.open(io.BytesIO(sound)) as file:
            seconds = file.getnframes() / file.getframerate()
        self.assertAlmostEqual(seconds, float(headers["x-hailstone-duration"]), places=2)
        self.assertGreater(seconds, 0.4)

    def test_voices_are_chosen_by_name_language_and_likeness(self) -> None:
        for voice, speaker, substituted in (("de", "starter-espeak/de", False), ("rms", "starter-speak/rms", False),
                                            ("en_US-amy-low", "starter-speak/slt", True), ("onyx", "starter-speak/rms", True),
                                            ("de_DE-thorsten-medium", "starter-espeak/de", True)):
            status, headers, sound = self.speak(text="Eins", voice=voice)
            self.assertEqual(status, 200, sound)
            self.assertEqual(headers["x-hailstone-voice"], speaker)
            self.assertEqual("x-hailstone-voice-substituted" in headers, substituted, voice)
        status, _, reply = self.speak(text="a", voice="en_US-amy-low", strict=True)
        self.assertEqual(status, 404)
        self.assertIn("starter-speak/slt", json.loads(reply)["detail"])

    def test_every_format_is_what_it_says(self) -> None:
        for name, content_type, begin in (("wav", "audio/wav", b"RIFF"), ("flac", "audio/flac", b"fLaC"),
                                          ("opus", "audio/ogg", b"OggS"), ("mp3", "audio/mpeg", b"\xff"), ("pcm", "audio/pcm", b"")):
            for stream in (False, True):
                status, headers, sound = self.speak(text="One two three.", format=name, stream=stream)
                self.assertEqual((status, headers["content-type"]), (200, content_type))
                self.assertTrue(sound.startswith(begin), name)
                self.assertGreater(len(sound), 2000)

    def test_openai_speaks_as_audio_and_as_events(self) -> None:
        task = {"model": "tts-1", "input": "Hello.", "voice": "alloy"}
        status, headers, sound = self.speak("/v1/audio/speech", **task)
        self.assertEqual((status, headers["content-type"]), (200, "audio/mpeg"), sound)
        status, headers, events = self.speak("/v1/audio/speech", **task, response_format="pcm", stream_format="sse")
        self.assertEqual(status, 200, events)
        sent = [json.loads(line[6:]) for line in events.decode().splitlines() if line.startswith("data: ")]
        self.assertEqual(sent[-1]["type"], "speech.audio.done")
        pcm = b"".join(base64.b64decode(event["audio"]) for event in sent[:-1])
        self.assertGreater(max(abs(value) for value, in struct.iter_unpack("<h", pcm)), 1000)

    def test_ssml_pauses_and_bad_input_is_refused(self) -> None:
        plain = float(self.speak(text="<speak>One two</speak>")[1]["x-hailstone-duration"])
        paused = float(self.speak(text='<speak>One <break time="2s"/> two</speak>')[1]["x-hailstone-duration"])
        self.assertGreater(paused, plain + 1.5)
        for task in ({"text": ""}, {"text": "..."}, {"text": "a", "speed": 9}, {"text": "a", "format": "xyz"},
                     {"text": "<speak><audio src='x'/></speak>"}):
            status, _, reply = self.speak(**task)
            self.assertEqual(status, 400, reply)

    def test_voices_are_listed(self) -> None:
        voices = {voice["id"]: voice for voice in self.daemon.json("GET", "/api/voices")[1]["voices"]}
        self.assertEqual(voices["starter-espeak/de"]["language"], "de")
        self.assertTrue(voices["starter-speak/slt"]["default"])
        self.assertIn("starter-speak/slt", [voice["id"] for voice in self.daemon.json("GET", "/v1/audio/voices")[1]["data"]])
        self.assertIn("starter-speak", [model["id"] for model in self.daemon.json("GET", "/v1/audio/models")[1]["models"]])


class Transcribe(SpeechTest):
    def setUp(self) -> None:
        self.require_starters("starter-speak", "starter-espeak", "starter-transcribe")

    def say(self, text: str, model: str = "starter-speak", **more: object) -> bytes:
        status, _, sound = self.speak(text=text, model=model, **more)
        self.assertEqual(status, 200, sound)
        return sound

    def test_what_the_starter_voices_say_is_read_back(self) -> None:
        for engine, model in (("flite", "starter-speak"), ("espeak", "starter-espeak")):
            wrong = []
            for sentence in SENTENCES:
                status, _, reply = self.transcribe(self.say(sentence, model), language="en")
                self.assertEqual(status, 200, reply)
                wrong.append(words_wrong(json.loads(reply)["text"], sentence))
            self.assertLessEqual(sum(wrong) / len(wrong), MOST_WRONG[engine], (engine, wrong))

    def test_each_api_answers_in_each_format(self) -> None:
        sound = self.say("one two three", format="mp3")
        own = json.loads(self.transcribe(sound)[2])
        self.assertEqual(set(own), {"text", "language", "duration"})
        self.assertGreater(own["duration"], 0.5)
        fields = {"model": "whisper-1"}
        reply = json.loads(self.transcribe(sound, "/v1/audio/transcriptions", "file", **fields)[2])
        self.assertEqual(reply["text"], own["text"])
        self.assertEqual(reply["usage"]["type"], "duration")
        for format_name, begin in (("text", own["text"]), ("srt", "1\n00:00:0"), ("vtt", "WEBVTT\n\n00:00:0")):
            text = self.transcribe(sound, "/v1/audio/transcriptions", "file", **fields, response_format=format_name)[2].decode()
            self.assertTrue(text.startswith(begin), text)
        verbose = json.loads(self.transcribe(sound, "/v1/audio/transcriptions", "file", **fields, response_format="verbose_json",
                                             **{"timestamp_granularities[]": "word"})[2])
        self.assertEqual(verbose["language"], "english")
        self.assertNotIn("segments", verbose)
        self.assertEqual(" ".join(word["word"] for word in verbose["words"]), own["text"])
        server = json.loads(self.transcribe(sound, "/inference", "file", response_format="verbose_json")[2])
        self.assertEqual(server["text"], own["text"])

    def test_streams_tell_segments_and_the_end(self) -> None:
        sound = self.say("one two three")
        lines = [json.loads(line) for line in self.transcribe(sound, stream="true")[2].splitlines()]
        self.assertEqual(lines[-1]["type"], "done")
        self.assertIn("segment", [line["type"] for line in lines])
        _, headers, body = self.transcribe(sound, "/v1/audio/transcriptions", "file", model="whisper-1", stream="true")
        self.assertTrue(headers["content-type"].startswith("text/event-stream"))
        events = [json.loads(line[6:]) for line in body.decode().splitlines() if line.startswith("data: ")]
        self.assertEqual(events[-1]["type"], "transcript.text.done")
        self.assertEqual("".join(event["delta"] for event in events[:-1]).strip(), events[-1]["text"])

    def test_a_list_of_words_is_heard_better_than_all_of_english(self) -> None:
        reply = json.loads(self.transcribe(self.say("stop"), words_of="start,stop,louder,softer")[2])
        self.assertEqual(reply["text"], "stop")

    def test_silence_is_nothing(self) -> None:
        self.assertEqual(json.loads(self.transcribe(silence(3))[2])["text"], "")

    def test_bad_audio_is_refused_with_the_reason(self) -> None:
        good = silence(1)
        for audio, reason in ((b"", "empty"), (b"hello", "it is text"), (good[:2000], "cut off"),
                              (b"\x89PNG\r\n\x1a\n" + bytes(99), "a picture"), (good[:44], "sound")):
            for path, name in (("/api/transcribe", "audio"), ("/inference", "file")):
                status, _, reply = self.transcribe(audio, path, name)
                self.assertEqual(status, 400, reply)
                self.assertIn(reason, json.loads(reply)["error"])
        for fields, reason in (({"language": "klingon"}, "language"), ({"format": "xml"}, "format"),
                               ({"beam_size": "many"}, "beam_size")):
            status, _, reply = self.transcribe(good, **fields)
            self.assertEqual(status, 400, reply)
            self.assertIn(reason, json.loads(reply)["error"])
        status, _, reply = self.transcribe(good, "/v1/audio/transcriptions", "file", model="whisper-1",
                                           response_format="diarized_json")
        self.assertEqual(status, 400)
        self.assertIn("speakers", json.loads(reply)["error"]["message"])


class Silero(SpeechTest):
    """Voice activity by a network, where it is installed."""

    @classmethod
    def setUpClass(cls) -> None:
        if not ASSETS.name:
            raise unittest.SkipTest("HAILSTONE_TEST_ASSETS is not set")
        super().setUpClass()
        cls.require_engine("onnx")
        add_model(cls.daemon.store, "silero", ASSETS / "models/vad/silero_vad.onnx", engine="onnx", task="vad", decoder="silero")
        add_model(cls.daemon.store, "listener", engine="fake", task="transcribe")

    def test_it_tells_speech_from_silence(self) -> None:
        talk = (ASSETS / "media/audio/vad_60s.wav").read_bytes()
        segments = json.loads(self.transcribe(talk, format="verbose_json", model="listener")[2])["segments"]
        heard = sum(segment["end"] - segment["begin"] for segment in segments)
        self.assertGreater(heard, 20)
        self.assertIn("silero:latest", [model["name"] for model in self.daemon.json("GET", "/api/ps")[1]["models"]])
        self.assertEqual(json.loads(self.transcribe(silence(3), model="listener")[2])["text"], "")


if __name__ == "__main__":
    unittest.main()
