# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Calls a worker without the daemon: for trying, and for tests of it."""

from __future__ import annotations

import json
import mimetypes
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

from .handler import Handler
from .host import plain
from .manifest import Manifest
from .request import BadRequest, File, Request, Value

_TRUTHS = {"true": True, "1": True, "yes": True, "on": True,
           "false": False, "0": False, "no": False, "off": False}


class Driver:
    """A worker in this process.

        driver = Driver("mean")
        assert driver.call(image=File(b"...", "image/png")).value == {"mean": 3.0}
    """

    def __init__(self, worker: "Path | str") -> None:
        self.manifest = Manifest.read(worker)
        self.handler = Handler(self.manifest)

    def request(self, **fields: Any) -> Request:
        """With the manifest's defaults, and checked as far as types go."""
        values: Dict[str, Any] = self.manifest.defaults()
        files: Dict[str, File] = {}
        for name, value in fields.items():
            field = self.manifest.fields.get(name)
            if field is None:
                known = ", ".join(sorted(self.manifest.fields)) or "none"
                raise BadRequest(f"'{name}' is no field of {self.manifest.name}",
                                 f"fields: {known}")
            if isinstance(value, (bytes, File)):
                files[name] = value if isinstance(value, File) else File(value)
                files[name].name = name
            else:
                values[name] = typed(name, field.get("type", "text"), value)
        for name, field in self.manifest.fields.items():
            if field.get("required") and name not in values and name not in files:
                raise BadRequest(f"{name} is required")
        return Request(values, files)

    def call(self, **fields: Any) -> Value:
        """The reply; of a stream the last piece."""
        last = Value()
        for last in self.pieces(**fields):
            pass
        return last

    def pieces(self, **fields: Any) -> Iterator[Value]:
        """The reply as a stream, of one piece where it is none."""
        emitted: List[Value] = []
        request = self.request(**fields)
        request._emit = emitted.append  # noqa: SLF001
        result = self.handler.call(request)
        for piece in [result] if isinstance(result, Value) else result:
            while emitted:
                yield emitted.pop(0)
            if piece.value is not None or piece.files or isinstance(result, Value):
                yield piece
        yield from emitted


def typed(name: str, kind: str, value: Any) -> Any:
    """From a text of the command line to what the daemon would hand over."""
    if not isinstance(value, str) or kind == "text":
        return value
    try:
        if kind == "integer":
            return int(value)
        if kind == "number":
            return float(value)
        if kind == "boolean":
            return _TRUTHS[value.lower()]
        return json.loads(value)
    except (KeyError, ValueError) as error:
        raise BadRequest(f"{name} must be of type {kind}, got '{value}'") from error


def read_fields(texts: List[str]) -> Dict[str, Any]:
    fields: Dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise BadRequest(f"'{text}' is not NAME=VALUE")
        if value.startswith("@"):
            path = Path(value[1:])
            try:
                data = path.read_bytes()
            except OSError as error:
                raise BadRequest(f"{path}: {error.strerror}") from error
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            fields[name] = File(data, kind, name)
        else:
            fields[name] = value
    return fields


def write(piece: Value, output: Path, number: Optional[int]) -> None:
    if piece.value is not None or not piece.files:
        print(json.dumps(piece.value, default=plain), flush=True)
    for at, file in enumerate(piece.files):
        suffix = mimetypes.guess_extension(file.media_type) or ""
        name = Path(file.name).name or f"output{at or ''}{suffix}"
        if number is not None:
            name = f"{number}-{name}"
        (output / name).write_bytes(file.data)
        print(f"wrote {output / name} ({len(file)} bytes, {file.media_type})", flush=True)


def run(worker: str, texts: List[str], output: str, count: int) -> None:
    driver = Driver(worker)
    is_stream = driver.manifest.result == "stream"
    for number, piece in enumerate(driver.pieces(**read_fields(texts))):
        write(piece, Path(output), number if is_stream else None)
        if count and number + 1 >= count:
            break
