# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""The real binary answers as the contract says, and survives what it does not say."""

import json
import unittest

from support import FAKE, DaemonTest, user


class Answers(DaemonTest):
    MODELS = {"echo": (FAKE, {}), "slow": (FAKE, {"token_ms": "20", "tokens": "200"})}

    def test_root_and_version_answer_get_and_head(self) -> None:
        status, headers, body = self.daemon.request("GET", "/")
        self.assertEqual((status, body), (200, b"Ollama is running"))
        self.assertEqual(self.daemon.request("HEAD", "/")[0], 200)
        self.assertIn("x-request-id", headers)
        self.assertRegex(self.daemon.json("GET", "/api/version")[1]["version"], r"^0\.\d+\.\d+$")

    def test_tags_lists_models_and_says_which_are_loaded(self) -> None:
        self.chat("echo", "hello")
        models = {m["name"]: m for m in self.daemon.json("GET", "/api/tags")[1]["models"]}
        self.assertTrue(models["echo:latest"]["loaded"])
        self.assertEqual(len(models["echo:latest"]["digest"]), 64)
        self.assertIn("completion", models["echo:latest"]["capabilities"])
        loaded = [m["name"] for m in self.daemon.json("GET", "/api/ps")[1]["models"]]
        self.assertIn("echo:latest", loaded)

    def test_catalog_lists_what_can_be_had(self) -> None:
        status, reply = self.daemon.json("GET", "/api/catalog?task=chat&engine=llama")
        self.assertEqual(status, 200)
        models = {m["name"]: m for m in reply["models"]}
        self.assertEqual(models["qwen2.5:0.5b"]["variants"][0]["registry"], "qwen2.5:0.5b")
        self.assertEqual({m["task"] for m in reply["models"]}, {"chat"})
        self.assertNotIn("problems", reply)
        self.assertEqual(self.daemon.json("GET", "/api/catalog?task=x")[0], 400)

    def test_a_stream_ends_with_counts_and_times(self) -> None:
        lines = list(self.daemon.lines("/api/chat", {"model": "echo", "messages": user("a b c")}))
        self.assertEqual("".join(line["message"]["content"] for line in lines).split(),
                         ["a", "b", "c"])
        last = lines[-1]
        self.assertTrue(last["done"])
        self.assertEqual(last["done_reason"], "stop")
        for field in ("total_duration", "prompt_eval_count", "eval_count"):
            self.assertGreater(last[field], 0, field)
        self.assertTrue(all(line["done"] is False for line in lines[:-1]))

    def test_ps_answers_while_a_model_generates(self) -> None:
        stream = self.daemon.lines("/api/chat", {"model": "slow", "messages": user("go")})
        next(stream)
        self.assertEqual(self.daemon.json("GET", "/api/ps", timeout=5)[0], 200)
        stream.close()

    def test_generate_loads_and_unloads_with_an_empty_prompt(self) -> None:
        status, headers, body = self.daemon.request("POST", "/api/generate", {"model": "echo"})
        self.assertEqual((status, json.loads(body)["done_reason"]), (200, "load"))
        self.assertIn("application/json", headers["content-type"])
        _, reply = self.daemon.json("POST", "/api/generate", {"model": "echo", "keep_alive": 0})
        self.assertEqual(reply["done_reason"], "unload")
        names = [m["name"] for m in self.daemon.json("GET", "/api/ps")[1]["models"]]
        self.assertNotIn("echo:latest", names)

    def test_unload_health_and_resources_tell_the_same_story(self) -> None:
        self.chat("echo", "hello")
        health = self.daemon.json("GET", "/api/health")[1]
        self.assertIn("echo:latest", health["models_loaded"])
        self.assertGreater(health["memory_used_mb"], 0)
        self.assertEqual(self.daemon.json("POST", "/api/unload", {"model": "echo"})[0], 200)
        self.assertNotIn("echo:latest", self.daemon.json("GET", "/api/health")[1]["models_loaded"])
        self.assertEqual(self.daemon.json("GET", "/api/list-resources")[0], 200)

    def test_metrics_are_in_prometheus_format(self) -> None:
        self.daemon.request("GET", "/api/version")
        status, headers, body = self.daemon.request("GET", "/metrics")
        self.assertEqual(status, 200)
        self.assertIn("version=0.0.4", headers["content-type"])
        self.assertIn(b"# TYPE hailstone_", body)

    def test_embeddings_are_normalised(self) -> None:
        _, reply = self.daemon.json("POST", "/api/embed", {"model": "echo", "input": ["a", "b"]})
        self.assertEqual(len(reply["embeddings"]), 2)
        self.assertAlmostEqual(sum(x * x for x in reply["embeddings"][0]), 1, places=3)

    def test_a_reply_says_which_engine_made_it(self) -> None:
        _, headers, _ = self.daemon.request("POST", "/api/chat", {
            "model": "echo", "messages": user("x"), "stream": False})
        self.assertEqual(headers["x-hailstone-engine"], "fake")


class BadInput(DaemonTest):
    def refuse(self, path: str, body: object, status: int, *words: str) -> None:
        got, headers, data = self.daemon.request("POST", path, body)
        self.assertEqual(got, status, data)
        self.assertIn("application/json", headers["content-type"])
        error = json.loads(data)["error"]
        for word in words:
            self.assertIn(word, error)

    def test_broken_bodies(self) -> None:
        for path in ("/api/chat", "/api/generate", "/api/embed", "/api/show"):
            self.refuse(path, b"", 400, "missing request body")
            self.refuse(path, b"{", 400)
            self.refuse(path, b"[]", 400)
            self.refuse(path, b'"x"', 400)
            self.refuse(path, b'{"model":"\xff\xfe"}', 400)
            self.refuse(path, b"{}", 400, "model")
            self.refuse(path, b"[" * 100_000 + b"]" * 100_000, 400)

    def test_wrong_types_are_named(self) -> None:
        chat = {"model": "echo", "messages": user("x")}
        for field, value, word in [
                ("messages", "x", "messages"), ("messages", [1], "messages[0]"),
                ("messages", [{"role": "user", "content": 5}], "messages[0].content"),
                ("stream", "yes", "stream"), ("options", [], "options"),
                ("options", {"num_ctx": "big"}, "num_ctx"),
                ("options", {"num_ctx": 2**63}, "num_ctx"),
                ("options", {"num_predict": 1e308}, "num_predict"),
                ("options", {"seed": "x"}, "seed"), ("options", {"stop": 5}, "stop"),
                ("options", {"temperature": "hot"}, "temperature"),
                ("keep_alive", [], "keep_alive"), ("keep_alive", "soon", "keep_alive"),
                ("format", "yaml", "format"), ("format", 7, "format"),
                ("think", 7, "think"), ("tools", {}, "tools"), ("tools", [1], "tools[0]"),
                ("top_logprobs", -1, "top_logprobs"), ("top_logprobs", 10**9, "top_logprobs")]:
            with self.subTest(field=field, value=value):
                self.refuse("/api/chat", {**chat, field: value}, 400, word)

    def test_unknown_and_illegal_models(self) -> None:
        self.refuse("/api/chat", {"model": "nope", "messages": user("x")}, 404,
                    "model 'nope' not found")
        for name in ("../../etc/passwd", "a/../b", "a\x00b", "/etc/passwd", "a" * 5000, "%2e%2e",
                     "sha256:../x"):
            with self.subTest(name=name):
                status, _, _ = self.daemon.request("POST", "/api/show", {"model": name})
                self.assertIn(status, (400, 404))

    def test_a_huge_body_is_refused(self) -> None:
        status, _, _ = self.daemon.request("POST", "/api/show", b" " * (3 << 20))
        self.assertEqual(status, 413)

    def test_unknown_paths_and_methods(self) -> None:
        self.assertEqual(self.daemon.request("GET", "/nope")[0], 404)
        status, headers, _ = self.daemon.request("DELETE", "/api/chat")
        self.assertEqual(status, 405)
        self.assertIn("POST", headers["allow"])
        self.assertIn(self.daemon.request("GET", "/../../etc/passwd")[0], (400, 404))

    def test_a_web_page_elsewhere_cannot_talk_to_us(self) -> None:
        for method, path in (("GET", "/api/tags"), ("POST", "/api/chat"), ("OPTIONS", "/api/chat"),
                             ("GET", "/metrics"), ("GET", "/")):
            status, _, _ = self.daemon.request(method, path, headers={"Host": "evil.example"})
            self.assertEqual(status, 403, path)
        status, _, _ = self.daemon.request("GET", "/api/tags",
                                           headers={"Origin": "https://evil.example"})
        self.assertEqual(status, 403)
        status, headers, _ = self.daemon.request("GET", "/api/tags",
                                                 headers={"Origin": "http://localhost:3000"})
        self.assertEqual((status, headers["access-control-allow-origin"]),
                         (200, "http://localhost:3000"))


class WithAKey(DaemonTest):
    ENV = {"HAILSTONE_API_KEY": "secret"}

    def test_only_the_key_opens(self) -> None:
        self.assertEqual(self.daemon.request("GET", "/api/tags")[0], 401)
        wrong = {"Authorization": "Bearer wrong"}
        self.assertEqual(self.daemon.request("GET", "/api/tags", headers=wrong)[0], 401)
        right = {"Authorization": "Bearer secret"}
        self.assertEqual(self.daemon.request("GET", "/api/tags", headers=right)[0], 200)
        self.assertEqual(self.daemon.request("GET", "/health/live")[0], 200)


if __name__ == "__main__":
    unittest.main()
