# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Talks with the real daemon: a question is asked aloud, heard, answered and spoken by the starter models."""

import io
import json
import re
import time
import unittest
import urllib.parse
import wave

from support import DaemonTest, eventually
from talk import RATE, Talk
from sounds import form, wav, words_wrong
from test_speech import SpeechTest
from web_socket import Refused, WebSocket

# What the starter chat knows, how it is asked, and what has to be in the answer.
QUESTIONS = [("which port does hailstone listen on", "11434"), ("how do i stop a model", "hailstone stop"),
             ("what is hailstone", "AI services")]
# Of words, of an answer that is read back. Names and numbers are hard for the starter recogniser.
MOST_WRONG = 0.6


def spoken(text: str) -> str:
    """As a voice says it, roughly: without the marks of Markdown."""
    return re.sub(r"[`*_]", "", text)


class VoiceTest(SpeechTest):
    def setUp(self) -> None:
        self.require_starters("starter-speak", "starter-espeak", "starter-transcribe", "starter-chat")
        engines = {engine["name"]: engine for engine in self.daemon.json("GET", "/api/health")[1]["engines"]}
        if not engines["llama"]["usable"]:
            self.skipTest(engines["llama"]["reason"])

    def say(self, text: str, model: str = "starter-speak", **more: object) -> bytes:
        """PCM of 16 kHz."""
        status, _, sound = self.speak(text=text, model=model, format="wav", **more)
        self.assertEqual(status, 200, sound)
        with wave.open(io.BytesIO(sound)) as file:
            pcm = file.readframes(file.getnframes())
            self.assertEqual(file.getframerate(), RATE)
            return pcm


class Talks(VoiceTest):
    def test_questions_are_heard_answered_and_spoken(self) -> None:
        for question, key in QUESTIONS:  # each alone: the starter chat is easily confused by what was said before
            with Talk(self.daemon.port) as talk:
                talk.await_event("ready")
                _, events = talk.ask(self.say(question, voice="rms"))
            kinds = [event["type"] for _, event in events]
            heard = next(event for _, event in events if event["type"] == "heard")
            done = next(event for _, event in events if event["type"] == "reply_done")
            self.assertLess(words_wrong(heard["text"], question), 0.5, heard)
            self.assertIn(key, done["text"], heard)
            self.assertEqual(done["status"], "completed")
            self.assertLess(kinds.index("heard"), kinds.index("text"))
            self.assertIn("sound", kinds)
            self.assertEqual(sorted(done["times"]), ["clause_ms", "heard_ms", "sound_ms", "token_ms", "turn_end_ms"])
            sound = b"".join(event["data"] for _, event in events if event["type"] == "sound")
            self.assertAlmostEqual(len(sound) / 2 / RATE, done["duration"], places=1)

    def test_an_answer_is_read_back_by_the_recogniser(self) -> None:
        with Talk(self.daemon.port, voice="slt", ahead_ms=0) as talk:
            talk.send(type="text", text="what is hailstone")
            _, done = talk.await_event("reply_done")
            status, _, reply = self.transcribe(wav(talk.sound(), RATE))
            self.assertEqual(status, 200, reply)
            self.assertLess(words_wrong(json.loads(reply)["text"], spoken(done["text"])), MOST_WRONG, (reply, done))

    def test_speech_stops_the_answer_and_the_talk_goes_on(self) -> None:
        with Talk(self.daemon.port) as talk:
            talk.await_event("ready")
            talk.ask(self.say("what is hailstone", voice="rms"), bytes(2 * RATE))  # not yet played to its end
            since = len(talk.events)
            _, events = talk.ask(self.say("which port does hailstone listen on", voice="rms"))
            interrupted = next(event for _, event in talk.events[since:] if event["type"] == "interrupted")
            self.assertTrue(interrupted["heard"])
            first = next(event for _, event in talk.events if event["type"] == "reply_done")
            self.assertTrue(first["text"].startswith(interrupted["heard"]))
            self.assertLess(len(interrupted["heard"]), len(first["text"]))
            self.assertIn("11434", next(event for _, event in events if event["type"] == "reply_done")["text"])

    def test_a_dropped_connection_frees_everything(self) -> None:
        def leases() -> int:
            return sum(model["leases"] for model in self.daemon.json("GET", "/api/list-resources")[1]["models"])

        talk = Talk(self.daemon.port, ahead_ms=100)
        talk.await_event("ready")
        talk.send(type="text", text="what is hailstone")
        talk.await_event("sound")
        self.assertGreaterEqual(leases(), 3)
        talk.socket.abandon()
        begin = time.monotonic()
        self.assertTrue(eventually(lambda: leases() == 0))
        self.assertLess(time.monotonic() - begin, 5)  # bench/voice.py measures it

    def test_a_model_that_is_kept_by_a_silent_talk_can_be_unloaded(self) -> None:
        with Talk(self.daemon.port) as talk:
            talk.await_event("ready")
            self.daemon.json("POST", "/api/unload", {"model": "starter-chat"})
            self.assertTrue(eventually(lambda: "starter-chat:latest" not in [
                model["name"] for model in self.daemon.json("GET", "/api/ps")[1]["models"]]))
            talk.send(type="text", text="what is hailstone")
            self.assertEqual(talk.await_event("reply_done")[1]["status"], "completed")


class Once(VoiceTest):
    def ask(self, accept: str = "*/*", **fields: str) -> tuple[int, dict[str, str], bytes]:
        body, headers = form(fields, wav(self.say("which port does hailstone listen on", voice="rms"), RATE))
        return self.daemon.request("POST", "/api/voice", body, {**headers, "Accept": accept})

    def test_one_sound_in_one_sound_out(self) -> None:
        status, headers, sound = self.ask()
        self.assertEqual((status, headers["content-type"]), (200, "audio/wav"), sound)
        self.assertIn("11434", urllib.parse.unquote(headers["x-hailstone-answer"]))
        self.assertIn("port", urllib.parse.unquote(headers["x-hailstone-transcript"]))
        with wave.open(io.BytesIO(sound)) as file:
            self.assertGreater(file.getnframes() / file.getframerate(), 1)

    def test_the_texts_may_come_beside_the_sound(self) -> None:
        status, headers, body = self.ask("multipart/mixed", format="mp3")
        self.assertEqual(status, 200, body)
        boundary = headers["content-type"].partition("boundary=")[2].encode()
        _, texts, sound, end = body.split(b"--" + boundary)
        self.assertIn("11434", json.loads(texts.partition(b"\r\n\r\n")[2])["answer"])
        self.assertIn(b"Content-Type: audio/mpeg", sound)
        self.assertEqual(end, b"--\r\n")
        reply = json.loads(self.ask(reply="json")[2])
        self.assertTrue(reply["audio"])
        self.assertEqual(set(reply["times"]), {"hear_ms", "chat_ms", "speak_ms"})

    def test_silence_and_mistakes_are_refused(self) -> None:
        for audio, fields, reason in ((wav(bytes(RATE * 2), RATE), {}, "no speech"), (b"", {}, "empty"),
                                      (wav(bytes(9), RATE), {"format": "xyz"}, "format"), (wav(bytes(9), RATE), {"reply": "xml"}, "reply")):
            body, headers = form(fields, audio)
            status, _, reply = self.daemon.request("POST", "/api/voice", body, headers)
            self.assertEqual(status, 400, reply)
            self.assertIn(reason, json.loads(reply)["error"])


class Limits(DaemonTest):
    ARGS = ("--max-sessions", "2")

    def test_too_many_talks_are_refused_before_the_upgrade(self) -> None:
        with WebSocket(self.daemon.port, "/api/voice") as first, WebSocket(self.daemon.port, "/api/voice"):
            with self.assertRaises(Refused) as refused:
                WebSocket(self.daemon.port, "/api/voice")
            self.assertEqual(refused.exception.status, 503)
            first.abandon()
            self.assertTrue(eventually(self.has_place))

    def has_place(self) -> bool:
        try:
            WebSocket(self.daemon.port, "/api/voice").abandon()
            return True
        except Refused:
            return False


class Keys(DaemonTest):
    ENV = {"HAILSTONE_API_KEY": "secret"}

    def test_a_client_secret_opens_realtime_sessions_alone(self) -> None:
        mint = {"session": {"type": "realtime", "instructions": "Be brief."}}
        self.assertEqual(self.daemon.json("POST", "/v1/realtime/client_secrets", mint)[0], 401)
        status, _, body = self.daemon.request("POST", "/v1/realtime/client_secrets", json.dumps(mint).encode(),
                                              {"Authorization": "Bearer secret", "Content-Type": "application/json"})
        self.assertEqual(status, 200, body)
        key = json.loads(body)["value"]
        protocols = {"Sec-WebSocket-Protocol": f"realtime, openai-insecure-api-key.{key}"}
        with WebSocket(self.daemon.port, "/v1/realtime?model=echo", protocols) as session:
            self.assertEqual(session.headers["sec-websocket-protocol"], "realtime")
            created = session.receive_json()
            self.assertEqual((created["type"], created["session"]["instructions"]), ("session.created", "Be brief."))
        for path, headers in (("/v1/realtime", {}), ("/v1/realtime", {"Authorization": "Bearer ek_wrong"}), ("/api/voice", protocols)):
            with self.assertRaises(Refused) as refused:
                WebSocket(self.daemon.port, path, headers)
            self.assertEqual(refused.exception.status, 401)
        self.assertEqual(self.daemon.request("GET", "/api/tags", b"", {"Authorization": f"Bearer {key}"})[0], 401)


if __name__ == "__main__":
    unittest.main()
