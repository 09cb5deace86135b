# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""A client of the Wyoming protocol, written from its description alone: a line of JSON, then as many bytes of JSON and
of sound as the line says."""

import dataclasses
import json
import socket
from typing import Any, Iterator


@dataclasses.dataclass
class Event:
    type: str
    data: dict[str, Any] = dataclasses.field(default_factory=dict)
    payload: bytes = b""

    def pack(self, inline: bool = False) -> bytes:
        """inline: the data within the line, as small events may have it."""
        head: dict[str, Any] = {"type": self.type, "version": "1.9.0"}
        body = b""
        if self.data and inline:
            head["data"] = self.data
        elif self.data:
            body = json.dumps(self.data, ensure_ascii=False).encode()
            head["data_length"] = len(body)
        if self.payload:
            head["payload_length"] = len(self.payload)
        return json.dumps(head).encode() + b"\n" + body + self.payload


class Hangup(Exception):
    """The server has closed the connection."""


class Wyoming:
    """One connection. Use as a context manager."""

    def __init__(self, port: int, timeout: float = 60) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self._pending = b""

    def __enter__(self) -> "Wyoming":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, kind: str, payload: bytes = b"", inline: bool = False, **data: Any) -> None:
        self.socket.sendall(Event(kind, data, payload).pack(inline))

    def _take(self, count: int) -> bytes:
        while len(self._pending) < count:
            self._more()
        piece, self._pending = self._pending[:count], self._pending[count:]
        return piece

    def _more(self) -> None:
        piece = self.socket.recv(65536)
        if not piece:
            raise Hangup
        self._pending += piece

    def read(self) -> Event:
        while b"\n" not in self._pending:
            self._more()
        line, self._pending = self._pending.split(b"\n", 1)
        head = json.loads(line)
        data = dict(head.get("data") or {})
        if length := head.get("data_length"):
            data.update(json.loads(self._take(length)))
        return Event(head["type"], data, self._take(head.get("payload_length") or 0))

    def until(self, *kinds: str) -> list[Event]:
        """All events up to the first one of these kinds, which is the last of the list."""
        events: list[Event] = []
        while not events or events[-1].type not in kinds:
            try:
                events.append(self.read())
            except Hangup:
                raise Hangup(f"no {' or '.join(kinds)}, but {[(event.type, event.data) for event in events[-3:]]}") from None
        return events

    def rest(self) -> Iterator[Event]:
        """Until the server hangs up."""
        try:
            while True:
                yield self.read()
        except (Hangup, ConnectionError):
            return

    # What clients do.

    def describe(self) -> dict[str, Any]:
        self.send("describe")
        return self.until("info")[-1].data

    def play(self, samples: bytes, rate: int = 16_000, width: int = 2, channels: int = 1, piece: int = 2048) -> None:
        """A whole stream of sound, in the pieces in which Home Assistant sends it."""
        shape = {"rate": rate, "width": width, "channels": channels}
        self.send("audio-start", **shape)
        for at in range(0, len(samples), piece):
            self.send("audio-chunk", samples[at:at + piece], timestamp=at * 1000 // (rate * width * channels), **shape)
        self.send("audio-stop")
