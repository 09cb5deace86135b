# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""The starter models for vision and speech in the real daemon, with their real engines. Those whose libraries
were not there when the program was built are skipped."""

from support import DaemonTest

from png import png

TASKS = {"starter-detect": "detect", "starter-faces": "face-detect", "starter-stereo": "stereo",
         "starter-ocr": "ocr", "starter-speak": "speak", "starter-espeak": "speak",
         "starter-transcribe": "transcribe"}


class Starters(DaemonTest):
    MODELS = {}

    def setUp(self) -> None:
        listed = self.daemon.json("GET", "/api/tags")[1]["models"]
        self.models = {model["name"].removesuffix(":latest"): model for model in listed}
        self.here = [name for name in TASKS if name in self.models]
        if not self.here:
            self.skipTest("the program was built without their libraries")

    def test_they_are_listed_as_clients_of_ollama_expect_it(self) -> None:
        chat = self.models["starter-chat"]
        self.assertEqual(next(iter(self.models)), "starter-chat", "some clients take the first")
        for name in self.here:
            model = self.models[name]
            self.assertEqual(set(model) - {"note"}, set(chat))
            self.assertEqual(set(model["details"]), set(chat["details"]))
            self.assertEqual(model["task"], TASKS[name])
            self.assertEqual(model["capabilities"], [])

    def test_they_say_what_they_are(self) -> None:
        for name in self.here:
            status, shown = self.daemon.json("POST", "/api/show", {"model": name})
            self.assertEqual(status, 200)
            self.assertEqual(shown["task"], TASKS[name])
            self.assertEqual(shown["details"]["family"], shown["engine"])
            self.assertIn("general.architecture", shown["model_info"])

    def test_the_poor_one_says_what_would_do_more(self) -> None:
        if "starter-detect" not in self.here:
            self.skipTest("the program was built without OpenCV")
        self.assertIn("hailstone pull", self.models["starter-detect"]["note"])
        status, headers, reply = self.daemon.request(
            "POST", "/api/detect?model=starter-detect", png(64, 128), {"Content-Type": "image/png"})
        self.assertEqual(status, 200, reply)
        self.assertIn("hailstone pull", headers["x-hailstone-note"])

    def test_they_do_not_chat_and_say_why(self) -> None:
        for name in self.here:
            status, reply = self.chat(name, "hello")
            self.assertEqual(status, 400)
            self.assertEqual(reply["error"],
                             f'"{name}" does not support chat: it is a model for {TASKS[name]}')
            status, reply = self.daemon.json("POST", "/api/embed", {"model": name, "input": "a"})
            self.assertEqual(status, 400)
            self.assertIn(f"it is a model for {TASKS[name]}", reply["error"])

    def test_they_are_loaded_and_unloaded(self) -> None:
        for name in self.here:
            status, reply = self.daemon.json("POST", "/api/generate", {"model": name})
            self.assertEqual((status, reply.get("done_reason")), (200, "load"), reply)
        running = self.daemon.json("GET", "/api/ps")[1]["models"]
        self.assertEqual({model["name"] for model in running},
                         {f"{name}:latest" for name in self.here})
        for model in running:
            self.assertGreater(model["size"], 1 << 20)
            self.assertLess(model["size"], 200 << 20)
        self.daemon.json("POST", "/api/unload", {})
        self.assertEqual(self.daemon.json("GET", "/api/ps")[1]["models"], [])
