# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""The Hailo-10H, with the stand-in for the chip: every modality on one chip, what happens when it fails, and what clients of
hailo-ollama found wrong."""

import base64
import json
import os
import signal
import socket
import threading
import time
import unittest
from typing import Any

from support import add_model, eventually, user

from hailo_models import HailoDaemon, hef, host_pids
from sounds import form, hum
from test_engines import picture


class HailoTest(unittest.TestCase):
    daemon: HailoDaemon
    ARGS: tuple[str, ...] = ()

    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = HailoDaemon(*cls.ARGS)
        cls.daemon.add_writer("qwen", "token_ms = 5\nload_ms = 20\n")
        cls.daemon.add_writer("llama", "token_ms = 5\nload_ms = 20\n")
        cls.daemon.add_writer("looker", "token_ms = 2\nload_ms = 20\nreply = a red box\n", task="vlm")
        cls.daemon.add_ears()
        cls.daemon.add_detector()
        cls.daemon.start()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.daemon.__exit__()

    def setUp(self) -> None:
        self.daemon.program("")

    def chat(self, text: str, model: str = "qwen", **more: Any) -> tuple[int, dict]:
        return self.daemon.json("POST", "/api/chat",
                                {"model": model, "messages": user(text), "stream": False, **more})

    def detect(self) -> tuple[int, Any]:
        body, headers = form({"model": "eyes"}, picture(64, 48, (8, 8, 20, 20)), name="image")
        status, _, reply = self.daemon.request("POST", "/api/detect", body, headers)
        return status, json.loads(reply)

    def transcribe(self) -> tuple[int, dict]:
        body, headers = form({"model": "ears"}, hum(2))
        status, _, reply = self.daemon.request("POST", "/api/transcribe", body, headers)
        return status, json.loads(reply)

    def the_host(self) -> int:
        """Once the process that answered questions about the models' files has gone."""
        self.assertTrue(eventually(lambda: len(host_pids(self.daemon)) == 1, 20))
        return host_pids(self.daemon)[0]

    def unload_all(self) -> None:
        self.daemon.json("POST", "/api/unload", {})


class EveryModality(HailoTest):
    def test_the_engine_says_that_it_is_a_stand_in(self) -> None:
        engines = self.daemon.json("GET", "/api/health")[1]["engines"]
        engine = next(each for each in engines if each["name"].startswith("hailo"))
        self.assertEqual(engine["name"], "hailo (stand-in)")
        self.assertTrue(engine["usable"])
        body, headers = form({"model": "eyes"}, picture(64, 48, (8, 8, 20, 20)), name="image")
        _, got, _ = self.daemon.request("POST", "/api/detect", body, headers)
        self.assertEqual(got["x-hailstone-engine"], "hailo (stand-in)")

    def test_sees_hears_writes_and_looks(self) -> None:
        status, found = self.detect()
        self.assertEqual((status, found[0]["label"]), (200, "person"))
        # 0.2 to 0.6 of 640 pixels, of which the picture has 480 in the middle: 64 wide.
        self.assertAlmostEqual(found[0]["bbox"][2], 0.4 * 64, delta=1)
        self.assertEqual(self.transcribe()[1]["text"].strip(), "the stand-in has heard you")
        status, reply = self.chat("say hail falls")
        self.assertEqual((status, reply["message"]["content"]), (200, "hail falls"))
        image = base64.b64encode(picture(64, 48, (8, 8, 20, 20))).decode()
        status, reply = self.daemon.json("POST", "/api/chat", {
            "model": "looker", "stream": False,
            "messages": [{"role": "user", "content": "What is it?", "images": [image]}]})
        self.assertEqual((status, reply["message"]["content"]), (200, "a red box"))

    def test_all_at_once_without_an_error(self) -> None:
        wrong: list[Any] = []

        def client(act) -> None:
            for _ in range(6):
                status, reply = act()
                if status != 200:
                    wrong.append(reply)
        acts = [self.detect, self.transcribe, lambda: self.chat("tell me", options={"num_predict": 10})]
        threads = [threading.Thread(target=client, args=(act,)) for act in acts * 3]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])
        self.assertEqual(len(host_pids(self.daemon)), 1, "one process owns the chip")

    def test_only_one_that_writes_is_there_and_the_plan_says_so(self) -> None:
        self.assertEqual(self.chat("say one", model="qwen")[0], 200)
        status, plan = self.daemon.json("POST", "/api/plan", {"model": "llama"})
        if status == 200:
            self.assertEqual(plan["evicts"], ["qwen:latest"])
        self.assertEqual(self.chat("say two", model="llama")[0], 200)
        loaded = [each["name"] for each in self.daemon.json("GET", "/api/ps")[1]["models"]]
        self.assertIn("llama:latest", loaded)
        self.assertNotIn("qwen:latest", loaded)

    def test_nobody_is_switched_away_in_the_middle(self) -> None:
        replies: dict[str, Any] = {}

        def talk(model: str) -> None:
            replies[model] = self.chat("a b c d", model=model, options={"num_predict": 60})
        threads = [threading.Thread(target=talk, args=(model,)) for model in ("qwen", "llama")]
        for thread in threads:
            thread.start()
            time.sleep(0.05)
        for thread in threads:
            thread.join()
        for model, (status, reply) in replies.items():
            self.assertEqual(status, 200, (model, reply))
            self.assertEqual(reply["eval_count"], 60)


class Failing(HailoTest):
    def await_reply(self, act) -> Any:
        """The chip is opened anew within some seconds."""
        seen: list[Any] = []

        def works() -> bool:
            seen.append(act())
            return seen[-1][0] == 200
        self.assertTrue(eventually(works, 40), seen[-1])
        return seen[-1]

    def test_a_lost_chip_costs_one_error_and_comes_back(self) -> None:
        self.assertEqual(self.chat("say hi")[0], 200)
        self.assertEqual(self.detect()[0], 200)
        self.daemon.program("fail.read = 62\n")
        status, reply = self.chat("say hi")
        self.assertGreaterEqual(status, 500)
        self.assertIn("the Hailo was lost", reply["error"])
        self.daemon.program("")
        self.await_reply(lambda: self.chat("say hi"))
        self.await_reply(self.detect)
        self.assertEqual(self.daemon.json("GET", "/health/live")[0], 200)

    def test_a_killed_host_costs_its_requests_an_error_and_comes_back(self) -> None:
        self.assertEqual(self.chat("say hi")[0], 200)
        results: list[Any] = []
        thread = threading.Thread(target=lambda: results.append(
            self.chat("a b c", options={"num_predict": 300})))
        thread.start()
        time.sleep(0.4)
        for pid in host_pids(self.daemon):
            os.kill(pid, signal.SIGKILL)
        thread.join()
        self.assertGreaterEqual(results[0][0], 500, results)
        self.await_reply(lambda: self.chat("say hi"))

    def test_a_host_that_was_stopped_is_noticed(self) -> None:
        self.assertEqual(self.chat("say hi")[0], 200)
        pid = self.the_host()
        os.kill(pid, signal.SIGSTOP)
        status, reply = self.chat("say hi")  # nothing comes for half a minute: killed
        self.assertGreaterEqual(status, 500, reply)
        self.assertNotIn(pid, host_pids(self.daemon))
        self.await_reply(lambda: self.chat("say hi"))

    def test_a_frame_that_never_returns_ends_the_host(self) -> None:
        self.assertEqual(self.detect()[0], 200)
        pid = self.the_host()
        self.daemon.program("hang.frame = 1\n")
        status, reply = self.detect()
        self.assertGreaterEqual(status, 500, reply)
        self.daemon.program("")
        self.assertTrue(eventually(lambda: pid not in host_pids(self.daemon), 30))
        self.await_reply(self.detect)

    def test_a_chip_that_others_have_says_who_might(self) -> None:
        self.assertEqual(self.detect()[0], 200)
        for pid in host_pids(self.daemon):
            os.kill(pid, signal.SIGKILL)
        self.daemon.program("fail.create_vdevice = 74\n")
        status, reply = self.detect()
        self.assertGreaterEqual(status, 500, reply)
        self.daemon.program("")
        self.await_reply(self.detect)


class ComingBack(HailoTest):
    ARGS = ("--preload", "eyes", "--pin", "eyes")

    def loaded(self) -> list[str]:
        return [each["name"] for each in self.daemon.json("GET", "/api/ps")[1]["models"]]

    def test_what_is_pinned_is_loaded_again_unasked(self) -> None:
        self.assertTrue(eventually(lambda: "eyes:latest" in self.loaded() and host_pids(self.daemon), 30))
        self.assertEqual(self.detect()[0], 200)
        before = self.the_host()
        os.kill(before, signal.SIGKILL)
        self.assertTrue(eventually(lambda: host_pids(self.daemon) not in ([], [before])
                                   and "eyes:latest" in self.loaded(), 60))
        self.assertEqual(self.detect()[0], 200)


class Fallback(HailoTest):
    ARGS = ("--fallback", "cpu")

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        from hailo_models import COCO, DETECTOR, PICTURE
        for engine, weights in (("hailo", hef(DETECTOR + "id = both\n")), ("fake", b"x")):
            add_model(cls.daemon.store, f"both:{engine}", weights, engine=engine, task="detect",
                      decoder="nms-by-class", layers={"labels": COCO}, settings={"input": PICTURE})

    def test_the_processor_answers_where_the_chip_has_failed(self) -> None:
        def engine() -> tuple[int, str]:
            body, headers = form({"model": "both"}, picture(64, 48, (8, 8, 20, 20)), name="image")
            status, got, _ = self.daemon.request("POST", "/api/detect", body, headers)
            return status, got.get("x-hailstone-engine", "")
        self.assertEqual(engine(), (200, "hailo (stand-in)"))
        self.daemon.json("POST", "/api/unload", {"model": "both:hailo"})
        self.daemon.program("fail.create_infer_model = 8\n")
        self.assertGreaterEqual(engine()[0], 500)
        # What the fake sees is nothing for this decoder; that it was asked is the point.
        self.assertNotEqual(engine()[1], "hailo (stand-in)")


class HailoOllamasMistakes(HailoTest):
    """What its clients had to work around: each of them right."""

    def test_several_requests_at_once_and_ps_waits_for_none(self) -> None:
        results: list[int] = []
        threads = [threading.Thread(target=lambda: results.append(
            self.chat("a b c", options={"num_predict": 80})[0])) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.2)
        begun = time.monotonic()
        self.assertEqual(self.daemon.json("GET", "/api/ps")[0], 200)
        self.assertLess(time.monotonic() - begun, 1)
        for thread in threads:
            thread.join()
        self.assertEqual(results, [200] * 4)

    def test_keep_alive_is_a_duration_too_and_ends_by_the_real_clock(self) -> None:
        self.assertEqual(self.chat("say hi", keep_alive="5m")[0], 200)
        entry = next(each for each in self.daemon.json("GET", "/api/ps")[1]["models"]
                     if each["name"] == "qwen:latest")
        self.assertTrue(entry["expires_at"].startswith(time.strftime("%Y-", time.gmtime())))

    def test_tools_are_a_list_and_come_back_as_calls(self) -> None:
        self.assertEqual(self.chat("say hi", tools=[])[0], 200)
        tool = {"type": "function", "function": {"name": "f", "description": "d", "parameters": {
            "type": "object", "properties": {"a": {"type": "integer"}}}}}
        text = 'say <tool_call>\\n{"name":"f","arguments":{"a":1}}\\n</tool_call>'
        status, reply = self.chat(text, tools=[tool])
        self.assertEqual(status, 200, reply)
        call = reply["message"]["tool_calls"][0]["function"]
        self.assertEqual((call["name"], call["arguments"]), ("f", {"a": 1}))

    def test_a_whole_conversation_with_tool_results_and_a_system_text(self) -> None:
        messages = [{"role": "system", "content": "Be brief."}, *user("say x"),
                    {"role": "assistant", "content": "", "tool_calls": [
                        {"function": {"name": "f", "arguments": {}}}]},
                    {"role": "tool", "content": "1", "tool_name": "f"}, *user("say done")]
        for _ in range(2):  # a system text on a later turn was an error
            status, reply = self.daemon.json("POST", "/api/chat", {
                "model": "qwen", "messages": messages, "stream": False})
            self.assertEqual((status, reply["message"]["content"]), (200, "done"), reply)

    def test_unknown_models_are_not_found(self) -> None:
        for path, body in (("/api/show", {"model": "nope"}), ("/api/generate", {"model": "nope", "prompt": "x"}),
                           ("/api/chat", {"model": "nope", "messages": user("x")})):
            self.assertEqual(self.daemon.json("POST", path, body)[0], 404, path)
        self.assertEqual(self.daemon.json("DELETE", "/api/delete", {"model": "nope"})[0], 404)

    def test_counts_and_times_are_filled_in(self) -> None:
        reply = self.chat("say one two three")[1]
        for field in ("load_duration", "prompt_eval_count", "prompt_eval_duration", "eval_count", "eval_duration",
                      "total_duration"):
            self.assertGreater(reply[field], 0, field)
        self.assertEqual(reply["done_reason"], "stop")

    def test_openai_streams_lists_and_dates_in_seconds(self) -> None:
        status, headers, body = self.daemon.request("POST", "/v1/chat/completions", json.dumps({
            "model": "qwen", "messages": user("say one two"), "stream": True}).encode(),
            {"Content-Type": "application/json"})
        self.assertEqual(status, 200)
        self.assertIn("text/event-stream", headers["content-type"])
        events = [json.loads(line[6:]) for line in body.decode().splitlines()
                  if line.startswith("data: {")]
        self.assertEqual("".join(c["delta"].get("content") or "" for e in events for c in e["choices"]), "one two")
        self.assertLess(abs(events[0]["created"] - time.time()), 3600)
        names = [each["id"] for each in self.daemon.json("GET", "/v1/models")[1]["data"]]
        self.assertIn("qwen", " ".join(names))

    def test_a_client_that_leaves_stops_the_work(self) -> None:
        self.assertEqual(self.chat("say warm")[0], 200)
        body = json.dumps({"model": "qwen", "messages": user("a b c"), "options": {"num_predict": 350}})
        with socket.create_connection(("127.0.0.1", self.daemon.port)) as client:
            client.sendall((f"POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
                            + body).encode())
            client.recv(400)
        begun = time.monotonic()
        self.assertEqual(self.chat("say next")[0], 200)
        self.assertLess(time.monotonic() - begun, 1.2, "350 tokens of 5 ms were waited for")

    def test_a_stop_text_stops(self) -> None:
        reply = self.chat("say one two STOP three", options={"stop": ["STOP"]})[1]
        self.assertEqual(reply["message"]["content"].strip(), "one two")

    def test_no_end_token_is_shown(self) -> None:
        for text, options in (("say hi", {}), ("a b c", {"num_predict": 5})):
            self.assertNotIn("<|", self.chat(text, options=options)[1]["message"]["content"])

    def test_lines_end_as_ndjson_does(self) -> None:
        _, _, body = self.daemon.request("POST", "/api/chat", json.dumps({
            "model": "qwen", "messages": user("say one two")}).encode())
        self.assertNotIn(b"\r", body)

    def test_a_prompt_beyond_the_context_is_refused_with_the_numbers(self) -> None:
        status, reply = self.chat("word " * 3000, truncate=False)
        self.assertEqual(status, 400, reply)
        self.assertRegex(reply["error"], r"\b204\d\b")
        # Ollama's clients expect that old messages go for a new one, and raw prompts are cut.
        messages = [*user("word " * 1500), {"role": "assistant", "content": "word " * 600}, *user("say fits")]
        status, reply = self.daemon.json("POST", "/api/chat", {"model": "qwen", "messages": messages, "stream": False})
        self.assertEqual((status, reply["message"]["content"]), (200, "fits"))
        status, reply = self.daemon.json("POST", "/api/generate", {
            "model": "qwen", "prompt": "word " * 3000, "raw": True, "stream": False, "options": {"num_predict": 4}})
        self.assertEqual(status, 200, reply)

    def test_a_switch_of_models_does_not_wait_for_seconds(self) -> None:
        self.assertEqual(self.chat("say hi", model="qwen")[0], 200)
        begun = time.monotonic()
        self.assertEqual(self.chat("say hi", model="llama")[0], 200)
        self.assertLess(time.monotonic() - begun, 1.5)

    def test_a_list_of_what_can_be_pulled(self) -> None:
        status, reply = self.daemon.json("GET", "/hailo/v1/list")
        self.assertEqual(status, 200)
        self.assertIn("qwen2.5:1.5b", reply["models"])

    def test_model_info_is_an_object_and_the_root_answers(self) -> None:
        self.assertIsInstance(self.daemon.json("POST", "/api/show", {"model": "qwen"})[1]["model_info"], dict)
        self.assertEqual(self.daemon.request("HEAD", "/")[0], 200)
        self.assertEqual(self.daemon.request("POST", "/api/copy", {"source": "qwen", "destination": "mine"})[0], 200)
        self.assertEqual(self.daemon.request("DELETE", "/api/delete", {"model": "mine"})[0], 200)

    def test_a_format_is_a_schema_that_the_reply_obeys(self) -> None:
        schema = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
        status, reply = self.chat('say {"a": 1} and more', format=schema)
        self.assertEqual((status, reply["message"]["content"]), (200, '{"a": 1}'), reply)
        status, reply = self.chat('say {"b": [1, {}]}', format="json")
        self.assertEqual((status, reply["message"]["content"]), (200, '{"b": [1, {}]}'), reply)
        status, reply = self.chat('say {"b": 1}', format=schema)
        self.assertGreaterEqual(status, 500)
        self.assertIn("$.a: is missing", reply["error"])

    def test_what_the_chip_cannot_do_is_said_and_not_ignored(self) -> None:
        status, reply = self.daemon.json("POST", "/api/generate", {
            "model": "qwen", "prompt": "a", "suffix": "b", "stream": False})
        self.assertGreaterEqual(status, 400, reply)


if __name__ == "__main__":
    unittest.main()
