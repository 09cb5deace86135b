# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Asks the llama-server that a daemon runs, past the daemon: what we answer is compared with that."""

import http.client
import json
import socket
from pathlib import Path
from typing import Any

from daemon import Daemon


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("llama", timeout=60)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


def socket_of(daemon: Daemon, argument: str) -> str:
    """Of the llama-server that was started with that argument."""
    for pid in daemon.children():
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        if argument in command and "--host" in command:
            return command[command.index("--host") + 1]
    raise RuntimeError(f"the daemon runs no llama-server with {argument}")


def ask_directly(daemon: Daemon, argument: str, path: str, body: Any) -> Any:
    connection = UnixConnection(socket_of(daemon, argument))
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()
