#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0

"""A whole engine host in another language, of the standard library alone. Its one model has a text
session (the last message in capitals, a word at a time), a tensor session (where in a picture
something is brighter than black), a hear session (how loud each second was, of clips and of
streams) and a call session (the method "echo"). docs/host-protocol.md explains what it does."""

import array
import json
import os
import queue
import socket
import struct
import sys
import threading
import time

HELLO, REQUEST, CANCEL, CREDIT, PING, WELCOME, CHUNK, RESULT, ERROR, PONG, INPUT = range(1, 12)
HEADER = struct.Struct("<cBBBIII")
NAME = sys.argv[1] if len(sys.argv) > 1 else "upper"
FEATURES = ["streams"]
WINDOW_FRAMES, WINDOW_BYTES = 32, 8 << 20


class Failure(Exception):
    """Ends a request with an error."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class Channel:
    """Frames over descriptor 3. Several threads may send, one receives."""

    def __init__(self):
        self.socket = socket.socket(fileno=3)
        self.stream = self.socket.makefile("rb")
        self.sending = threading.Lock()

    def receive(self):
        header = self.stream.read(HEADER.size)
        if len(header) < HEADER.size:
            os._exit(0)  # the daemon has closed the socket; whatever still runs is for nobody
        _, kind, _, _, request, json_size, payload_size = HEADER.unpack(header)
        value = json.loads(self.stream.read(json_size) or b"{}")
        return kind, request, value, self.stream.read(payload_size), json_size + payload_size

    def send(self, kind, request, value=None, payload=b""):
        self.send_text(kind, request, json.dumps(value) if value is not None else "", payload)

    def send_text(self, kind, request, text, payload):
        data = text.encode()
        with self.sending:
            self.socket.sendall(HEADER.pack(b"H", kind, 0, 0, request, len(data), len(payload))
                                + data + payload)


class Request:
    """One under way, on a thread of its own."""

    def __init__(self, channel, number, value, counts_bytes):
        self.channel, self.number = channel, number
        self.end = time.monotonic() + value.get("time_left_ms", 1 << 40) / 1000
        self.changed = threading.Condition()
        self.cancelled = False
        self.frames, self.bytes = WINDOW_FRAMES, WINDOW_BYTES if counts_bytes else 1 << 62
        self.inputs = queue.SimpleQueue()

    def check(self):
        if self.cancelled:
            raise Failure("cancelled", "request canceled")
        if time.monotonic() > self.end:
            raise Failure("timeout", "the request took too long")

    def cancel(self):
        with self.changed:
            self.cancelled = True
            self.changed.notify_all()

    def add_credit(self, value):
        with self.changed:
            self.frames += value["chunks"]
            self.bytes += value.get("bytes", 0)
            self.changed.notify_all()

    def send_chunk(self, value, payload=b""):
        text = json.dumps(value)
        size = len(text) + len(payload)
        with self.changed:
            while self.frames < 1 or self.bytes < size:
                self.check()
                self.changed.wait(0.1)
            self.check()
            self.frames -= 1
            self.bytes -= size
        self.channel.send_text(CHUNK, self.number, text, payload)

    def next_input(self):
        """Waits for the next piece, and tells that we work on it."""
        while True:
            self.check()
            try:
                value, payload, size = self.inputs.get(timeout=0.02)
            except queue.Empty:
                continue
            self.channel.send(CREDIT, self.number, {"chunks": 1, "bytes": size})
            return value, payload


class Host:
    """Reads frames, so that pings and cancels are answered whatever else runs."""

    def __init__(self):
        self.channel = Channel()
        self.requests = {}
        self.features = []

    def serve(self):
        while True:
            kind, number, value, payload, size = self.channel.receive()
            request = self.requests.get(number)
            if kind == HELLO:
                self.features = [name for name in value.get("features", []) if name in FEATURES]
                self.channel.send(WELCOME, number, {"protocol": 1, "engine": NAME, "usable": True,
                                                    "version": "1.0",
                                                    "features": self.features})
            elif kind == PING:
                self.channel.send(PONG, number)
            elif kind == REQUEST:
                self.requests[number] = Request(self.channel, number, value,
                                                "streams" in self.features)
                threading.Thread(target=self.run, args=(number, value, payload)).start()
            elif request and kind == CANCEL:
                request.cancel()
            elif request and kind == CREDIT:
                request.add_credit(value)
            elif request and kind == INPUT:
                request.inputs.put((value, payload, size))

    def run(self, number, value, payload):
        request = self.requests[number]
        operation = globals().get("do_" + value["op"])
        try:
            if not operation:
                raise Failure("unsupported", "not in capitals")
            request.check()
            result, data = operation(request, value, payload)
            self.channel.send(RESULT, number, result, data)
        except Failure as failure:
            self.channel.send(ERROR, number, {"code": failure.code, "message": str(failure)})
        del self.requests[number]


# Models -------------------------------------------------------------------------------------------

PICTURE = {"name": "picture", "type": "uint8", "shape": [-1, -1, 3]}
BOXES = {"name": "boxes", "type": "float32", "shape": [-1, 6]}


def check_weights(spec):
    if not spec["weights"]:
        return
    try:
        with open(spec["weights"], "rb") as file:
            if file.read(6) == b"broken":
                raise Failure("bad_request", "the file is broken")
    except OSError as error:
        raise Failure("not_found", f"{spec['weights']}: {error.strerror}") from error


def picture_of(spec):
    """The promise of the input: of the size that the manifest's setting says, if it says one."""
    size = json.loads(spec["settings"].get("input", "{}"))
    return dict(PICTURE, shape=[size.get("height", -1), size.get("width", -1), 3])


def do_estimate(request, value, payload):
    check_weights(value["spec"])
    return {"host_bytes": 0, "npu_bytes": 0}, b""


def do_describe(request, value, payload):
    check_weights(value["spec"])
    return {"architecture": NAME, "parameters": 0, "quantization": "", "context_length": 4096,
            "embedding_length": 0, "chat_template": "", "capabilities": ["completion"],
            "metadata": [], "tensors": []}, b""


def do_load(request, value, payload):
    check_weights(value["spec"])
    return {"footprint": {"host_bytes": 0, "npu_bytes": 0},
            "text": {"context_length": 4096},
            "tensor": {"inputs": [picture_of(value["spec"])], "outputs": [BOXES]},
            "hear": {"streams": True, "languages": ["en"]},
            "call": {"methods": ["echo"]}}, b""


def do_unload(request, value, payload):
    return None, b""


# Text ---------------------------------------------------------------------------------------------

def do_tokenize(request, value, payload):
    return {"tokens": list(payload)}, b""


def do_detokenize(request, value, payload):
    return None, bytes(value["tokens"])


def do_generate(request, value, payload):
    parts = value["chat"]["messages"][-1]["parts"]
    words = "".join(part.get("text", "") for part in parts).upper().split()
    for word in words:
        request.send_chunk({"text": word + " "})
    return {"finish": "stop", "prompt_tokens": len(words), "cached_prompt_tokens": 0,
            "generated_tokens": len(words), "prompt_ns": 0, "generate_ns": 0, "tokens": []}, b""


# Tensors ------------------------------------------------------------------------------------------

def do_run(request, value, payload):
    if len(value["tensors"]) != 1:
        raise Failure("bad_request", f"one input expected, got {len(value['tensors'])}")
    tensor = value["tensors"][0]
    shape = tensor["shape"][1:] if len(tensor["shape"]) == 4 else tensor["shape"]  # NHWC or HWC
    if tensor["type"] != "uint8" or len(shape) != 3 or shape[2] != 3:
        raise Failure("bad_request", f"input picture: uint8 [height, width, 3] expected, got "
                                     f"{tensor['type']} {tensor['shape']}")
    height, width = shape[0], shape[1]
    if len(payload) != height * width * 3:
        raise Failure("bad_request", f"input picture: {height * width * 3} bytes expected, got "
                                     f"{len(payload)}")
    bright = [i // 3 for i, level in enumerate(payload) if level > 64]
    boxes = array.array("f")
    if bright:
        columns = [i % width for i in bright]
        left, top = min(columns), bright[0] // width
        boxes.extend([left, top, max(columns) - left + 1, bright[-1] // width - top + 1, 0.9, 0])
    data = boxes.tobytes()
    return {"tensors": [dict(BOXES, shape=[len(boxes) // 6, 6], bytes=len(data))]}, data


# Sound --------------------------------------------------------------------------------------------

class Listener:
    """A segment per second: "loud" or "quiet"."""

    def __init__(self, request, value):
        if value["sample_rate"] <= 0:
            raise Failure("bad_request", "the sample rate is not positive")
        if value["language"] not in ("", "en"):
            raise Failure("unsupported", f"the language {value['language']} is unknown")
        self.request, self.rate = request, value["sample_rate"]
        self.waiting = array.array("f")
        self.begin = 0  # in samples
        self.segments = []

    def ms(self, samples):
        return samples * 1000 // self.rate

    def hear(self, payload, is_end):
        self.waiting.frombytes(payload)
        while len(self.waiting) >= self.rate:
            self.say("final", self.rate)
        if self.waiting and is_end:
            self.say("final", len(self.waiting))
        elif len(self.waiting) > self.rate // 2:
            self.say("partial", len(self.waiting))

    def say(self, kind, samples):
        loudness = max(map(abs, self.waiting[:samples:16]))
        end = self.begin + samples
        segment = {"begin_ms": self.ms(self.begin), "end_ms": self.ms(end),
                   "text": "loud" if loudness > 0.1 else "quiet"}
        if kind == "final":
            self.segments.append(segment)
            self.begin = end
            del self.waiting[:samples]
        self.request.send_chunk(dict(segment, kind=kind, heard_ms=self.ms(end)))


def do_hear(request, value, payload):
    listener = Listener(request, value)
    listener.hear(payload, is_end=True)
    return {"language": "en", "segments": listener.segments}, b""


def do_listen(request, value, payload):
    listener = Listener(request, value)
    while True:
        piece, samples = request.next_input()
        is_last = piece.get("last", False)
        listener.hear(samples, is_last or piece.get("ends_utterance", False))
        listener.segments.clear()
        if is_last:
            return {"language": "en", "segments": []}, b""


# Anything else ------------------------------------------------------------------------------------

def do_call(request, value, payload):
    if value["method"] != "echo":
        raise Failure("not_found", f"no method {value['method']}")
    while value.get("input"):
        piece, data = request.next_input()
        if piece.get("last"):
            break
        request.send_chunk(piece, data)
    return {"value": value["value"], "attachments": value.get("attachments", [])}, payload


if __name__ == "__main__":
    Host().serve()
