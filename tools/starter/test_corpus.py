# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Run with: python3 -m unittest discover tools/starter"""

from __future__ import annotations

import json
import random
import unittest

import corpus
import make_text

FACTS = corpus.load()


class CorpusTest(unittest.TestCase):
    def test_every_answer_contains_its_keys(self) -> None:
        for fact in FACTS.facts:
            self.assertTrue(fact.key, fact.id)
            for answer in fact.say:
                self.assertTrue(corpus.is_right(fact, answer), f"{fact.id}: {answer}")

    def test_every_pattern_expands(self) -> None:
        rng = random.Random(1)
        for fact in FACTS.facts:
            for pattern in fact.ask + fact.follow:
                text = corpus.expand(pattern, {**FACTS.slots, **fact.slots}, rng)
                self.assertNotRegex(text, r"[|{}]|^$", f"{fact.id}: {pattern}")

    def test_a_broken_pattern_is_refused(self) -> None:
        for pattern in ("(a|b", "{nothing}"):
            with self.assertRaises((ValueError, KeyError)):
                corpus.expand(pattern, {}, random.Random(1))

    def test_answers_fit_on_two_lines(self) -> None:
        for fact in FACTS.facts:
            for answer in fact.say:
                self.assertLessEqual(len(answer), 160, fact.id)


class HeldOutTest(unittest.TestCase):
    def test_held_out_questions_name_known_facts(self) -> None:
        ids = {fact.id for fact in FACTS.facts}
        rows = make_text.read_held_out()
        self.assertGreaterEqual(len(rows), 200)
        self.assertLessEqual({fact_id for fact_id, _ in rows}, ids)

    def test_no_held_out_question_is_written_into_the_training_text(self) -> None:
        held_out = make_text.held_out_questions()
        forbidden = corpus.Forbidden(held_out)
        maker = make_text.TextMaker(FACTS, held_out, seed=1)
        for _ in range(2000):
            for role, text in maker.conversation():
                if role == "user":
                    self.assertNotIn(text, forbidden)

    def test_a_question_with_nearly_the_same_words_counts_as_held_out(self) -> None:
        forbidden = corpus.Forbidden(["Is the port of the server open?", "hi"])
        self.assertIn("is the port of the server open", forbidden)
        self.assertIn("is the open port of the server", forbidden)
        self.assertIn("Hi!", forbidden)
        self.assertNotIn("is the port closed", forbidden)

    def test_a_forbidden_question_is_left_out(self) -> None:
        facts = [corpus.Fact(f"x.{i}", ["y"], ["y"], ["(one|two)"], ["three"], {}, "x", 1.0)
                 for i in range(3)]
        maker = make_text.TextMaker(corpus.Corpus(facts, FACTS.slots, {}), {"one"}, seed=1)
        asked = {corpus.normalise(text) for _ in range(300)
                 for role, text in maker.conversation() if role == "user"}
        self.assertNotIn("one", asked)
        self.assertIn("two", asked)

    def test_the_same_seed_makes_the_same_text(self) -> None:
        def text(seed: int) -> str:
            maker = make_text.TextMaker(FACTS, set(), seed)
            return json.dumps([maker.conversation() for _ in range(50)])

        self.assertEqual(text(3), text(3))
        self.assertNotEqual(text(3), text(4))


if __name__ == "__main__":
    unittest.main()
