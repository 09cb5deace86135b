#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0

"""A whole engine host in another language: replies with the last user message in capitals, a word
at a time. docs/host-protocol.md explains what it does."""

import json
import socket
import struct

HELLO, REQUEST, CANCEL, CREDIT, PING, WELCOME, CHUNK, RESULT, ERROR, PONG = range(1, 11)
HEADER = struct.Struct("<cBBBIII")


class Host:
    def __init__(self):
        self.socket = socket.socket(fileno=3)
        self.stream = self.socket.makefile("rb")
        self.cancelled = set()
        self.credit = {}

    def receive(self):
        header = self.stream.read(HEADER.size)
        if len(header) < HEADER.size:
            raise SystemExit(0)  # the daemon has closed the socket
        _, kind, _, _, request, json_size, payload_size = HEADER.unpack(header)
        text = self.stream.read(json_size)
        payload = self.stream.read(payload_size)
        return kind, request, json.loads(text or b"{}"), payload

    def send(self, kind, request, value=None, payload=b""):
        text = json.dumps(value).encode() if value is not None else b""
        self.socket.sendall(HEADER.pack(b"H", kind, 0, 0, request, len(text), len(payload))
                            + text + payload)

    def handle(self, kind, request, value, payload):
        if kind == HELLO:
            self.send(WELCOME, request, {"protocol": 1, "engine": "upper", "usable": True})
        elif kind == PING:
            self.send(PONG, request)
        elif kind == CANCEL:
            self.cancelled.add(request)
        elif kind == CREDIT:
            self.credit[request] = self.credit.get(request, 32) + value["chunks"]
        elif kind == REQUEST:
            operation = getattr(self, "do_" + value["op"], None)
            if operation:
                operation(request, value, payload)
            else:
                self.send(ERROR, request, {"code": "unsupported", "message": "not in capitals"})

    def do_load(self, request, value, payload):
        self.send(RESULT, request, {"text": {"context_length": 4096},
                                    "footprint": {"host_bytes": 0, "npu_bytes": 0}})

    def do_tokenize(self, request, value, payload):
        self.send(RESULT, request, {"tokens": list(payload)})

    def do_detokenize(self, request, value, payload):
        self.send(RESULT, request, None, bytes(value["tokens"]))

    def do_generate(self, request, value, payload):
        parts = value["chat"]["messages"][-1]["parts"]
        words = "".join(part.get("text", "") for part in parts).upper().split()
        self.credit[request] = self.credit.get(request, 32)
        for word in words:
            while self.credit[request] == 0 and request not in self.cancelled:
                self.handle(*self.receive())
            if request in self.cancelled:
                self.send(ERROR, request, {"code": "cancelled", "message": "request canceled"})
                return
            self.credit[request] -= 1
            self.send(CHUNK, request, {"text": word + " "})
        self.send(RESULT, request, {"finish": "stop", "prompt_tokens": len(words),
                                    "cached_prompt_tokens": 0, "generated_tokens": len(words),
                                    "prompt_ns": 0, "generate_ns": 0, "tokens": []})


host = Host()
while True:
    host.handle(*host.receive())
