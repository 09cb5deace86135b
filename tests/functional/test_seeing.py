# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures through every dialect, to a small model that sees (support/micro_vlm) on the real
llama-server. Skipped where the engine runtime is not there."""

import base64
import http.server
import json
import struct
import tempfile
import threading
import unittest
import zlib
from pathlib import Path

from support import Daemon, DaemonTest, add_model
from llama_direct import ask_directly
import micro_vlm
from png import png

RED, BLUE = png(40, 30, (255, 0, 0)), png(40, 30, (0, 0, 255))


def as_url(picture: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(picture).decode()


def bomb() -> bytes:
    """A PNG of a few bytes that says it has 40000 x 40000 pixels."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 40000, 40000, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head +
            struct.pack(">I", zlib.crc32(head)) + RED[33:])


def conversation(picture: bytes) -> list[dict]:
    return [{"role": "user", "content": [
        {"type": "text", "text": "look "},
        {"type": "image_url", "image_url": {"url": as_url(picture)}},
        {"type": "text", "text": " what is it?"}]}]


class Seeing(DaemonTest):
    MODELS = {"blind": ("fake", {"capabilities": "completion"})}

    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = Daemon()
        with tempfile.TemporaryDirectory() as folder:
            model, projector = micro_vlm.write(Path(folder))
            add_model(cls.daemon.store, "seer", model, engine="llama",
                      layers={"projector": projector})
        for name, (engine, settings) in cls.MODELS.items():
            add_model(cls.daemon.store, name, engine=engine, settings=settings)
        cls.daemon.start()
        cls.require_engine("llama")

    def openai(self, picture: bytes, **more: object) -> tuple[int, dict]:
        return self.daemon.json("POST", "/v1/chat/completions", {
            "model": "seer", "messages": conversation(picture), "max_tokens": 8, "temperature": 0,
            **more})

    def text(self, picture: bytes) -> str:
        status, reply = self.openai(picture)
        self.assertEqual(status, 200, reply)
        return reply["choices"][0]["message"]["content"]

    def test_another_picture_is_another_answer(self) -> None:
        self.assertNotEqual(self.text(RED), self.text(BLUE))
        self.assertEqual(self.text(RED), self.text(RED))

    def test_it_says_what_llama_server_says(self) -> None:
        status, ours = self.openai(BLUE)
        self.assertEqual(status, 200, ours)
        theirs = ask_directly(self.daemon, "--mmproj", "/v1/chat/completions", {
            "messages": conversation(BLUE), "max_tokens": 8, "temperature": 0, "top_k": 40,
            "top_p": 0.9, "min_p": 0})
        self.assertEqual(ours["choices"][0]["message"]["content"],
                         theirs["choices"][0]["message"]["content"])
        for count in ("prompt_tokens", "completion_tokens"):
            self.assertEqual(ours["usage"][count], theirs["usage"][count], count)

    def test_every_dialect_sees(self) -> None:
        packed = base64.b64encode(RED).decode()
        options = {"num_predict": 8, "temperature": 0}
        chat = self.daemon.json("POST", "/api/chat", {
            "model": "seer", "stream": False, "options": options,
            "messages": [{"role": "user", "content": "hi", "images": [packed]}]})
        generate = self.daemon.json("POST", "/api/generate", {
            "model": "seer", "stream": False, "options": options, "prompt": "hi",
            "images": [packed]})
        vlm = self.daemon.json("POST", "/api/vlm", {
            "prompt": "hi", "image": packed, "max_tokens": 8, "temperature": 0})
        for status, reply in (chat, generate, vlm):
            self.assertEqual(status, 200, reply)
        text = chat[1]["message"]["content"]
        self.assertTrue(text)
        self.assertEqual([generate[1]["response"], vlm[1]["response"]], [text, text])
        self.assertEqual(vlm[1]["model"], "seer:latest")
        source = {"type": "base64", "media_type": "image/png", "data": packed}
        status, message = self.daemon.json("POST", "/v1/messages", {
            "model": "seer", "max_tokens": 8, "messages": [{"role": "user", "content": [
                {"type": "image", "source": source}, {"type": "text", "text": "hi"}]}]})
        self.assertEqual(status, 200, message)
        status, response = self.daemon.json("POST", "/v1/responses", {
            "model": "seer", "max_output_tokens": 8, "input": [{"role": "user", "content": [
                {"type": "input_image", "image_url": as_url(RED)},
                {"type": "input_text", "text": "hi"}]}]})
        self.assertEqual(status, 200, response)

    def through_every_dialect(self, picture: bytes) -> dict[str, tuple[int, dict]]:
        packed = base64.b64encode(picture).decode()
        source = {"type": "base64", "media_type": "image/png", "data": packed}
        user = {"role": "user"}
        bodies = {
            "/api/chat": {"messages": [{**user, "content": "hi", "images": [packed]}]},
            "/api/generate": {"prompt": "hi", "images": [packed]},
            "/api/vlm": {"prompt": "hi", "image": packed},
            "/v1/chat/completions": {"messages": conversation(picture)},
            "/v1/messages": {"max_tokens": 4, "messages": [
                {**user, "content": [{"type": "image", "source": source}]}]},
            "/v1/responses": {"input": [{**user, "content": [
                {"type": "input_image", "image_url": as_url(picture)}]}]}}
        return {path: self.daemon.json("POST", path, {"model": "seer", "stream": False, **body})
                for path, body in bodies.items()}

    def test_a_bomb_does_not_get_through(self) -> None:
        for path, (status, reply) in self.through_every_dialect(bomb()).items():
            self.assertEqual(status, 413, (path, reply))
            self.assertIn("40000", json.dumps(reply), path)
        for path, (status, reply) in self.through_every_dialect(b"no picture").items():
            self.assertEqual(status, 400, (path, reply))

    def test_a_large_picture_is_scaled_down(self) -> None:
        status, reply = self.openai(png(3000, 20, (9, 9, 9)))
        self.assertEqual(status, 200, reply)

    def test_a_model_without_eyes_says_so(self) -> None:
        status, reply = self.openai(RED, model="blind")
        self.assertEqual(status, 400)
        self.assertIn("does not support vision", reply["error"]["message"])


class Pictures(http.server.BaseHTTPRequestHandler):
    """Another machine's, as far as a daemon knows."""

    def do_GET(self) -> None:
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "/red.png")
            self.end_headers()
            return
        self.send_response(200 if self.path == "/red.png" else 404)
        self.send_header("Content-Length", str(len(RED)))
        self.end_headers()
        self.wfile.write(RED)

    def log_message(self, *_: object) -> None:
        pass


class RemotePictures(DaemonTest):
    MODELS = {"seer": ("fake", {"capabilities": "completion,vision"})}
    # A number is taken as it is; a name must mean an address of the internet.
    ARGS = ("--picture-hosts", "127.0.0.1", "--picture-hosts", "localhost")

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pictures)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.shutdown()
        cls.server.server_close()
        super().tearDownClass()

    def ask(self, host: str, path: str = "/red.png") -> tuple[int, dict]:
        url = f"http://{host}:{self.server.server_port}{path}"
        return self.daemon.json("POST", "/v1/chat/completions", {
            "model": "seer", "messages": [{"role": "user", "content": [
                {"type": "image_url", "image_url": {"url": url}}]}]})

    def test_a_picture_of_an_allowed_host_is_fetched(self) -> None:
        status, reply = self.ask("127.0.0.1")
        self.assertEqual(status, 200, reply)
        self.assertEqual(reply["choices"][0]["message"]["content"],
                         f"[image of {len(RED)} bytes]")
        self.assertEqual(self.ask("2130706433")[0], 200, "the same number, written differently")

    def test_nothing_else_is(self) -> None:
        for host, path in (("localhost", "/red.png"), ("localhost.", "/red.png"),
                           ("127.0.0.2", "/red.png"), ("[::1]", "/red.png"),
                           ("[::ffff:127.0.0.1]", "/red.png"), ("127.0.0.1", "/away"),
                           ("127.0.0.1", "/none"), ("127.0.0.1@localhost", "/red.png")):
            status, reply = self.ask(host, path)
            self.assertEqual(status, 400, (host, path, reply))
            self.assertIn("image_url", reply["error"]["message"])


class NoModelSees(DaemonTest):
    MODELS = {"blind": ("fake", {"capabilities": "completion"})}

    def test_503_says_what_installs_one(self) -> None:
        status, reply = self.daemon.json("POST", "/api/vlm", {
            "prompt": "hi", "image": base64.b64encode(RED).decode()})
        self.assertEqual(status, 503, reply)
        self.assertIn("hailstone pull", reply["detail"])


if __name__ == "__main__":
    unittest.main()
