#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the language model of starter-transcribe: what the starter chat model knows, the starter recogniser expects to
hear. Word trigrams with Witten-Bell back-off, in the ARPA format that pocketsphinx reads.

Seeded: the same facts, dictionary, seed and count give the same file. Questions of heldout.tsv never get in."""

from __future__ import annotations

import argparse
import math
import pathlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

import corpus
import make_text

DICTIONARY = pathlib.Path("/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict")
BEGIN, END = "<s>", "</s>"
NUMBERS = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
           "eighteen nineteen").split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()

Gram = tuple[str, ...]


def say_number(number: int) -> str:
    """42 -> "forty two"; years and ports digit by digit."""
    if number < 20:
        return NUMBERS[number]
    if number < 100:
        return " ".join([TENS[number // 10 - 2]] + ([NUMBERS[number % 10]] if number % 10 else []))
    return " ".join(NUMBERS[int(digit)] for digit in str(number))


def read_dictionary(path: pathlib.Path) -> set[str]:
    with open(path, encoding="utf-8") as file:
        return {line.split()[0] for line in file if line.strip() and "(" not in line.split()[0]}


def sentences(text: str) -> Iterator[list[str]]:
    """The words of each sentence, as they are spoken."""
    for part in re.split(r"[.?!:;\n]+(?:\s|$)", text):
        words = re.sub(r"\d+", lambda found: f" {say_number(int(found[0][:9]))} ", part.lower())
        yield re.findall(r"[a-z]+(?:'[a-z]+)?", words)


def count(texts: Iterable[str], known: set[str]) -> list[Counter[Gram]]:
    """How often each one, two and three words follow each other; nothing across a word that is not known."""
    counts: list[Counter[Gram]] = [Counter(), Counter(), Counter()]
    for text in texts:
        for words in sentences(text):
            run = [BEGIN]
            for word in [*words, END]:
                if word != END and word not in known:
                    run = []
                    continue
                run.append(word)
                for length in (1, 2, 3):
                    if len(run) >= length:
                        counts[length - 1][tuple(run[-length:])] += 1
    return counts


def prune(counts: list[Counter[Gram]], least: int) -> None:
    """Rare sequences cost much and tell little."""
    for grams in counts[1:]:
        for gram in [gram for gram, times in grams.items() if times < least]:
            del grams[gram]
    # A sequence needs those that it begins and ends with.
    for gram in [g for g in counts[2] if g[:2] not in counts[1] or g[1:] not in counts[1]]:
        del counts[2][gram]


class Model:
    """Witten-Bell: the more different words follow, the likelier is one more."""

    def __init__(self, counts: list[Counter[Gram]]) -> None:
        self.counts = counts
        self.total = [self._totals(grams) for grams in counts]
        self.kinds = [Counter(gram[:-1] for gram in grams) for grams in counts]

    @staticmethod
    def _totals(grams: Counter[Gram]) -> Counter[Gram]:
        totals: Counter[Gram] = Counter()
        for gram, times in grams.items():
            totals[gram[:-1]] += times
        return totals

    def probability(self, gram: Gram) -> float:
        if not gram:
            return 1 / (len(self.counts[0]) + 1)
        order, context = len(gram) - 1, gram[:-1]
        lower = self.probability(gram[1:])
        total, kinds = self.total[order][context], self.kinds[order][context]
        if total == 0:
            return lower
        return (self.counts[order][gram] + kinds * lower) / (total + kinds)

    def back_off(self, context: Gram) -> float:
        """What is left for words that were not seen behind it, against what they have without it."""
        order = len(context)
        followers = self.followers[order].get(context, ())
        if not followers:
            return 1.0
        seen = sum(self.probability((*context, word)) for word in followers)
        lower = sum(self.probability((*context[1:], word)) for word in followers)
        return max(1e-7, 1 - seen) / max(1e-7, 1 - lower)

    @property
    def followers(self) -> list[dict[Gram, list[str]]]:
        if not hasattr(self, "_followers"):
            lists: list[dict[Gram, list[str]]] = []
            for grams in self.counts:
                behind: dict[Gram, list[str]] = defaultdict(list)
                for gram in grams:
                    behind[gram[:-1]].append(gram[-1])
                lists.append(dict(behind))
            self._followers = lists
        return self._followers

    def write(self, path: pathlib.Path) -> None:
        unigrams = sorted({*self.counts[0], (BEGIN,), (END,)})
        levels = [unigrams, sorted(self.counts[1]), sorted(self.counts[2])]
        with open(path, "w", encoding="ascii") as file:
            file.write("\\data\\\n")
            for length, grams in enumerate(levels, 1):
                file.write(f"ngram {length}={len(grams)}\n")
            for length, grams in enumerate(levels, 1):
                file.write(f"\n\\{length}-grams:\n")
                for gram in grams:
                    value = -99.0 if gram == (BEGIN,) else math.log10(self.probability(gram))
                    line = f"{value:.4f} {' '.join(gram)}"
                    if length < 3:
                        line += f" {math.log10(self.back_off(gram)):.4f}"
                    file.write(line + "\n")
            file.write("\n\\end\\\n")


def texts(conversations: int, seed: int) -> Iterator[str]:
    """Questions count more than answers: they are what people say to a machine."""
    facts = corpus.load()
    maker = make_text.TextMaker(facts, make_text.held_out_questions(), seed)
    for _ in range(conversations):
        for role, text in maker.conversation():
            if role == "user":
                yield text
                yield text
            elif role == "assistant" and "{" not in text:
                yield text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--conversations", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least", type=int, default=3, help="how often a sequence of words must occur")
    parser.add_argument("--dictionary", type=pathlib.Path, default=DICTIONARY)
    options = parser.parse_args()
    counts = count(texts(options.conversations, options.seed), read_dictionary(options.dictionary))
    prune(counts, options.least)
    Model(counts).write(options.output)
    print(", ".join(f"{len(grams)} {name}" for grams, name in zip(counts, ("words", "pairs", "triples"))))


if __name__ == "__main__":
    main()
