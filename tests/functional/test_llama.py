# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""The starter model on the real llama-server, through the real daemon. Skipped where the engine
runtime is not there (tools/engine-runtime make)."""

import os
import signal
import time
import unittest

from support import DaemonTest, eventually, user


class Starter(DaemonTest):
    MODELS = {}
    MODEL = "starter-chat"
    ENV = {"HAILSTONE_STALL_TIMEOUT": "45s"}  # a llama-server that does nothing for 3 s is killed

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.require_engine("llama")

    def test_it_knows_its_own_manual(self) -> None:
        for question, fact in (("Which port does Hailstone listen on?", "11434"),
                               ("How do I install a bigger model?", "hailstone pull")):
            reply = self.chat(self.MODEL, question, options={"temperature": 0})[1]
            self.assertIn(fact, reply["message"]["content"])
            self.assertEqual(reply["done_reason"], "stop")

    def test_a_conversation_is_streamed(self) -> None:
        lines = list(self.daemon.lines("/api/chat", {"model": self.MODEL, "messages": user("Hi")}))
        self.assertGreater(len(lines), 3)
        self.assertTrue(lines[-1]["done"])
        self.assertGreater(lines[-1]["eval_count"], 0)

    def test_show_tells_what_is_in_the_file(self) -> None:
        shown = self.daemon.json("POST", "/api/show", {"model": self.MODEL})[1]
        self.assertEqual(shown["model_info"]["general.architecture"], "llama")
        self.assertGreater(shown["model_info"]["general.parameter_count"], 3_000_000)
        self.assertIn("completion", shown["capabilities"])

    def test_context_goes_on_where_the_last_reply_ended(self) -> None:
        _, first = self.daemon.json("POST", "/api/generate", {
            "model": self.MODEL, "prompt": "Hello", "stream": False})
        self.assertGreater(len(first["context"]), 2)
        _, second = self.daemon.json("POST", "/api/generate", {
            "model": self.MODEL, "prompt": "Thanks", "context": first["context"],
            "stream": False})
        self.assertGreater(len(second["context"]), len(first["context"]))

    def test_json_format_is_obeyed(self) -> None:
        import json
        schema = {"type": "object", "properties": {"port": {"type": "integer"}},
                  "required": ["port"]}
        reply = self.chat(self.MODEL, "Which port?", format=schema,
                          options={"num_predict": 100, "temperature": 0})[1]
        self.assertIsInstance(json.loads(reply["message"]["content"])["port"], int)

    def test_a_killed_llama_server_is_an_honest_error_and_comes_back(self) -> None:
        self.chat(self.MODEL, "Hello")
        children = self.daemon.children()
        # Noise, which hardly ever ends by itself: a real reply may be over before it can be killed.
        noise = {"num_predict": 400, "temperature": 100.0, "top_k": 0, "top_p": 1.0, "seed": 5}
        body = {"model": self.MODEL, "prompt": "Tell me everything", "raw": True, "options": noise}
        stream = self.daemon.lines("/api/generate", body)
        next(stream)
        for child in children:
            os.kill(child, signal.SIGKILL)
        killed = time.monotonic()
        last = list(stream)[-1]
        self.assertIn("error", last)
        self.assertLess(time.monotonic() - killed, 1)
        self.assertEqual(self.chat(self.MODEL, "Hello")[0], 200)

    def test_a_stopped_llama_server_is_killed_and_comes_back(self) -> None:
        self.chat(self.MODEL, "Hello")
        before = self.daemon.children()
        for child in before:
            os.kill(child, signal.SIGSTOP)
        begun = time.monotonic()
        status, reply = self.chat(self.MODEL, "Which port does Hailstone listen on?")
        self.assertEqual(status, 500, reply)
        self.assertIn("hung", reply["error"])
        self.assertLess(time.monotonic() - begun, 15)
        self.assertEqual(self.chat(self.MODEL, "Hello")[0], 200)
        self.assertFalse(set(before) & set(self.daemon.children()))

    def test_unloading_ends_the_process(self) -> None:
        self.chat(self.MODEL, "Hello")
        self.assertEqual(len(self.daemon.children()), 1)
        self.daemon.json("POST", "/api/unload", {"model": self.MODEL})
        self.assertTrue(eventually(lambda: not self.daemon.children(), 1))


if __name__ == "__main__":
    unittest.main()
