#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Asks a running server the questions of heldout.tsv and counts the right answers.

An answer is right if it contains every key string of the question's fact. Works with Hailstone and
Ollama (`/api/chat`), and with llama-server and everything else that speaks OpenAI
(`/v1/chat/completions`). Exit status 1 if fewer than --target percent are right.
"""

from __future__ import annotations

import argparse
import collections
import json
import sys
import urllib.request
from collections.abc import Iterable

import corpus
import make_text

Message = dict[str, str]


class Server:
    def __init__(self, url: str, model: str, temperature: float | None) -> None:
        self._url = url
        self._model = model
        self._temperature = temperature

    def answer(self, messages: list[Message], seed: int) -> str:
        options: dict[str, float] = {"seed": seed}
        if self._temperature is not None:
            options["temperature"] = self._temperature
        body: dict = {"model": self._model, "messages": messages, "stream": False}
        if "/v1/" in self._url:
            reply = self._post({**body, **options, "max_tokens": 100})
            return reply["choices"][0]["message"]["content"]
        reply = self._post({**body, "options": {**options, "num_predict": 100}})
        return reply["message"]["content"]

    def _post(self, body: dict) -> dict:
        request = urllib.request.Request(self._url, json.dumps(body).encode(),
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as reply:
            return json.load(reply)


class Score:
    def __init__(self) -> None:
        self.right: collections.Counter[str] = collections.Counter()
        self.asked: collections.Counter[str] = collections.Counter()

    def add(self, fact_id: str, is_right: bool) -> None:
        category = fact_id.split(".")[0]
        self.right[category] += is_right
        self.asked[category] += 1

    def percent(self) -> float:
        return 100 * self.right.total() / self.asked.total()

    def table(self) -> str:
        rows = ["| Category | Questions | Right |", "|---|---|---|"]
        rows += [_row(name, self.right[name], self.asked[name]) for name in self.asked]
        return "\n".join([*rows, _row("**all**", self.right.total(), self.asked.total())])


def _row(name: str, right: int, asked: int) -> str:
    return f"| {name} | {asked} | {right} ({100 * right / asked:.1f} %) |"


def converse(server: Server, questions: Iterable[str], seed: int) -> str:
    """The answer to the last question, after the server's own answers to the earlier ones."""
    messages: list[Message] = []
    answer = ""
    for question in questions:
        messages.append({"role": "user", "content": question})
        answer = server.answer(messages, seed)
        messages.append({"role": "assistant", "content": answer})
    return answer


def measure(server: Server, rounds: int, show_wrong: bool) -> Score:
    facts, score = corpus.load(), Score()
    for seed in range(1, rounds + 1):
        for fact_id, questions in make_text.read_held_out():
            answer = converse(server, questions, seed)
            right = corpus.is_right(facts.by_id(fact_id), answer)
            score.add(fact_id, right)
            if show_wrong and not right:
                print(f"{fact_id}: {' / '.join(questions)}\n    {answer}", file=sys.stderr)
    return score


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://localhost:11434/api/chat")
    parser.add_argument("--model", default="starter-chat")
    parser.add_argument("--temperature", type=float, default=0.0)
    parser.add_argument("--server-default", action="store_true",
                        help="send no temperature, let the server choose")
    parser.add_argument("--rounds", type=int, default=1, help="ask everything so often")
    parser.add_argument("--target", type=float, default=85.0)
    parser.add_argument("--show-wrong", action="store_true")
    args = parser.parse_args()
    temperature = None if args.server_default else args.temperature
    score = measure(Server(args.url, args.model, temperature), args.rounds, args.show_wrong)
    print(score.table())
    sys.exit(score.percent() < args.target)


if __name__ == "__main__":
    main()
