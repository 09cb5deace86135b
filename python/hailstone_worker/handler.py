# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""From a manifest to something that can be called: the worker's own code, or a command."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
import threading
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, Optional

from .manifest import Manifest, ManifestError
from .request import NotFound, Request, Value


class Context:
    """What start() may ask for: def start(context)."""

    def __init__(self, manifest: Manifest) -> None:
        self.name = manifest.name
        self.folder = manifest.folder
        self.settings = manifest.settings
        self.manifest = manifest


def load_object(manifest: Manifest) -> Any:
    """module = "file.py", "package.module", either with ":attribute". """
    place, _, attribute = manifest.module.partition(":")
    if str(manifest.folder) not in sys.path:
        sys.path.insert(0, str(manifest.folder))
    if place.endswith(".py"):
        path = Path(manifest.folder, place)
        if not path.is_file():
            raise ManifestError(f"{manifest.path}: module: there is no file {path}")
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules[path.stem] = module
        spec.loader.exec_module(module)
    else:
        module = importlib.import_module(place)
    found: Any = module
    for name in filter(None, attribute.split(".")):
        found = getattr(found, name)
    return found() if inspect.isclass(found) else found


def entry_of(code: Any, manifest: Manifest) -> Callable[[Request], Any]:
    """Its handle, or itself where it is a function. Raises ManifestError."""
    if not hasattr(code, "handle") and callable(code):
        return code  # type: ignore[no-any-return]
    handle = getattr(code, "handle", None)
    if handle is None:
        raise ManifestError(f"{manifest.path}: module: {manifest.module} has no handle(request)")
    return handle  # type: ignore[no-any-return]


def check(path: "Path | str") -> None:
    """Imports the code and starts nothing. Raises what that raises."""
    manifest = Manifest.read(path)
    if manifest.kind in ("function", "stream"):
        entry_of(load_object(manifest), manifest)


class _Loop:
    """The event loop of asynchronous handlers, on a thread of its own from the first of them on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: Any = None

    def run(self, coroutine: Any, request: Request) -> Any:
        import asyncio  # noqa: PLC0415: who needs none starts sooner

        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="asyncio", daemon=True).start()
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        while True:
            try:
                return future.result(0.1)
            except (asyncio.TimeoutError, TimeoutError):
                if future.done():
                    return future.result()
                if request.stopped:
                    future.cancel()
                request.check()


class Handler:
    """Thread-safe as far as the worker's own code is."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self._loop = _Loop()
        self._stop: Optional[Callable[[], None]] = None
        if manifest.kind == "command":
            from .command import CommandWorker  # noqa: PLC0415
            self.methods: Dict[str, Callable[[Request], Any]] = {
                "handle": CommandWorker(manifest).handle}
            return
        code = load_object(manifest)
        self.methods = {"handle": entry_of(code, manifest), **getattr(code, "METHODS", {})}
        start = getattr(code, "start", None)
        self._stop = getattr(code, "stop", None)
        if start is not None:
            wants_context = bool(inspect.signature(start).parameters)
            result = start(Context(manifest)) if wants_context else start()
            if inspect.isawaitable(result):
                self._loop.run(result, Request())

    def call(self, request: Request) -> "Value | Iterator[Value]":
        """A value, or the pieces of a stream."""
        method = self.methods.get(request.method)
        if method is None:
            raise NotFound(f"no method {request.method}")
        result = method(request)
        if inspect.isasyncgen(result):
            return self._pieces_of_async(result, request)
        if inspect.iscoroutine(result):
            result = self._loop.run(result, request)
        if inspect.isgenerator(result):
            return (self._value(piece) for piece in result)
        return self._value(result)

    def _value(self, result: Any) -> Value:
        return Value.of(result, self._manifest.media_type)

    def _pieces_of_async(self, pieces: Any, request: Request) -> Iterator[Value]:
        try:
            while True:
                try:
                    yield self._value(self._loop.run(pieces.__anext__(), request))
                except StopAsyncIteration:
                    return
        finally:
            self._loop.run(pieces.aclose(), Request())

    def stop(self) -> None:
        if self._stop is not None:
            self._stop()
