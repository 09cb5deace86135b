# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""What the functional tests share: one daemon a class, with scripted models."""

import sys
import unittest
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from daemon import Daemon, add_model, eventually  # noqa: E402,F401

FAKE, HOSTED = "fake", "fake-hosted"


def user(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


class DaemonTest(unittest.TestCase):
    """MODELS: name -> (engine, settings)."""

    MODELS: dict[str, tuple[str, dict[str, str]]] = {"echo": (FAKE, {})}
    ARGS: tuple[str, ...] = ()
    ENV: dict[str, str] = {}
    daemon: Daemon

    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = Daemon(*cls.ARGS, env=cls.ENV)
        for name, (engine, settings) in cls.MODELS.items():
            add_model(cls.daemon.store, name, engine=engine, settings=settings)
        cls.daemon.start()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.daemon.__exit__()

    @classmethod
    def require_engine(cls, name: str) -> None:
        """For setUpClass: skips the class where the engine is missing, with its own reason."""
        engines = cls.daemon.json("GET", "/api/health")[1]["engines"]
        engine = next((each for each in engines if each["name"] == name), None)
        if engine is None or not engine["usable"]:
            cls.daemon.__exit__()
            raise unittest.SkipTest(engine["reason"] if engine else f"there is no engine {name}")

    def chat(self, model: str, text: str, **more: Any) -> tuple[int, Any]:
        return self.daemon.json("POST", "/api/chat",
                                {"model": model, "messages": user(text), "stream": False, **more})
