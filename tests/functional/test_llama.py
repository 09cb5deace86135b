# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""The starter model on the real llama-server, through the real daemon. Skipped where the engine
runtime is not there (tools/engine-runtime make)."""

import json
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
        schema = {"type": "object", "properties": {"port": {"type": "integer"}},
                  "required": ["port"]}
        reply = self.chat(self.MODEL, "Which port?", format=schema,
                          options={"num_predict": 100, "temperature": 0})[1]
        self.assertIsInstance(json.loads(reply["message"]["content"])["port"], int)

    def formatted(self, schema: dict) -> str:
        return self.chat(self.MODEL, "Which port?", format=schema, options={
            "num_predict": 100, "temperature": 0})[1]["message"]["content"]

    def test_a_schema_keeps_the_order_of_its_properties(self) -> None:
        schema = {"type": "object", "properties": {"z": {"type": "integer"}, "a": {"type": "boolean"},
                                                   "m": {"enum": ["x"]}},
                  "required": ["z", "a", "m"]}
        self.assertEqual(list(json.loads(self.formatted(schema))), ["z", "a", "m"])

    def test_a_pattern_is_obeyed_or_refused_by_name(self) -> None:
        import re
        for pattern in (r"^\d{3}-[A-Z]+\w$", r"x\d{2}$", r'^a"\\$', "^(ja|nein)$"):
            schema = {"type": "object", "required": ["p"],
                      "properties": {"p": {"type": "string", "pattern": pattern}}}
            text = self.formatted(schema)
            # A model that may go on for ever is cut; what it began has to fit all the same.
            if text.endswith("}"):
                self.assertRegex(json.loads(text)["p"], re.compile(pattern), pattern)
        status, reply = self.chat(self.MODEL, "x", format={"type": "string", "pattern": r"\bx"})
        self.assertEqual(status, 400)
        self.assertIn("\\b is no character", reply["error"])

    def test_logprobs_alone_have_no_alternatives(self) -> None:
        options = {"num_predict": 3, "temperature": 0}
        reply = self.chat(self.MODEL, "Hello", logprobs=True, options=options)[1]
        _, generated = self.daemon.json("POST", "/api/generate", {
            "model": self.MODEL, "prompt": "Hello", "stream": False, "logprobs": True,
            "options": options})
        for logprobs in (reply["logprobs"], generated["logprobs"]):
            self.assertGreater(len(logprobs), 0)
            for entry in logprobs:
                self.assertLess(entry["logprob"], 1e-6)
                self.assertFalse(entry.get("top_logprobs"))

    def test_a_template_of_the_store_is_what_the_model_is_told(self) -> None:
        template = "Q: {{ .Prompt }}\nA:{{ .Response }}"
        lines = list(self.daemon.lines("/api/create", {
            "model": "told", "from": self.MODEL, "template": template}))
        self.assertEqual(lines[-1]["status"], "success")
        rendered = self.chat("told", "Hi", _debug_render_only=True)[1]
        self.assertEqual(rendered["_debug_info"]["rendered_template"], "Q: Hi\nA:")
        told = self.chat("told", "Hi", options={"num_predict": 1})[1]["prompt_eval_count"]
        raw = self.daemon.json("POST", "/api/generate", {
            "model": self.MODEL, "prompt": "Q: Hi\nA:", "raw": True, "stream": False,
            "options": {"num_predict": 1}})[1]["prompt_eval_count"]
        self.assertEqual(told, raw)
        status, reply = self.daemon.json("POST", "/api/create", {
            "model": "bad", "from": self.MODEL, "template": "a\n{{ if .Prompt }}", "stream": False})
        self.assertEqual((status, reply["error"]),
                         (400, "template: line 2: {{if}} has no {{end}}"))

    def test_what_cannot_fit_is_answered_at_once(self) -> None:
        status, reply = self.chat(self.MODEL, "word " * 2_000_000, truncate=False)
        self.assertEqual(status, 400)
        # Not counted, but known from its bytes.
        self.assertIn("the input length exceeds the context length (at least ", reply["error"])

    def test_a_message_longer_than_the_context_is_cut(self) -> None:
        status, reply = self.chat(self.MODEL, "word " * 20_000 + "Which port?", options={
            "num_predict": 3})
        self.assertEqual(status, 200, reply)
        self.assertGreater(reply["truncated"]["tokens"], 0)

    def test_a_small_context_is_obeyed_though_the_engine_rounds_it_up(self) -> None:
        options = {"num_ctx": 100, "temperature": 0}
        status, reply = self.chat(self.MODEL, "word " * 50, options=options)
        self.assertEqual(status, 200, reply)
        self.assertLessEqual(reply["prompt_eval_count"] + reply["eval_count"], 100)
        status, reply = self.chat(self.MODEL, "word " * 150 + "Which port?", options=options)
        self.assertEqual(status, 200, reply)
        self.assertGreater(reply["truncated"]["tokens"], 0)
        self.assertLessEqual(reply["prompt_eval_count"] + reply["eval_count"], 100)
        status, reply = self.chat(self.MODEL, "word " * 150, options=options, truncate=False)
        self.assertEqual(status, 400, reply)
        _, embedded = self.daemon.json("POST", "/api/embed", {
            "model": self.MODEL, "input": "word " * 150, "options": {"num_ctx": 100}})
        self.assertLessEqual(embedded["prompt_eval_count"], 100)

    def test_every_dialect_ends_at_a_stop_text_and_says_which(self) -> None:
        question = {"role": "user", "content": "Which port does Hailstone listen on?"}
        body = {"model": self.MODEL, "messages": [question], "max_tokens": 60, "temperature": 0}
        _, whole = self.daemon.json("POST", "/v1/messages", body)
        text = whole["content"][0]["text"]
        stop = text[len(text) // 2:][:4]
        before = text[:text.index(stop)]
        for stream in (False, True):
            sent = {**body, "stop_sequences": ["never said", stop], "stream": stream}
            if stream:
                data = self.daemon.request("POST", "/v1/messages", sent)[2].decode()
                self.assertIn(f'"stop_reason":"stop_sequence","stop_sequence":{json.dumps(stop)}',
                              data)
                continue
            _, reply = self.daemon.json("POST", "/v1/messages", sent)
            self.assertEqual((reply["stop_reason"], reply["stop_sequence"]),
                             ("stop_sequence", stop))
            self.assertEqual(reply["content"][0]["text"], before)
            self.assertGreater(reply["usage"]["output_tokens"], 0)
        _, reply = self.daemon.json("POST", "/v1/chat/completions", {**body, "stop": stop})
        self.assertEqual(reply["choices"][0]["message"]["content"], before)
        self.assertEqual(reply["choices"][0]["finish_reason"], "stop")
        self.assertEqual(self.chat(self.MODEL, question["content"], options={
            "stop": [stop], "temperature": 0})[1]["message"]["content"], before)

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
        self.daemon.json("POST", "/api/unload", {})  # of the other tests
        self.chat(self.MODEL, "Hello")
        self.assertTrue(eventually(lambda: len(self.daemon.children()) == 1))
        self.daemon.json("POST", "/api/unload", {"model": self.MODEL})
        self.assertTrue(eventually(lambda: not self.daemon.children(), 1))


if __name__ == "__main__":
    unittest.main()
