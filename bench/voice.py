#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""How fast and how right a talk over /api/voice is, with the starter models. The questions are spoken by the service
itself, and sent in real time as a microphone would.

    bench/voice.py latency      20 questions: from the end of speech to the first sound, stage by stage
    bench/voice.py barge-in     from the first sample of speech to "interrupted", 10 times
    bench/voice.py sessions     4 talks at once: gaps between pieces of sound
    bench/voice.py answers      30 questions, several voices, with and without noise: how many get the answer that
                                the typed question gets, and how well that is read back
    bench/voice.py drop         from a lost connection to the last lease, 10 times
    bench/voice.py soak         one talk for as many minutes as --minutes says: memory, and whether the clocks drift; not
                                one of "all"
    bench/voice.py              all of them
"""

import argparse
import io
import json
import random
import re
import statistics
import struct
import sys
import threading
import time
import wave
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/support"))
from daemon import Daemon  # noqa: E402
from sounds import wav, words_wrong  # noqa: E402
from talk import RATE, Talk  # noqa: E402

QUESTIONS = [
    "what is hailstone", "which port does hailstone listen on", "how do i stop a model", "who are you",
    "how do i list the models", "how do i install a better model", "how do i start the server",
    "how do i detect people in a picture", "how do i transcribe a recording", "how do i see what is loaded",
    "what can you do", "which port does the speech service use", "where are the models stored",
    "how do i delete a model", "does it work without the internet", "how do i make it speak", "what is the license",
    "how do i read text in a picture", "is there a list of voices", "can you write code", "how do i update a model",
    "how many parameters do you have", "what happens when the memory is full", "how do i change the port",
    "can i use an api key", "which languages do you speak", "are you a human", "how do i unload a model",
    "how do i find faces in a picture", "good morning",
]
VOICES = [("starter-speak", "rms"), ("starter-speak", "slt"), ("starter-espeak", "en-us")]


def at_rate(pcm: bytes, rate: int) -> bytes:
    """16 kHz, by straight lines between samples: good enough for a recogniser."""
    samples = struct.unpack(f"<{len(pcm) // 2}h", pcm)
    step = rate / RATE
    out = []
    for i in range(int((len(samples) - 1) / step)):
        place = i * step
        left = int(place)
        out.append(int(samples[left] + (samples[left + 1] - samples[left]) * (place - left)))
    return struct.pack(f"<{len(out)}h", *out)


def in_a_room(pcm: bytes, decibels: float | None, seed: int) -> tuple[bytes, bytes, bytes]:
    """What a microphone hears before, while and after somebody speaks: white noise, so many decibels below the speech, or
    nothing."""
    before, after = bytes(5 * RATE), bytes(4 * RATE)
    if decibels is None:
        return before, pcm, after
    noise = random.Random(seed)
    samples = struct.unpack(f"<{len(pcm) // 2}h", pcm)
    level = (sum(value * value for value in samples) / max(1, len(samples)) / 10 ** (decibels / 10)) ** 0.5

    def add(part: bytes) -> bytes:
        values = (round(value + noise.gauss(0, level)) for (value,) in struct.iter_unpack("<h", part))
        return b"".join(struct.pack("<h", max(-32768, min(32767, value))) for value in values)
    return add(before), add(pcm), add(after)


class Bench:
    def __init__(self, daemon: Daemon) -> None:
        self.daemon = daemon

    def say(self, text: str, model: str = "starter-speak", voice: str = "rms") -> bytes:
        task = {"text": text, "model": model, "voice": voice}
        status, _, sound = self.daemon.request("POST", "/api/speak", json.dumps(task).encode(), {"Content-Type": "application/json"})
        if status != 200:
            raise SystemExit(sound.decode())
        with wave.open(io.BytesIO(sound)) as file:
            pcm = file.readframes(file.getnframes())
            return pcm if file.getframerate() == RATE else at_rate(pcm, file.getframerate())

    def typed(self, question: str) -> str:
        task = {"model": "starter-chat", "stream": False, "messages": [{"role": "user", "content": question}]}
        return self.daemon.json("POST", "/api/chat", task)[1]["message"]["content"]

    def ask(self, pcm: bytes, decibels: float | None = None, **start: Any) -> tuple[float, list[tuple[float, dict[str, Any]]]]:
        """In a talk of its own, so that no answer is interrupted and no history counts."""
        before, during, after = in_a_room(pcm, decibels, len(pcm))
        with Talk(self.daemon.port, **start) as talk:
            talk.await_event("ready")
            talk.play(before)
            while any(event["type"] == "reply_started" for _, event in talk.events) and talk.events[-1][1]["type"] != "reply_done":
                talk.play(before[:RATE])  # it has mistaken the noise for somebody
            return talk.ask(during, after)

    def latency(self) -> None:
        rows: dict[str, list[float]] = {}
        self.ask(self.say(QUESTIONS[0]))  # loads the models
        for question in QUESTIONS[:20]:
            said, events = self.ask(self.say(question))
            done = next(event for _, event in events if event["type"] == "reply_done")
            times = [done["times"].get(name, 0) for name in ("turn_end_ms", "token_ms", "clause_ms", "sound_ms")]
            first = next(when for when, event in events if event["type"] == "sound")
            for name, value in zip(("the turn is over, its text is there", "the model's first word", "the first clause", "its first sound"),
                                   (times[0], *(b - a for a, b in zip(times, times[1:])))):
                rows.setdefault(name, []).append(value)
            rows.setdefault("end of speech to first sound, by the service", []).append(times[-1])
            rows.setdefault("the same, by the client's clock", []).append((first - said) * 1000)
        for name, values in rows.items():
            print(f"{name:48} median {statistics.median(values):5.0f} ms, at most {max(values):5.0f} ms")

    def barge_in(self) -> None:
        values = []
        interruption = self.say("stop that please")
        onset = next(i for i, (value,) in enumerate(struct.iter_unpack("<h", interruption)) if abs(value) > 50)
        for _ in range(10):
            with Talk(self.daemon.port) as talk:
                talk.await_event("ready")
                talk.play(bytes(RATE))
                talk.send(type="text", text="what is hailstone")
                talk.await_event("sound")
                talk.play(bytes(RATE))
                begin = time.monotonic()
                microphone = threading.Thread(target=talk.play, args=(interruption, bytes(2 * RATE)))
                microphone.start()
                when, _ = talk.await_event("interrupted")
                values.append((when - begin - onset / RATE) * 1000)
                microphone.join()
        print(f"{'speech to interrupted':48} median {statistics.median(values):5.0f} ms, at most {max(values):5.0f} ms")

    def sessions(self, count: int = 4) -> None:
        pcm = [self.say(question) for question in QUESTIONS[:count]]
        gaps: list[float] = []
        waits: list[float] = []

        def talk_once(i: int) -> None:
            said, events = self.ask(pcm[i], ahead_ms=1000)
            sounds = [(when, len(event["data"]) / 2 / RATE) for when, event in events if event["type"] == "sound"]
            waits.append((sounds[0][0] - said) * 1000)
            end = sounds[0][0]  # of what has come so far, if it is played at once
            for when, seconds in sounds:
                gaps.append(max(0, when - end) * 1000)
                end = max(end, when) + seconds

        for _ in range(3):
            threads = [threading.Thread(target=talk_once, args=(i,)) for i in range(count)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        late = [gap for gap in gaps if gap > 1]
        print(f"{count} talks at once, 3 times: end of speech to first sound median {statistics.median(waits):.0f} ms, "
              f"{len(late)} gaps in {len(gaps)} pieces" + (f", the longest {max(late):.0f} ms" if late else ""))

    def answers(self) -> None:
        right = 0
        wrong_words = []
        back = []
        for i, question in enumerate(QUESTIONS):
            model, voice = VOICES[i % len(VOICES)]
            pcm = self.say(question, model, voice)
            noise = 20 if i % 2 == 1 else None
            try:
                _, events = self.ask(pcm, noise, ahead_ms=0)
            except AssertionError:
                print(f"  {model}/{voice}{' with noise' if noise else ''}: '{question}' is not answered")
                continue
            heard = next(event for _, event in events if event["type"] == "heard")["text"]
            done = next(event for _, event in events if event["type"] == "reply_done")
            wanted = self.typed(question)
            is_right = done["text"].strip() == wanted.strip()
            right += is_right
            wrong_words.append(words_wrong(heard, question))
            back.append(self.read_back(b"".join(event["data"] for _, event in events if event["type"] == "sound"), done["text"]))
            if not is_right:
                print(f"  {model}/{voice}{' with noise' if noise else ''}: '{question}' heard as '{heard}': {done['text'][:70]}")
        print(f"{right} of {len(QUESTIONS)} spoken questions get the answer of the typed one; "
              f"word error rate of the questions {statistics.mean(wrong_words):.2f}, of answers read back {statistics.mean(back):.2f}")

    def read_back(self, pcm: bytes, text: str) -> float:
        status, _, reply = self.daemon.request("POST", "/api/transcribe", wav(pcm, RATE), {"Content-Type": "audio/wav"})
        return words_wrong(json.loads(reply)["text"], re.sub(r"[`*_]", "", text)) if status == 200 else 1.0

    def drop(self) -> None:
        values = []
        for _ in range(10):
            talk = Talk(self.daemon.port, ahead_ms=100)
            talk.await_event("ready")
            talk.send(type="text", text="what is hailstone")
            talk.await_event("sound")
            talk.socket.abandon()
            begin = time.monotonic()
            while any(model["leases"] for model in self.daemon.json("GET", "/api/list-resources")[1]["models"]):
                if time.monotonic() - begin > 10:
                    raise SystemExit("leases are left")
                time.sleep(0.002)
            values.append((time.monotonic() - begin) * 1000)
        print(f"{'lost connection to the last lease':48} median {statistics.median(values):5.0f} ms, at most {max(values):5.0f} ms")

    def soak(self, minutes: float) -> None:
        """Memory is private and anonymous; the places are those of the onsets that are told against those that were sent."""
        pcm = [self.say(question) for question in QUESTIONS[:6]]
        onsets = [next(i for i, (value,) in enumerate(struct.iter_unpack("<h", one)) if abs(value) > 200) / RATE for one in pcm]
        begin = time.monotonic()
        sent = 0.0
        asked = answered = 0
        drifts: list[float] = []
        next_look = 1.0
        with Talk(self.daemon.port, ahead_ms=0) as talk:
            talk.await_event("ready")
            while time.monotonic() - begin < 60 * minutes:
                i = asked % len(pcm)
                since = len(talk.events)
                talk.play(pcm[i], bytes(10 * RATE))  # five seconds for the answer, most of which is cut off by the next question
                asked += 1
                told = [event["at"] for _, event in talk.events[since:] if event["type"] == "speech_started"]
                answered += any(event["type"] == "reply_done" for _, event in talk.events[since:])
                if told:
                    drifts.append(told[0] - sent - onsets[i])
                sent += len(pcm[i]) / 2 / RATE + 5
                if time.monotonic() - begin >= 60 * next_look:
                    print(f"  after {next_look:4.0f} min: daemon {self.anonymous(self.daemon.pid):6.1f} MiB, hosts "
                          f"{sum(map(self.anonymous, self.daemon.children())):6.1f} MiB", flush=True)
                    next_look += 1
                if since > 5000:
                    del talk.events[:4000]
        tenth = max(1, len(drifts) // 10)
        print(f"{asked} questions, {answered} answered; onsets told at {1000 * statistics.mean(drifts[:tenth]):.0f} ms of the true ones in the "
              f"first tenth, {1000 * statistics.mean(drifts[-tenth:]):.0f} ms in the last")

    @staticmethod
    def anonymous(pid: int) -> float:
        found = re.search(r"^Anonymous:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
        return int(found[1]) / 1024 if found else 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=["latency", "barge-in", "sessions", "answers", "drop"])
    parser.add_argument("--minutes", type=float, default=10)
    options = parser.parse_args()
    with Daemon(log_to_file=True) as daemon:
        bench = Bench(daemon)
        for name in options.what:
            method = getattr(bench, name.replace("-", "_"))
            method(options.minutes) if name == "soak" else method()


if __name__ == "__main__":
    main()
