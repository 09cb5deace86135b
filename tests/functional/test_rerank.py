# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Reranking by a small model (support/micro_reranker) on the real llama-server. Skipped where the
engine runtime is not there."""

import json
import math
import tempfile
import unittest
from pathlib import Path

from support import Daemon, DaemonTest, add_model
from llama_direct import ask_directly
import micro_reranker

DOCUMENTS = ["hail falls", "rain", "ice cats port", "a cat"]


class Reranking(DaemonTest):
    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = Daemon()
        with tempfile.TemporaryDirectory() as folder:
            add_model(cls.daemon.store, "ranker",
                      micro_reranker.write(Path(folder) / "ranker.gguf"), engine="llama", task="")
        cls.daemon.start()
        cls.require_engine("llama")

    def rank(self, **more: object) -> tuple[int, dict]:
        return self.daemon.json("POST", "/v1/rerank", {
            "model": "ranker", "query": "hail", "documents": DOCUMENTS, **more})

    def test_scores_are_llama_servers_own(self) -> None:
        status, raw = self.rank(raw_scores=True)
        self.assertEqual(status, 200, raw)
        theirs = ask_directly(self.daemon, "--rerank", "/v1/rerank",
                              {"query": "hail", "documents": DOCUMENTS})
        wanted = {one["index"]: one["relevance_score"] for one in theirs["results"]}
        for one in raw["results"]:
            self.assertAlmostEqual(one["relevance_score"], wanted[one["index"]], places=4)
        self.assertEqual(len(raw["results"]), len(DOCUMENTS))
        self.assertGreater(len(set(wanted.values())), 2, "the scores do not tell documents apart")
        scores = [one["relevance_score"] for one in raw["results"]]
        self.assertEqual(scores, sorted(scores, reverse=True))
        _, ours = self.rank()
        for a, b in zip(raw["results"], ours["results"]):
            self.assertAlmostEqual(b["relevance_score"], 1 / (1 + math.exp(-a["relevance_score"])))

    def test_a_document_that_is_too_long_is_cut_or_refused(self) -> None:
        long = ["hail falls " * 400, "rain"]
        status, reply = self.rank(documents=long)
        self.assertEqual(status, 200, reply)
        self.assertEqual(reply["truncated"], {"documents": 1})
        status, reply = self.rank(documents=long, truncate=False)
        self.assertEqual(status, 400, reply)

    def test_it_is_for_nothing_else(self) -> None:
        shown = self.daemon.json("POST", "/api/show", {"model": "ranker"})[1]
        self.assertEqual(shown["capabilities"], ["rerank"])
        for path, body in (("/api/embed", {"input": "a"}), ("/api/generate", {"prompt": "a"}),
                           ("/v1/embeddings", {"input": "a"})):
            status, reply = self.daemon.json("POST", path, {"model": "ranker", **body})
            self.assertEqual(status, 400, reply)
            self.assertIn("does not support", json.dumps(reply))


class NoneInstalled(DaemonTest):
    def test_503_says_what_installs_one(self) -> None:
        for model in ({}, {"model": "bge-reranker-v2-m3"}):
            status, reply = self.daemon.json("POST", "/v1/rerank", {
                **model, "query": "q", "documents": ["a"]})
            self.assertEqual(status, 503, reply)
            self.assertIn("hailstone pull bge-reranker-v2-m3", json.dumps(reply))


if __name__ == "__main__":
    unittest.main()
