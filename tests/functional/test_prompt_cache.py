# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""What a model has read, over turns, unloads and restarts, with the real llama-server. Skipped where
the engine runtime is not there."""

import re
import tempfile
import unittest
from pathlib import Path

from support import Daemon, DaemonTest, add_model
import micro_vlm

# Long enough that reading it again takes longer than a file is worth, also on a quick machine.
CONTEXT = 8192
HISTORY = " ".join("abcdefghijklmnopqrstuvwxyz"[i * i % 26] for i in range(6000))


class PromptCache(DaemonTest):
    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = Daemon("--context-length", str(CONTEXT), "--num-parallel", "1")
        with tempfile.TemporaryDirectory() as folder:
            model = Path(folder) / "reader.gguf"
            micro_vlm.write_language_model(model, CONTEXT)
            add_model(cls.daemon.store, "reader", model, engine="llama")
        cls.daemon.start()
        cls.require_engine("llama")

    def read(self, text: str = HISTORY) -> tuple[int, int]:
        """Tokens of the prompt, and how many of them were there already."""
        status, reply = self.daemon.json("POST", "/v1/chat/completions", {
            "model": "reader", "messages": [{"role": "user", "content": text}], "max_tokens": 2,
            "temperature": 0}, timeout=120)
        self.assertEqual(status, 200, reply)
        usage = reply["usage"]
        return usage["prompt_tokens"], usage["prompt_tokens_details"]["cached_tokens"]

    def metric(self, name: str) -> float:
        text = self.daemon.request("GET", "/metrics")[2].decode()
        found = re.search(rf"^{name}(?:{{.*}})? (\S+)$", text, re.MULTILINE)
        return float(found.group(1)) if found else 0

    def test_what_was_read_survives_an_unload_and_a_restart(self) -> None:
        tokens, cached = self.read()
        self.assertGreater(tokens, 5900)
        self.assertLess(cached, 10)
        self.assertGreater(self.read()[1], 5900)
        self.daemon.json("POST", "/api/unload", {"model": "reader"})
        prompts = self.daemon.home / "prompts"
        self.assertEqual([file.name for file in prompts.glob("*/slot-*")], ["slot-0"])
        self.assertEqual(prompts.stat().st_mode & 0o777, 0o700)
        self.assertGreater(self.read()[1], 5900)
        self.assertEqual(self.metric("hailstone_prompts_saved_total"), 1)
        self.assertEqual(self.metric("hailstone_prompts_restored_total"), 1)
        self.assertGreater(self.metric("hailstone_prompts_kept_bytes"), 100_000)
        self.daemon.stop()
        self.daemon.start()
        self.assertGreater(self.read()[1], 5900)
        self.daemon.stop()
        self.daemon.args += ("--prompt-cache-mb", "0")
        self.daemon.start()
        self.assertFalse(prompts.exists(), "off means that nothing is left")
        self.assertLess(self.read()[1], 10)


if __name__ == "__main__":
    unittest.main()
