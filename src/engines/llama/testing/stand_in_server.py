#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""In llama-server's place where a test needs one that is ill. What ails it is the name of its model:

    hang.gguf   takes a prompt and does nothing any more
    spin.gguf   takes a prompt and computes for ever
    toil.gguf   tells of ten batches of the prompt, each half a second of work, and answers"""

import json
import os
import socketserver
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path


def argument(name: str) -> str:
    return sys.argv[sys.argv.index(name) + 1]


def compute(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def address_string(self) -> str:
        return "unix"

    def reply(self, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def event(self, value: object) -> None:
        self.wfile.write(b"data: " + json.dumps(value).encode() + b"\n\n")
        self.wfile.flush()

    def do_GET(self) -> None:
        self.reply({"default_generation_settings": {"n_ctx": 512}, "media_marker": "<m>"})

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/tokenize":
            return self.reply({"tokens": [1, 2, 3]})
        illness = Path(argument("--model")).stem
        if illness == "hang":
            threading.Event().wait()
        if illness == "spin":
            compute(1e9)
        self.send_response(200)
        self.end_headers()
        for batch in range(10):
            compute(0.5)
            if request.get("return_progress"):
                self.event({"content": "", "tokens": [0], "stop": False,
                            "prompt_progress": {"total": 10, "processed": batch}})
        return self.event({"content": "done", "tokens": [7], "stop": True, "stop_type": "limit",
                           "timings": {"prompt_n": 3, "predicted_n": 1}})


class Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


if __name__ == "__main__":
    os.umask(0o077)
    Server(argument("--host"), Handler).serve_forever()
