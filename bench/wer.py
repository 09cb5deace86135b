#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Word error rate of a recogniser over the recordings of HAILSTONE_TEST_ASSETS (media/audio), which have transcripts.

    bench/wer.py [--model MODEL] [--import FILE] [--limit N] [--program COMMAND]

Starts a daemon of its own and asks /api/transcribe; --import takes a model file first (a Whisper model in ggml's format, say).
--program runs a command line besides, with the recording's path for {}, and judges what it prints in the same way:
--program 'whisper-cli -m ggml-base.bin -nt -np {}'. Text is compared without case and punctuation, and with numbers in words.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Iterator

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))
from daemon import BINARY, Daemon  # noqa: E402

NUMBERS = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
           "eighteen nineteen").split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
SHORT = {"mr": "mister", "mrs": "missus", "dr": "doctor", "st": "saint"}


def say_number(found: re.Match[str]) -> str:
    number = int(found[0])
    if number < 20:
        return NUMBERS[number]
    if number < 100:
        return TENS[number // 10 - 2] + (" " + NUMBERS[number % 10] if number % 10 else "")
    return " ".join(NUMBERS[int(digit)] for digit in found[0])


def words_of(text: str) -> list[str]:
    text = re.sub(r"</?s>|\([^)]*\)|\[[^]]*\]", " ", text.lower().replace("\u2019", "'"))
    words = re.findall(r"[a-z]+(?:'[a-z]+)?", re.sub(r"\d+", say_number, text))
    return [SHORT.get(word, word) for word in words]


def errors(heard: list[str], said: list[str]) -> int:
    row = list(range(len(said) + 1))
    for i, word in enumerate(heard, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(said, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (word != other))
    return row[-1]


def recordings(audio: Path) -> Iterator[tuple[str, Path, str]]:
    """Collection, file, what is said in it."""
    yield "jfk", audio / "jfk.wav", ("And so my fellow Americans, ask not what your country can do for you, ask what you can do for "
                                     "your country.")
    for line in (audio / "cards/cards.transcription").read_text().splitlines():
        if name := re.search(r"\((\w+)\)\s*$", line):
            yield "cards", audio / f"cards/{name[1]}.wav", line
    for text in sorted((audio / "librivox").glob("*-*.txt")):
        yield "librivox", text.with_suffix(".wav"), text.read_text()
    for line in (audio / "hifitts/manifest.json").read_text().splitlines():
        entry = json.loads(line)
        yield "hifitts", audio / "hifitts" / entry["audio_filepath"], entry["text"]


def seconds_of(file: Path) -> float:
    return (file.stat().st_size - 44) / 32_000


class Score:
    def __init__(self) -> None:
        self.errors = self.words = self.files = 0
        self.seconds = self.took = 0.0

    def add(self, heard: str, said: str, seconds: float, took: float) -> None:
        truth = words_of(said)
        self.errors += errors(words_of(heard), truth)
        self.words += len(truth)
        self.files += 1
        self.seconds += seconds
        self.took += took

    def show(self, name: str) -> str:
        return (f"{name:24} {self.files:4} files {self.words:6} words  WER {100 * self.errors / max(1, self.words):5.1f} %  "
                f"{self.took / max(0.01, self.seconds):.2f} s per second of sound")


def ask_daemon(daemon: Daemon, model: str, file: Path) -> str:
    query = "?language=en" + (f"&model={model}" if model else "")
    status, _, reply = daemon.request("POST", "/api/transcribe" + query, file.read_bytes(), {"Content-Type": "audio/wav"})
    if status != 200:
        sys.exit(f"{file}: {reply.decode()}")
    return json.loads(reply)["text"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="", help="default: what the service takes by itself")
    parser.add_argument("--import", dest="file", type=Path)
    parser.add_argument("--limit", type=int, default=10_000, help="recordings of each collection")
    parser.add_argument("--program", help="a command that prints the text of {}")
    options = parser.parse_args()
    audio = Path(os.environ["HAILSTONE_TEST_ASSETS"]) / "media/audio"
    scores: dict[str, Score] = {}
    taken: dict[str, int] = {}
    with Daemon(log_to_file=True) as daemon:
        if options.file:
            options.model = options.model or "imported"
            subprocess.run([BINARY, "import", options.file, "--name", options.model, "--task", "transcribe"], check=True,
                           env=os.environ | {"HAILSTONE_HOST": f"127.0.0.1:{daemon.port}"})
        for collection, file, said in recordings(audio):
            taken[collection] = taken.get(collection, 0) + 1
            if taken[collection] > options.limit:
                continue
            runs = {"service": lambda: ask_daemon(daemon, options.model, file)}
            if options.program:
                command = options.program.replace("{}", str(file))
                runs["program"] = lambda: subprocess.run(command, shell=True, check=True, capture_output=True, text=True).stdout
            for who, run in runs.items():
                begun = time.perf_counter()
                heard = run()
                took = time.perf_counter() - begun
                for name in (f"{who} {collection}", f"{who} all"):
                    scores.setdefault(name, Score()).add(heard, said, seconds_of(file), took)
    for name in sorted(scores):
        print(scores[name].show(name))


if __name__ == "__main__":
    main()
