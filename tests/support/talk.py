# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""A client of the WebSocket /api/voice, for functional tests and benchmarks: a microphone that runs in real time, and
a loudspeaker that notes when what came."""

import threading
import time
from typing import Any

from web_socket import WebSocket

RATE = 16_000
FRAME = 2 * RATE // 50  # 20 ms


class Talk:
    """Use as a context manager. events: (when, message); sound comes as {"type": "sound", "data": ...}."""

    def __init__(self, port: int, **start: Any) -> None:
        self.socket = WebSocket(port, "/api/voice")
        self.events: list[tuple[float, dict[str, Any]]] = []
        self._news = threading.Condition()
        self.is_over = False
        self.socket.send_json(type="start", sample_rate=RATE, output_rate=RATE, **start)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> "Talk":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.abandon()
        self._reader.join(5)

    def _read(self) -> None:
        while True:
            try:
                message = self.socket.receive_json()
            except OSError:
                message = None
            with self._news:
                if message is None:
                    self.is_over = True
                    self._news.notify_all()
                    return
                event = {"type": "sound", "data": message} if isinstance(message, bytes) else message
                self.events.append((time.monotonic(), event))
                self._news.notify_all()

    def send(self, **message: Any) -> None:
        self.socket.send_json(**message)

    def play(self, pcm: bytes, after: bytes = b"") -> float:
        """In real time. When the sound before what comes after it was over."""
        begin = time.monotonic()
        data = pcm + after
        for at in range(0, len(data), FRAME):
            delay = begin + at / 2 / RATE - time.monotonic()
            if delay > 0:
                time.sleep(delay)
            self.socket.send_bytes(data[at:at + FRAME])
        return begin + len(pcm) / 2 / RATE

    def await_event(self, kind: str, since: int = 0, patience: float = 20) -> tuple[float, dict[str, Any]]:
        """The first one of that type, from that place in the list of events on."""
        end = time.monotonic() + patience
        with self._news:
            while True:
                for event in self.events[since:]:
                    if event[1]["type"] == kind:
                        return event
                left = end - time.monotonic()
                if self.is_over or left <= 0:
                    raise AssertionError(f"{kind} does not come; got {[e['type'] for _, e in self.events[since:]]}")
                self._news.wait(left)

    def sound(self, since: int = 0) -> bytes:
        with self._news:
            return b"".join(event["data"] for _, event in self.events[since:] if event["type"] == "sound")

    def ask(self, pcm: bytes, after: bytes = bytes(4 * RATE)) -> tuple[float, list[tuple[float, dict[str, Any]]]]:
        """Says it and waits for the answer: when it was said, and what came. after: of the microphone, two seconds of silence."""
        since = len(self.events)
        said: list[float] = []
        microphone = threading.Thread(target=lambda: said.append(self.play(pcm, after)))
        microphone.start()
        self.await_event("reply_done", since)
        microphone.join()
        return said[0], self.events[since:]
