# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""The manifest as Python needs it; the daemon reads the same file and checks all of it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Dict, List, Optional


class ManifestError(Exception):
    """Names the file and what is wrong in it."""


class Manifest:
    def __init__(self, path: Path, values: Dict[str, Any]) -> None:
        self.path, self.values = path, values
        self.name: str = values.get("name", path.stem)
        self.kind: str = values.get("kind", "function")
        self.folder = path.parent

    @classmethod
    def read(cls, path: "Path | str") -> "Manifest":
        """path: the file, or the folder that it stands in as worker.toml."""
        path = Path(path).absolute()
        if path.is_dir():
            path /= "worker.toml"
        try:
            with open(path, "rb") as file:
                return cls(path, tomllib.load(file))
        except OSError as error:
            raise ManifestError(f"{path}: {error.strerror}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ManifestError(f"{path}: {error}") from error

    @property
    def module(self) -> str:
        return str(self.values.get("module", ""))

    @property
    def command(self) -> List[str]:
        return list(self.values.get("command", []))

    @property
    def outputs(self) -> List[str]:
        return list(self.values.get("outputs", []))

    @property
    def fields(self) -> Dict[str, Dict[str, Any]]:
        return dict(self.values.get("fields", {}))

    @property
    def result(self) -> str:
        return "stream" if self.kind == "stream" else str(self.values.get("result", "json"))

    @property
    def media_type(self) -> str:
        usual = {"picture": "image/jpeg", "audio": "audio/wav"}
        return str(self.values.get("media_type") or usual.get(self.result)
                   or "application/octet-stream")

    @property
    def parallel(self) -> int:
        return int(self.values.get("parallel", 1))

    @property
    def settings(self) -> Dict[str, str]:
        return dict(self.values.get("settings", {}))

    @property
    def self_test(self) -> str:
        return str(self.values.get("self_test", ""))

    @property
    def requirements(self) -> Optional[Path]:
        name = self.values.get("requirements")
        return self.folder / name if name else None

    @property
    def system_packages(self) -> bool:
        return bool(self.values.get("system_packages", False))

    def defaults(self) -> Dict[str, Any]:
        return {name: field["default"] for name, field in self.fields.items()
                if "default" in field}
