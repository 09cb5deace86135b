# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Wyoming as Home Assistant speaks it: its sequences of events to the letter, with scripted models and with the starters;
and clients that leave at any moment."""

import math
import os
import random
import socket
import struct
import threading
import time
import unittest

from support import FAKE, DaemonTest, add_model, eventually
from wyoming_client import Event, Hangup, Wyoming

CONTEXT = {"conversation_id": "01JDZ0000000000000000000AA", "device_id": "satellite-1"}
HOME = {"devices": [{"name": "Ceiling", "area": "Kitchen", "domain": "light"},
                    {"name": "TV", "area": "Living Room", "domain": "media_player"}],
        "satellites": {"satellite-1": "Kitchen"}}


def tone(seconds: float, rate: int = 16_000) -> bytes:
    """Loud enough to count as a voice."""
    return b"".join(struct.pack("<h", int(12_000 * math.sin(2 * math.pi * 440 * i / rate)))
                    for i in range(int(seconds * rate)))


def silence(seconds: float, rate: int = 16_000) -> bytes:
    return bytes(2 * int(seconds * rate))


class WyomingTest(DaemonTest):
    ARGS = ("--wyoming", "127.0.0.1:0")
    MODELS: dict[str, tuple[str, dict[str, str]]] = {}
    port: int

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.port = cls.daemon.wyoming_port()

    def open(self, timeout: float = 60) -> Wyoming:
        return Wyoming(self.port, timeout)

    def tell_home(self, home: dict[str, object]) -> None:
        status, _, reply = self.daemon.request("PUT", "/api/home", home)
        self.assertEqual(status, 200, reply)


class Scripted(WyomingTest):
    """With models whose answers are known."""
    MODELS = {"parrot": (FAKE, {})}

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        add_model(cls.daemon.store, "listener", engine=FAKE, task="transcribe", settings={"reply": "hello there"})
        add_model(cls.daemon.store, "talker", engine=FAKE, task="speak")

    def setUp(self) -> None:
        self.tell_home({})

    def test_describe_tells_what_home_assistant_needs(self) -> None:
        def is_complete() -> bool:
            with self.open() as client:
                info = client.describe()
            return bool(info["asr"] and info["tts"])
        self.assertTrue(eventually(is_complete))
        with self.open() as client:
            info = client.describe()
        self.assertEqual(set(info), {"asr", "tts", "handle", "intent", "wake", "mic", "snd"})
        for kind, members in (("asr", "models"), ("tts", "voices"), ("handle", "models")):
            program = info[kind][0]
            for artifact in [program, *program[members]]:
                self.assertLessEqual({"name", "attribution", "installed", "description", "version"}, set(artifact))
                self.assertLessEqual({"name", "url"}, set(artifact["attribution"]))
                self.assertTrue(artifact["installed"])
            self.assertTrue(all(model["languages"] for model in program[members]))
        self.assertTrue(info["asr"][0]["supports_transcript_streaming"])
        self.assertTrue(info["tts"][0]["supports_synthesize_streaming"])
        self.assertTrue(info["handle"][0]["supports_handled_streaming"])
        self.assertFalse(info["handle"][0]["supports_home_control"])
        self.assertEqual(info["intent"], [])
        self.tell_home(HOME)

        def controls() -> bool:
            with self.open() as client:
                info = client.describe()
            return bool(info["intent"]) and info["handle"][0]["supports_home_control"]
        self.assertTrue(eventually(controls))

    def test_an_utterance_becomes_a_transcript(self) -> None:
        with self.open() as client:
            client.send("transcribe", language="en")
            client.play(silence(0.3) + tone(1) + silence(1))
            events = client.until("transcript-stop")
        kinds = [event.type for event in events]
        self.assertEqual([kind for kind in kinds if kind.startswith("transcript")][0], "transcript-start")
        self.assertEqual(kinds[-2:], ["transcript", "transcript-stop"])
        self.assertIn("hello", events[-2].data["text"])
        self.assertEqual("".join(e.data["text"] for e in events if e.type == "transcript-chunk").strip(),
                         events[-2].data["text"])
        voice = [event for event in events if event.type.startswith("voice-")]
        self.assertEqual([event.type for event in voice], ["voice-started", "voice-stopped"])
        self.assertAlmostEqual(voice[0].data["timestamp"], 300, delta=150)

    def test_sound_of_any_shape_is_heard_and_silence_is_nothing(self) -> None:
        narrow, mono = tone(1), tone(1, 44_100)
        wide = b"".join(b"\0" + narrow[i:i + 2] for i in range(0, len(narrow), 2))
        stereo = b"".join(mono[i:i + 2] * 2 for i in range(0, len(mono), 2))
        for sound, shape in ((tone(1, 44_100), {"rate": 44_100}), (stereo, {"rate": 44_100, "channels": 2}),
                             (wide, {"width": 3})):
            with self.open() as client:  # without the request: it is the default
                client.play(sound, **shape, piece=600 * 6)
                self.assertIn("hello", client.until("transcript")[-1].data["text"], shape)
        with self.open() as client:
            client.send("transcribe", language="en")
            client.play(silence(2))
            self.assertEqual(client.until("transcript")[-1].data["text"], "")

    def test_several_utterances_may_share_a_connection(self) -> None:
        with self.open() as client:
            for _ in range(3):
                client.send("transcribe", name="listener", language="en")
                client.play(tone(0.5))
                self.assertIn("hello", client.until("transcript-stop")[-2].data["text"])
            client.send("ping", text="still there?")
            self.assertEqual(client.read().data, {"text": "still there?"})

    def test_a_text_is_spoken(self) -> None:
        with self.open() as client:
            client.send("synthesize", text="one two three", voice={"name": "talker"})
            self.check_sound(client.until("audio-stop"), 0.6)

    def check_sound(self, events: list[Event], seconds: float) -> None:
        self.assertEqual(events[0].type, "audio-start")
        self.assertEqual({event.type for event in events[1:-1]}, {"audio-chunk"})
        shape = {key: events[0].data[key] for key in ("rate", "width", "channels")}
        self.assertEqual((shape["width"], shape["channels"]), (2, 1))
        samples = 0
        for chunk in events[1:-1]:
            self.assertEqual({key: chunk.data[key] for key in shape}, shape)
            self.assertEqual(chunk.data["timestamp"], samples * 1000 // shape["rate"])
            self.assertLessEqual(len(chunk.payload), 2 * 1024)
            samples += len(chunk.payload) // 2
        self.assertAlmostEqual(samples / shape["rate"], seconds, delta=0.01)

    def test_a_text_that_comes_in_pieces_is_spoken_while_it_comes(self) -> None:
        with self.open() as client:
            client.send("synthesize-start", voice={"name": "talker"})
            client.send("synthesize-chunk", text="one two. thr")
            first = client.read()  # before the rest is there
            self.assertEqual(first.type, "audio-start")
            client.send("synthesize-chunk", text="ee four.")
            client.send("synthesize-chunk", text=" ... ")
            client.send("synthesize", text="one two. three four. ...", voice={"name": "talker"})  # for old servers
            client.send("synthesize-stop")
            events = [first, *client.until("synthesize-stopped")]
        self.assertEqual(events[-2].type, "audio-stop")
        self.check_sound(events[:-1], 0.8)

    def test_an_empty_stream_of_text_ends_properly(self) -> None:
        with self.open() as client:
            client.send("synthesize-start")
            client.send("synthesize-stop")
            self.assertEqual(client.read().type, "synthesize-stopped")

    def test_what_cannot_be_done_ends_in_an_error_and_a_closed_connection(self) -> None:
        """Home Assistant overlooks errors of recognisers and voices: it waits for the end."""
        for kind, data, reason in (("synthesize", {"text": "..."}, "no words"),
                                   ("synthesize", {"text": "a", "voice": {"name": "Nobody!"}}, "not installed"),
                                   ("synthesize", {"text": 5}, "synthesize.text must be a string")):
            with self.open() as client:
                client.send(kind, **data)
                events = list(client.rest())
            self.assertEqual([event.type for event in events], ["error"], kind)
            self.assertIn(reason, events[0].data["text"])
        with self.open() as client:
            client.send("detect", names=["x"])
            client.send("audio-start", rate=16_000, width=2, channels=1)
            self.assertIn("no model for wake", list(client.rest())[-1].data["text"])
        with self.open() as client:
            client.send("transcribe", language="klingon")
            client.send("audio-start", rate=16_000, width=2, channels=1)
            client.send("audio-chunk", tone(0.1), rate=16_000, width=2, channels=1)
            self.assertIn("klingon", list(client.rest())[-1].data["text"])

    def test_the_chat_model_is_a_conversation_agent(self) -> None:
        with self.open() as client:  # as Home Assistant has it: a connection for each sentence
            client.send("transcript", text="tell me a story", language="en", context=CONTEXT)
            events = client.until("handled-stop")
        self.assertEqual(events[0].type, "handled-start")
        self.assertEqual(events[-2].type, "handled")
        self.assertEqual(events[-2].data["context"], CONTEXT)
        self.assertEqual(events[-2].data["text"], "tell me a story")
        self.assertEqual("".join(e.data["text"] for e in events if e.type == "handled-chunk").strip(), "tell me a story")
        with self.open() as client:
            client.send("transcript", text=" ", context=CONTEXT)
            self.assertEqual(client.read().type, "not-handled")

    def test_small_commands_are_intents(self) -> None:
        self.tell_home(HOME)
        with self.open() as client:
            client.send("transcript", text="Turn on the kitchen lights, please.", language="en", context=CONTEXT)
            intent = client.read()
            self.assertEqual(intent.type, "intent")
            self.assertEqual(intent.data["name"], "HassTurnOn")
            self.assertEqual(intent.data["entities"], [{"name": "area", "value": "Kitchen"}, {"name": "domain", "value": "light"}])
            self.assertEqual(intent.data["text"], "Turned on the kitchen lights.")
            client.send("recognize", text="turn off the lights", context=CONTEXT)
            self.assertEqual(client.read().data["entities"][0], {"name": "area", "value": "Kitchen"})
            client.send("recognize", text="turn on the tv and set the ceiling to 40 percent")
            events = client.until("intents-stop")
            self.assertEqual([event.type for event in events], ["intents-start", "intent", "intent", "intents-stop"])
            self.assertEqual(events[2].data["entities"][1], {"name": "brightness", "value": 40})
            client.send("recognize", text="turn on the spaceship")
            self.assertEqual(client.read().type, "not-recognized")

    def test_the_model_may_order_what_the_small_commands_do_not_know(self) -> None:
        self.tell_home(HOME)
        with self.open() as client:  # the model says again what it hears
            client.send("transcript", text="!on TV", context=CONTEXT)
            intent = client.read()
        self.assertEqual((intent.type, intent.data["name"]), ("intent", "HassTurnOn"))
        self.assertEqual(intent.data["entities"], [{"name": "name", "value": "TV"}])
        with self.open() as client:
            client.send("transcript", text="!on rocket", context=CONTEXT)
            self.assertEqual(client.read().type, "not-handled")

    def test_what_is_no_event_is_refused(self) -> None:
        for line, reason in ((b"GET / HTTP/1.1\r\n\r\n", "JSON"), (b'{"a":1}\n', "type is required"),
                             (b'{"type":"describe","data_length":999999999}\n', "data_length"),
                             (b'{"type":"audio-chunk","payload_length":9999999999}\n', "payload_length"),
                             (b'{"type":"describe","data_length":-1}\n', "data_length"), (b"x" * 70_000, "line"),
                             (b'{"type":"audio-chunk","payload_length":3}\nabc', "sample")):
            with self.open() as client:
                client.socket.sendall(line)
                events = list(client.rest())
            self.assertIn(reason, events[-1].data["text"], line[:40])

    def test_unknown_events_and_inline_data_do_no_harm(self) -> None:
        with self.open() as client:
            client.send("user-event", name="x")
            client.send("ping", inline=True, text="a")
            self.assertEqual(client.read().data["text"], "a")


class Abandoned(WyomingTest):
    """Nobody says goodbye, and nothing is left."""
    MODELS = {"slow": (FAKE, {"token_ms": "5", "tokens": "400"})}

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        add_model(cls.daemon.store, "listener", engine=FAKE, task="transcribe", settings={"reply": "hello", "token_ms": "20"})
        add_model(cls.daemon.store, "talker", engine=FAKE, task="speak", settings={"token_ms": "20"})

    def holdings(self) -> tuple[int, int, int]:
        models = self.daemon.json("GET", "/api/ps")[1]["models"]
        return self.daemon.open_files(), len(os.listdir(f"/proc/{self.daemon.pid}/task")), len(models)

    def conversation(self, luck: random.Random) -> bytes:
        """What a client would say, of which only the beginning is sent."""
        shape = {"rate": 16_000, "width": 2, "channels": 1}
        sound = b"".join(Event("audio-chunk", shape, tone(0.05)).pack() for _ in range(20))
        return luck.choice([
            Event("transcribe", {"language": "en"}).pack() + Event("audio-start", shape).pack() + sound +
            Event("audio-stop").pack(),
            Event("synthesize", {"text": "word " * 50}).pack(),
            Event("synthesize-start").pack() + Event("synthesize-chunk", {"text": "One two. Three"}).pack(),
            Event("transcript", {"text": "tell me a long story", "context": CONTEXT}).pack(),
            Event("describe").pack()])

    def abandon(self, luck: random.Random) -> None:
        script = self.conversation(luck)
        try:
            with self.open(10) as client:
                client.socket.sendall(script[:luck.randint(0, len(script))])
                if luck.random() < 0.2:
                    client.socket.settimeout(luck.random() * 0.05 + 0.001)
                    client.read()
                if luck.random() < 0.3:  # as a process that was killed does
                    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except (OSError, Hangup):
            pass

    def test_connections_that_are_abandoned_anywhere_leave_nothing(self) -> None:
        luck = random.Random(18)
        for _ in range(30):  # what is made once is made
            self.abandon(luck)
        eventually(self.is_quiet, 30)
        before = self.holdings()
        count = int(os.environ.get("HAILSTONE_TEST_CONNECTIONS", "600"))
        threads = [threading.Thread(target=lambda seed=seed: [self.abandon(random.Random(seed * 100_000 + i))
                                                              for i in range(count // 6)]) for seed in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertTrue(eventually(lambda: self.holdings()[0] <= before[0] + 2 and self.holdings()[1] <= before[1] + 2, 20),
                        (before, self.holdings()))
        self.assertTrue(self.is_quiet())
        with self.open() as client:
            client.send("transcript", text="hello", context=CONTEXT)
            self.assertEqual(client.read().type, "handled-start")

    def is_quiet(self) -> bool:
        """No lease is held: everything can be unloaded at once."""
        self.daemon.request("POST", "/api/unload", {})
        return not self.daemon.json("GET", "/api/ps")[1]["models"]

    def test_a_client_that_leaves_ends_the_work_within_a_second(self) -> None:
        with self.open() as client:
            client.send("transcript", text="hello", context=CONTEXT)
            client.until("handled-chunk")
        begun = time.monotonic()
        self.assertTrue(eventually(self.is_quiet, 5))
        self.assertLess(time.monotonic() - begun, 1.0)

    def test_describe_is_answered_while_models_load_and_write(self) -> None:
        busy = [self.open() for _ in range(12)]
        for client in busy:
            client.send("transcript", text="hello", context={})
        slowest = 0.0
        for _ in range(20):
            begun = time.monotonic()
            with self.open() as client:
                client.describe()
            slowest = max(slowest, time.monotonic() - begun)
        for client in busy:
            client.__exit__()
        self.assertLess(slowest, 1.0, "Home Assistant gives up after a second")

    def test_there_is_an_end_to_connections(self) -> None:
        clients = [self.open() for _ in range(80)]
        refused = 0
        for client in clients:
            try:
                client.describe()
            except (Hangup, ConnectionError):
                refused += 1
        for client in clients:
            client.__exit__()
        # Those that the tests before have just closed may still have a place.
        self.assertIn(refused, range(16, 24))

        def has_room() -> bool:
            try:
                with self.open() as client:
                    return bool(client.describe())
            except (Hangup, ConnectionError):
                return False
        self.assertTrue(eventually(has_room))


class Starters(WyomingTest):
    """Home Assistant's sequences with the models that come with the program."""
    MODELS = {}

    def setUp(self) -> None:
        here = {model["name"] for model in self.daemon.json("GET", "/api/tags")[1]["models"]}
        for name in ("starter-speak", "starter-transcribe", "starter-chat"):
            if f"{name}:latest" not in here:
                self.skipTest(f"the program was built without {name}")

    def say(self, text: str, **voice: str) -> tuple[bytes, int]:
        """As Home Assistant does where it does not stream: a WAV of all chunks, whose rate is the first one's."""
        with self.open() as client:
            client.send("synthesize", text=text, voice=voice)
            chunks = [event for event in client.until("audio-stop") if event.type == "audio-chunk"]
        return b"".join(chunk.payload for chunk in chunks), chunks[0].data["rate"]

    def test_what_is_spoken_is_read_back(self) -> None:
        sound, rate = self.say("How much memory does the model need?", name="starter-speak/slt")
        self.assertGreater(len(sound) / 2 / rate, 1)
        with self.open() as client:
            client.send("transcribe", language="en")
            client.play(sound, rate)
            heard = client.until("transcript")[-1].data["text"].lower().split()
        said = "how much memory does the model need".split()
        self.assertGreaterEqual(len(set(said) & set(heard)), 4, heard)

    def test_a_question_is_answered_and_the_answer_spoken(self) -> None:
        with self.open() as client:
            client.send("transcript", text="Which port does Hailstone listen on?", language="en", context=CONTEXT)
            answer = client.until("handled", "not-handled")[-1]
        self.assertEqual(answer.type, "handled", answer.data)
        self.assertIn("11434", answer.data["text"])
        with self.open() as client:
            client.send("synthesize-start", voice={"language": "en"})
            for word in answer.data["text"].split(" "):
                client.send("synthesize-chunk", text=word + " ")
            client.send("synthesize", text=answer.data["text"])
            client.send("synthesize-stop")
            events = client.until("synthesize-stopped")
        self.assertGreater(sum(len(event.payload) for event in events), 30_000)

    def test_the_info_lists_voices_and_languages(self) -> None:
        def voices() -> set[str]:
            with self.open() as client:
                info = client.describe()
            return {voice["name"] for voice in info["tts"][0]["voices"]} if info["tts"] else set()
        self.assertTrue(eventually(lambda: "starter-speak/slt" in voices(), 20), voices())
        with self.open() as client:
            info = client.describe()
        self.assertEqual(info["asr"][0]["models"][0]["languages"], ["en"])
        slt = next(voice for voice in info["tts"][0]["voices"] if voice["name"] == "starter-speak/slt")
        self.assertEqual(slt["languages"], ["en-US", "en"])


class Off(DaemonTest):
    ARGS = ("--wyoming", "none")

    def test_it_can_be_turned_off(self) -> None:
        self.assertNotIn("tcp://", self.daemon.welcome)


class Public(unittest.TestCase):
    def test_other_machines_need_leave(self) -> None:
        from daemon import Daemon
        daemon = Daemon("--wyoming", "0.0.0.0:0")
        with self.assertRaisesRegex(RuntimeError, "wyoming: other machines can reach"):
            daemon.start()
        daemon.process.wait(10)


if __name__ == "__main__":
    unittest.main()
