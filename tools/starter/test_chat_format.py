# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import unittest

import chat_format


class LetterTokenizer:
    """Letters are tokens; the special tokens follow after them."""

    def encode(self, text: str) -> list[int]:
        return [ord(char) for char in text]

    def piece_to_id(self, piece: str) -> int:
        return 1000 + chat_format.SPECIAL.index(piece)

    def bos_id(self) -> int:
        return 1


class ChatFormatTest(unittest.TestCase):
    turns = [("user", "hi"), ("assistant", "yo")]

    def text(self, tokens: list[int]) -> str:
        return "".join(chat_format.SPECIAL[t - 1000] if t >= 1000 else chr(t) for t in tokens)

    def test_only_answers_and_their_end_are_learnt(self) -> None:
        tokens, learn = chat_format.encode(self.turns, LetterTokenizer())
        learnt = [token for token, flag in zip(tokens, learn) if flag]
        self.assertEqual(self.text(learnt), "yo<|end|>")

    def test_questions_begin_with_a_space_and_answers_do_not(self) -> None:
        tokens, _ = chat_format.encode(self.turns, LetterTokenizer())
        self.assertEqual(self.text(tokens[1:]), "<|user|> hi<|end|><|assistant|>yo<|end|>")

    def test_a_prompt_ends_where_the_answer_begins(self) -> None:
        tokens = chat_format.encode_prompt(self.turns[:1], LetterTokenizer())
        self.assertEqual(self.text(tokens[1:]), "<|user|> hi<|end|><|assistant|>")


if __name__ == "__main__":
    unittest.main()
