#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""How often wake words are spotted, and how often speech is taken for one; and what listening costs.

    bench/wake.py [WORD ...]

Needs HAILSTONE_TEST_ASSETS (models/wake, media/audio), Debian's python3-numpy and the starter voices. The words are
spoken by voices of espeak-ng and Flite, clean and over recordings of speech; the same recordings without them, and
phrases that sound like them, must not be taken for one. Scores come over /api/wake, so that one pass serves all
thresholds. At the end a microphone is played in real time, and the processor time of the daemon and its hosts counted.
"""

import io
import json
import os
import random
import sys
import time
import wave
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))
from daemon import Daemon, add_model  # noqa: E402
from wake_client import WakeClient  # noqa: E402

ASSETS = Path(os.environ["HAILSTONE_TEST_ASSETS"])
VOICES = ["starter-espeak/en-us", "starter-espeak/en-gb", "en-us+f2", "en-us+f4", "en-us+m3", "en-us+m7", "en-gb+f3",
          "starter-speak/slt", "starter-speak/rms", "starter-speak/awb", "starter-speak/kal"]
SPEEDS = [0.85, 1.0, 1.15]
NEAR = {"hey_jarvis": ["hey travis", "hey service", "hay harvest", "jarring", "hey charlie"],
        "alexa": ["alexis", "a lecture", "electra", "alaska", "I like salsa"],
        "hey_mycroft": ["hey microsoft", "hey my craft", "microphone", "hey michael", "minecraft"]}
THRESHOLDS = [(0.3, 1), (0.5, 1), (0.5, 2), (0.8, 1)]
RATE = 16_000


def read(path: Path) -> np.ndarray:
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32)
        samples = samples.reshape(-1, file.getnchannels()).mean(1)
        return resample(samples, file.getframerate())


def resample(samples: np.ndarray, rate: int) -> np.ndarray:
    return np.interp(np.arange(0, len(samples) - 1, rate / RATE), np.arange(len(samples)), samples).astype(np.float32)


def recordings() -> list[np.ndarray]:
    out = []
    for path in sorted((ASSETS / "media/audio").rglob("*.wav")):
        try:
            out.append(read(path))
        except wave.Error:
            pass  # a kind of WAV that this module does not read
    return out


class Bench:
    def __init__(self, daemon: Daemon, seed: int = 18) -> None:
        self.daemon, self.random = daemon, random.Random(seed)
        self.speech = np.concatenate(recordings())

    def say(self, text: str, voice: str, speed: float) -> np.ndarray | None:
        status, _, sound = self.daemon.request("POST", "/api/speak",
                                               json.dumps({"text": text, "voice": voice, "speed": speed}).encode())
        if status != 200:
            return None
        with wave.open(io.BytesIO(sound)) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32)
            return resample(samples, file.getframerate())

    def over_speech(self, word: np.ndarray, decibels: float | None) -> np.ndarray:
        """1.5 s before and 1 s after it; the recording as much quieter than the word."""
        sound = np.concatenate([np.zeros(3 * RATE // 2, np.float32), word, np.zeros(RATE, np.float32)])
        if decibels is None:
            return sound
        begin = self.random.randrange(len(self.speech) - len(sound))
        noise = self.speech[begin:begin + len(sound)]
        loudness = np.sqrt(np.mean(word ** 2)) / max(1.0, np.sqrt(np.mean(noise ** 2)))
        return sound + noise * loudness * 10 ** (-decibels / 20)

    def scores(self, word: str, sound: np.ndarray) -> np.ndarray:
        data = np.clip(sound, -32768, 32767).astype(np.int16).tobytes()
        with WakeClient(self.daemon.port, f"words={word}&scores=true&refractory_ms=0&threshold=1") as client:
            client.next()
            out: list[float] = []
            for at in range(0, len(data), 64_000):  # 2 s, 25 steps, at a time
                piece = data[at:at + 64_000]
                client.send_bytes(piece)
                steps = (at + len(piece)) // 2560 - at // 2560
                while steps > 0:
                    message = client.next()
                    if message["type"] == "scores":
                        out.append(message["scores"][word])
                        steps -= 1
            return np.array(out)


def calls(scores: np.ndarray, threshold: float, patience: int, refractory: int = 25) -> int:
    """How often it would have been told: steps of 80 ms, two seconds of rest."""
    count = row = 0
    quiet_until = -1
    for i, score in enumerate(scores):
        row = row + 1 if score >= threshold else 0
        if row >= patience and i >= quiet_until:
            count, row, quiet_until = count + 1, 0, i + refractory
    return count


def spotted(bench: Bench, word: str) -> None:
    phrase = word.replace("_", " ")
    for name, decibels in (("clean", None), ("speech 20 dB below", 20.0), ("10 dB", 10.0), ("5 dB", 5.0)):
        results = []
        for voice in VOICES:
            for speed in SPEEDS:
                sound = bench.say(phrase, voice, speed)
                if sound is not None:
                    results.append(bench.scores(word, bench.over_speech(sound, decibels)))
        rates = [f"{sum(calls(s, t, p) > 0 for s in results)}/{len(results)}" for t, p in THRESHOLDS]
        print(f"| {phrase}, {name} | " + " | ".join(rates) + " |", flush=True)


def taken_wrongly(bench: Bench, word: str) -> None:
    scores = bench.scores(word, bench.speech)
    hours = len(bench.speech) / RATE / 3600
    counts = [calls(scores, t, p) for t, p in THRESHOLDS]
    print(f"| {word}: {60 * hours:.1f} min of recordings | " +
          " | ".join(f"{n} ({n / hours:.1f}/h)" for n in counts) + f" | highest {scores.max():.3f}", flush=True)
    near = []
    for text in NEAR.get(word, []):
        for voice in VOICES[::3]:
            sound = bench.say(text, voice, 1.0)
            if sound is not None:
                near.append(bench.scores(word, bench.over_speech(sound, None)))
    rates = [f"{sum(calls(s, t, p) > 0 for s in near)}/{len(near)}" for t, p in THRESHOLDS]
    print(f"| {word}: phrases like it | " + " | ".join(rates) + " |", flush=True)


def processor_seconds(pids: list[int]) -> float:
    total = 0.0
    for pid in pids:
        parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")
    return total


def cost(bench: Bench, words: list[str], seconds: int = 30) -> None:
    daemon = bench.daemon
    daemon.request("POST", "/api/unload", {})
    data = np.clip(bench.speech[:seconds * RATE], -32768, 32767).astype(np.int16).tobytes()
    with WakeClient(daemon.port, f"words={','.join(words)}") as client:
        client.next()
        client.send_bytes(data[:2560 * 10])
        time.sleep(2)  # loaded by then
        pids = [daemon.pid, *daemon.children()]
        used, begun = processor_seconds(pids), time.monotonic()
        for i, at in enumerate(range(0, len(data) - 2560, 2560)):
            client.send_bytes(data[at:at + 2560])
            time.sleep(max(0.0, begun + 0.08 * (i + 1) - time.monotonic()))
        share = (processor_seconds(pids) - used) / (time.monotonic() - begun)
    print(f"| {len(words)} word(s), real time, {seconds} s | {100 * share:.2f} % of one core |", flush=True)


def main() -> None:
    words = sys.argv[1:] or ["hey_jarvis", "alexa", "hey_mycroft"]
    daemon = Daemon(log_to_file=True)
    nets = ASSETS / "models/wake"
    for word in words:
        add_model(daemon.store, word, nets / f"{word}_v0.1.onnx", engine="onnx", task="wake", decoder="openwakeword",
                  layers={"melspectrogram": nets / "melspectrogram.onnx", "embedding": nets / "embedding_model.onnx"})
    with daemon:
        bench = Bench(daemon)
        print("| | " + " | ".join(f"threshold {t}, patience {p}" for t, p in THRESHOLDS) + " |")
        print("|---|" + "---|" * len(THRESHOLDS))
        for word in words:
            spotted(bench, word)
        for word in words:
            taken_wrongly(bench, word)
        for count in range(1, len(words) + 1):
            cost(bench, words[:count])


if __name__ == "__main__":
    main()
