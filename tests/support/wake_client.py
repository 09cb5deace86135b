# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""A client of /api/wake: sound out, JSON in."""

from typing import Any

from web_socket import WebSocket


class WakeClient(WebSocket):
    def __init__(self, port: int, query: str = "") -> None:
        super().__init__(port, "/api/wake" + ("?" + query if query else ""), patience=60)

    def next(self) -> dict[str, Any]:
        message = self.receive_json()
        assert isinstance(message, dict), f"the server has closed it: {self.close_code}"
        return message

    def until(self, *types: str) -> list[dict[str, Any]]:
        """All messages up to the first one of these types, which is the last."""
        messages = [self.next()]
        while messages[-1]["type"] not in types:
            messages.append(self.next())
        return messages
