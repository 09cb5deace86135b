# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Facts of the manual and the ways to ask for them.

A file in facts/ holds `[[fact]]` tables: `say` are the answers, `key` the strings that a right
answer must contain, `ask` one question pattern per line. In a pattern `(a|b|)` chooses, and
`{slot}` inserts another pattern. A `[[family]]` is one fact for each of its `items`: the fields of
an item are slots in `ask` and are filled into `say` and `key`; `follow` are patterns that only make
sense after a question about another item of the same family. `[slots]` are patterns for all files,
`[synonyms]` patterns that may stand for a word in any question.
"""

from __future__ import annotations

import dataclasses
import functools
import math
import pathlib
import random
import re
import tomllib
from collections.abc import Iterable

FACTS_DIR = pathlib.Path(__file__).parent / "facts"
PARAMS = "4 million"
SIZE = "4 MB"
NEAR = 0.8


@dataclasses.dataclass(frozen=True)
class Fact:
    """One thing the model knows, with everything needed to ask for it."""

    id: str
    key: list[str]
    say: list[str]
    ask: list[str]
    follow: list[str]
    slots: dict[str, str]
    family: str
    weight: float


@dataclasses.dataclass(frozen=True)
class Corpus:
    facts: list[Fact]
    slots: dict[str, str]
    synonyms: dict[str, str]

    def by_id(self, fact_id: str) -> Fact:
        return next(fact for fact in self.facts if fact.id == fact_id)

    def family(self, name: str) -> list[Fact]:
        return [fact for fact in self.facts if fact.family == name]


def load(folder: pathlib.Path = FACTS_DIR) -> Corpus:
    """Reads every file of `folder`; a duplicate id is a ValueError."""
    facts: list[Fact] = []
    slots: dict[str, str] = {}
    synonyms: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        slots.update(data.get("slots", {}))
        synonyms.update(data.get("synonyms", {}))
        facts += [_plain_fact(table) for table in data.get("fact", [])]
        for table in data.get("family", []):
            facts += _family_facts(table)
    ids = [fact.id for fact in facts]
    if len(set(ids)) != len(ids):
        raise ValueError(f"duplicate ids: {sorted(i for i in ids if ids.count(i) > 1)}")
    return Corpus(facts, slots, synonyms)


def expand(pattern: str, slots: dict[str, str], rng: random.Random) -> str:
    """One random sentence of `pattern`."""
    return re.sub(r"\s+", " ", _expand(_parse(pattern), slots, rng)).strip()


def count(pattern: str, slots: dict[str, str]) -> int:
    """How many sentences `pattern` has."""
    return _count(_parse(pattern), slots)


def normalise(question: str) -> str:
    """Lower case words only: two questions with the same normal form count as the same."""
    return " ".join(re.findall(r"[a-z0-9_./'+-]*[a-z0-9]", question.lower()))


class Forbidden:
    """Questions that must not be asked, nor any that shares most of its words with one of them."""

    def __init__(self, questions: Iterable[str]) -> None:
        self._exact = {normalise(question) for question in questions}
        self._words = [frozenset(question.split()) for question in self._exact]

    def __contains__(self, question: str) -> bool:
        plain = normalise(question)
        words = frozenset(plain.split())
        return plain in self._exact or (len(words) > 2 and any(
            len(words & other) >= NEAR * len(words | other) for other in self._words))


def is_right(fact: Fact, answer: str) -> bool:
    folded = answer.lower()
    return all(key.lower() in folded for key in fact.key)


def _lines(block: str) -> list[str]:
    return [line for line in block.strip().splitlines() if line]


def _plain_fact(table: dict) -> Fact:
    def fill(text: str) -> str:
        return text.replace("{params}", PARAMS).replace("{size}", SIZE)

    return Fact(table["id"], [fill(k) for k in table["key"]], [fill(s) for s in table["say"]],
                _lines(table["ask"]), [], {}, "", table.get("weight", 1.0))


def _family_facts(table: dict) -> list[Fact]:
    return [
        Fact(f"{table['id']}.{item['id']}", [k.format_map(item) for k in table["key"]],
             [table["say"].format_map(item)], _lines(table["ask"]),
             _lines(table.get("follow", "")), item, table["id"], table.get("weight", 1.0))
        for item in table["items"]
    ]


# What a pattern is made of: alternatives, each a sequence of text, slots and further alternatives.
_Choice = tuple["_Sequence", ...]
_Sequence = tuple["str | _Slot | _Choice", ...]


@dataclasses.dataclass(frozen=True)
class _Slot:
    name: str


@functools.cache
def _parse(pattern: str) -> _Choice:
    parser = _Parser(pattern)
    choice = parser.choice()
    parser.expect("")
    return choice


def _expand(choice: _Choice, slots: dict[str, str], rng: random.Random) -> str:
    return "".join(part if isinstance(part, str) else _expand(_choice_of(part, slots), slots, rng)
                   for part in rng.choice(choice))


def _count(choice: _Choice, slots: dict[str, str]) -> int:
    return sum(math.prod(_count(_choice_of(part, slots), slots)
                         for part in sequence if not isinstance(part, str))
               for sequence in choice)


def _choice_of(part: _Slot | _Choice, slots: dict[str, str]) -> _Choice:
    return _parse(slots[part.name]) if isinstance(part, _Slot) else part


class _Parser:
    """Recursive descent over `text`, `(a|b)` and `{slot}`."""

    def __init__(self, pattern: str) -> None:
        self._text = pattern
        self._at = 0

    def choice(self) -> _Choice:
        choices = [self._sequence()]
        while self._peek() == "|":
            self._at += 1
            choices.append(self._sequence())
        return tuple(choices)

    def _sequence(self) -> _Sequence:
        parts: list[str | _Slot | _Choice] = []
        while (char := self._peek()) and char not in "|)":
            if char == "(":
                self._at += 1
                parts.append(self.choice())
                self.expect(")")
            elif char == "{":
                end = self._text.index("}", self._at)
                parts.append(_Slot(self._text[self._at + 1:end]))
                self._at = end + 1
            else:
                text = re.match(r"[^|(){]+", self._text[self._at:])
                parts.append(text[0])
                self._at += len(text[0])
        return tuple(parts)

    def _peek(self) -> str:
        return self._text[self._at:self._at + 1]

    def expect(self, char: str) -> None:
        if self._peek() != char:
            raise ValueError(f"'{char or 'the end'}' expected at {self._at} in: {self._text}")
        self._at += 1
