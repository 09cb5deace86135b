# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""A WebSocket client (RFC 6455) of the standard library alone, for functional tests and benchmarks."""

import base64
import json
import os
import socket
import struct
import threading
from typing import Any

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Refused(Exception):
    """The server did not upgrade."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"{status}: {body.decode(errors='replace')}")
        self.status, self.body = status, body


class WebSocket:
    """One thread may receive while others send. Use as a context manager."""

    def __init__(self, port: int, path: str, headers: dict[str, str] | None = None, patience: float = 20) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=patience)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.close_code: int | None = None
        self._buffer = b""
        self._sending = threading.Lock()
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade",
                 "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: " + base64.b64encode(os.urandom(16)).decode(),
                 *(f"{name}: {value}" for name, value in (headers or {}).items())]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        head = self._read_until(b"\r\n\r\n").decode(errors="replace")
        self.headers = {name.lower(): value.strip() for name, _, value in
                        (line.partition(":") for line in head.split("\r\n")[1:] if ":" in line)}
        status = int(head.split()[1])
        if status != 101:
            body = self._read(int(self.headers.get("content-length", "0")))
            self.socket.close()
            raise Refused(status, body)

    def __enter__(self) -> "WebSocket":
        return self

    def __exit__(self, *_: object) -> None:
        self.abandon()

    def abandon(self) -> None:
        """As a client that has lost its network or its life."""
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.socket.close()

    def send_json(self, **fields: Any) -> None:
        self._send(TEXT, json.dumps(fields).encode())

    def send_text(self, text: str) -> None:
        self._send(TEXT, text.encode())

    def send_bytes(self, data: bytes) -> None:
        self._send(BINARY, data)

    def close(self, code: int = 1000) -> None:
        self._send(CLOSE, struct.pack(">H", code))

    def receive(self) -> str | bytes | None:
        """Nothing at the end. Raises TimeoutError when nothing comes within the patience."""
        message, kind = b"", 0
        while True:
            first, second = self._read(2)
            size = second & 127
            if size == 126:
                size = struct.unpack(">H", self._read(2))[0]
            elif size == 127:
                size = struct.unpack(">Q", self._read(8))[0]
            data, opcode = self._read(size), first & 15
            if opcode == PING:
                self._send(PONG, data)
            elif opcode == CLOSE:
                self.close_code = struct.unpack(">H", data[:2])[0] if data else 1005
                self.close_reason = data[2:].decode()
                return None
            elif opcode != PONG:
                message, kind = message + data, opcode or kind
                if first & 128:
                    return message.decode() if kind == TEXT else message

    def receive_json(self) -> dict[str, Any] | bytes | None:
        message = self.receive()
        return json.loads(message) if isinstance(message, str) else message

    def _send(self, opcode: int, data: bytes) -> None:
        mask = os.urandom(4)
        size = len(data)
        head = bytes([128 | opcode, 128 | size]) if size < 126 else (
            struct.pack(">BBH", 128 | opcode, 254, size) if size < 65536 else struct.pack(">BBQ", 128 | opcode, 255, size))
        key = int.from_bytes((mask * (size // 4 + 1))[:size], "big") if size else 0
        masked = (int.from_bytes(data, "big") ^ key).to_bytes(size, "big") if size else b""
        with self._sending:
            self.socket.sendall(head + mask + masked)

    def _read(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._fill()
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        return data

    def _read_until(self, mark: bytes) -> bytes:
        while mark not in self._buffer:
            self._fill()
        data, _, self._buffer = self._buffer.partition(mark)
        return data

    def _fill(self) -> None:
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionError("the server has hung up")
        self._buffer += piece
