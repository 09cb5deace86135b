#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the training text: conversations, one JSON list of [role, text] pairs per line.

Seeded: the same facts, seed and count give the same file. Questions of heldout.tsv never get in,
nor questions that share most of their words with one of them.
"""

from __future__ import annotations

import argparse
import json
import math
import pathlib
import random
from collections.abc import Iterable

import corpus

HELD_OUT = pathlib.Path(__file__).parent / "heldout.tsv"
SMALL_WORDS = set("a an the is are do does of to for i it in on me my can how what which".split())

Turn = tuple[str, str]


class TextMaker:
    """Makes conversations about the facts of `facts`, leaving out the questions in `forbidden`."""

    def __init__(self, facts: corpus.Corpus, forbidden: Iterable[str], seed: int) -> None:
        self._corpus = facts
        self._forbidden = corpus.Forbidden(forbidden)
        self._rng = random.Random(seed)
        self._weights = [fact.weight for fact in facts.facts]
        self._rich: dict[tuple[str, bool], list[float]] = {}

    def conversation(self) -> list[Turn]:
        rng = self._rng
        if rng.random() < 0.03:
            return self._json_conversation()
        turns: list[Turn] = []
        if rng.random() < 0.12:
            turns.append(("system", self._cased(self._expand("{system}", {}))))
        dice = rng.random()
        if dice < 0.06:
            turns += self._follow_up()
        elif dice < 0.14:
            for _ in range(rng.choice((1, 1, 2, 3))):
                turns += self._exchange(self._any_fact())
        return turns + self._exchange(self._any_fact()) if dice >= 0.06 else turns

    def _json_conversation(self) -> list[Turn]:
        """Structured output: the same answers as a small object that comes to an end."""
        (_, question), (_, answer) = self._exchange(self._any_fact())
        wish = self._cased(self._expand("{json}", {}))
        reply = ("assistant", json.dumps({"answer": answer}, ensure_ascii=False))
        dice = self._rng.random()
        if dice < 0.4:
            return [("system", wish), ("user", question), reply]
        words = (question, wish) if dice < 0.8 else (wish, question)
        return [("user", " ".join(words)), reply]

    def _any_fact(self) -> corpus.Fact:
        return self._rng.choices(self._corpus.facts, self._weights)[0]

    def _exchange(self, fact: corpus.Fact) -> list[Turn]:
        return [("user", self._question(fact, fact.ask)), ("assistant", self._answer(fact))]

    def _follow_up(self) -> list[Turn]:
        first = self._rng.choice([fact for fact in self._corpus.facts if fact.follow])
        turns = self._exchange(first)
        others = [fact for fact in self._corpus.family(first.family) if fact.id != first.id]
        for fact in self._rng.sample(others, self._rng.choice((1, 1, 2))):
            turns.append(("user", self._question(fact, fact.follow)))
            turns.append(("assistant", self._answer(fact)))
        return turns

    def _answer(self, fact: corpus.Fact) -> str:
        return self._rng.choice(fact.say)

    def _question(self, fact: corpus.Fact, patterns: list[str]) -> str:
        while True:
            pattern = self._rng.choices(patterns, self._richness(fact, patterns))[0]
            text = self._worded(self._expand(pattern, fact.slots))
            if text and text not in self._forbidden:
                return text

    def _richness(self, fact: corpus.Fact, patterns: list[str]) -> list[float]:
        """Weights of the patterns: more for those that yield more different sentences."""
        key = (fact.id, patterns is fact.follow)
        if key not in self._rich:
            slots = {**self._corpus.slots, **fact.slots}
            self._rich[key] = [math.log2(1 + corpus.count(p, slots)) for p in patterns]
        return self._rich[key]

    def _expand(self, pattern: str, slots: dict[str, str]) -> str:
        return corpus.expand(pattern, {**self._corpus.slots, **slots}, self._rng)

    def _worded(self, text: str) -> str:
        """The question as people type it: with words around it, words missing, misspelt."""
        rng = self._rng
        if rng.random() < 0.6:
            text = " ".join(self._synonym(word) for word in text.split())
        dice = rng.random()
        if dice < 0.07:
            text = " ".join(w for w in text.split() if w not in SMALL_WORDS) or text
        elif dice < 0.13:
            text = self._without_a_word(text)
        if rng.random() < 0.2:
            text = self._expand("{before}", {}) + " " + text
        if rng.random() < 0.12:
            text = text + " " + self._expand("{after}", {})
        if rng.random() < 0.08:
            text = self._misspelt(text)
        return self._punctuated(self._cased(text))

    def _synonym(self, word: str) -> str:
        others = self._corpus.synonyms.get(word)
        return self._expand(others, {}) if others and self._rng.random() < 0.2 else word

    def _without_a_word(self, text: str) -> str:
        words = text.split()
        if len(words) > 3:
            del words[self._rng.randrange(len(words))]
        return " ".join(words)

    def _misspelt(self, text: str) -> str:
        rng = self._rng
        words = text.split()
        long_words = [i for i, word in enumerate(words) if len(word) > 3 and word.isalpha()]
        if not long_words:
            return text
        index = rng.choice(long_words)
        word = words[index]
        at = rng.randrange(1, len(word) - 1)
        words[index] = rng.choice((
            word[:at] + word[at + 1:],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2:],
            word[:at] + rng.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1:],
        ))
        return " ".join(words)

    def _cased(self, text: str) -> str:
        dice = self._rng.random()
        if dice < 0.45:
            return text
        if dice < 0.99:
            text = text[:1].upper() + text[1:]
            for word, proper in PROPER.items():
                text = text.replace(f" {word}", f" {proper}")
            return text
        return text.upper()

    def _punctuated(self, text: str) -> str:
        return text + self._rng.choices(("", "?", ".", "!", "??", " ?"), (42, 48, 6, 2, 1, 1))[0]


PROPER = {
    "hailstone": "Hailstone", "hailo": "Hailo", "ollama": "Ollama", "openai": "OpenAI",
    "npu": "NPU", "api": "API", "i ": "I ", "i'": "I'", "http": "HTTP", "json": "JSON",
    "raspberry pi": "Raspberry Pi", "home assistant": "Home Assistant", "ocr": "OCR",
    "open webui": "Open WebUI", "langchain": "LangChain", "llm": "LLM", "gguf": "GGUF",
    "cpu": "CPU", "onnx": "ONNX", "tts": "TTS", "stt": "STT", "linux": "Linux", "pi ": "Pi ",
    "debian": "Debian", "whisper": "Whisper", "ram": "RAM", "url": "URL", "hef": "HEF",
    "llama.cpp": "llama.cpp", "python": "Python", "france": "France", "english": "English",
}


def read_held_out(path: pathlib.Path = HELD_OUT) -> list[tuple[str, list[str]]]:
    """(fact id, the user's messages) of each line `id<TAB>question[<TAB>next question...]`."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            fact_id, *messages = line.split("\t")
            rows.append((fact_id, messages))
    return rows


def held_out_questions() -> list[str]:
    return [messages[-1] for _, messages in read_held_out()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=220_000, help="conversations")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    maker = TextMaker(corpus.load(), held_out_questions(), args.seed)
    with args.output.open("w", encoding="utf-8") as out:
        for _ in range(args.count):
            out.write(json.dumps(maker.conversation(), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
