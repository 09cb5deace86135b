# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""A GGUF file without any template, as llama.cpp's test models are: its prompts reach it bare. Skipped where
HAILSTONE_TEST_ASSETS or the engine runtime is not there."""

import hashlib
import os
import unittest
from pathlib import Path

from support import DaemonTest

FILE = Path(os.environ.get("HAILSTONE_TEST_ASSETS", "")) / "models/llm/stories260K-f32.gguf"


@unittest.skipUnless(FILE.is_file(), "HAILSTONE_TEST_ASSETS has no such model")
class PlainGguf(DaemonTest):
    MODELS = {}

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.require_engine("llama")
        data = FILE.read_bytes()
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        cls.daemon.request("POST", f"/api/blobs/{digest}", data)
        cls.create("stories", files={"stories.gguf": digest})

    @classmethod
    def create(cls, name: str, **fields: object) -> None:
        list(cls.daemon.lines("/api/create", {"model": name, **fields}))

    def tokens(self, model: str, path: str, **fields: object) -> int:
        status, reply = self.daemon.json("POST", path, {
            "model": model, "stream": False, "options": {"num_predict": 2}, **fields})
        self.assertEqual(status, 200, reply)
        return reply["prompt_eval_count"]

    def test_a_base_model_is_given_the_prompt_alone(self) -> None:
        self.assertEqual(self.tokens("stories", "/api/generate", prompt="Once upon a time"), 5)
        self.assertEqual(self.tokens("stories", "/api/chat", messages=[
            {"role": "user", "content": "Once upon a time"}]), 5)
        shown = self.daemon.json("POST", "/api/show", {"model": "stories"})[1]
        self.assertEqual(shown["template"], "{{ .Prompt }}")
        self.assertNotIn("TEMPLATE", shown["modelfile"])

    def test_a_template_makes_it_a_chat_model(self) -> None:
        self.create("orca", **{"from": "stories"}, template="{{- if .System }}\n### System:\n{{ .System }}\n"
                    "{{- end }}\n\n### User:\n{{ .Prompt }}\n\n### Response:\n")
        _, reply = self.daemon.json("POST", "/api/chat", {
            "model": "orca", "stream": False, "_debug_render_only": True,
            "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]})
        self.assertEqual(reply["_debug_info"]["rendered_template"],
                         "\n### System:\nBe brief.\n\n### User:\nHi\n\n### Response:\n")


if __name__ == "__main__":
    unittest.main()
