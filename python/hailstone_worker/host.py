# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""The process that the daemon starts for a worker: it speaks the host protocol over descriptor 3.

Its threads take turns at reading: whoever reads a request does it, and the next one reads on, so
that cancels and pings are answered whatever the worker's code does, and no request waits until a
thread has handed it to another."""

from __future__ import annotations

import json
import os
import queue
import socket
import sys
import threading
import time
import traceback
from typing import Any, Dict, Iterator, List, Optional, Tuple

from . import channel as wire
from .channel import Channel, Closed, Frame, Slot
from .handler import Handler
from .manifest import Manifest, ManifestError
from .request import Cancelled, Failure, File, Request, TimedOut, TooLarge, Value

ENGINE = "worker"
FEATURES = ["streams"]
WINDOW_FRAMES, WINDOW_BYTES = 32, 8 << 20
MAX_PIECE = 4 << 20
BEAT = b'{"value":null,"attachments":[]}'
HEARTBEAT = 5.0  # seconds; of streams in which nothing happens
MOST_THREADS = 63


class Open:
    """A request under way, as the protocol sees it."""

    def __init__(self, channel: Channel, frame: Frame, counts_bytes: bool) -> None:
        self.channel, self.number = channel, frame.request
        self.value, self.payload, self.slot = frame.value, frame.payload, frame.slot
        self._frames, self._bytes = WINDOW_FRAMES, WINDOW_BYTES if counts_bytes else 1 << 62
        self._changed = threading.Condition()
        self._inputs: "queue.SimpleQueue[Frame]" = queue.SimpleQueue()
        self.last_sent = time.monotonic()
        left = frame.value.get("time_left_ms")
        self.request = Request({}, {}, frame.value.get("method", "handle"),
                               None if left is None else left / 1000, self.send_piece, self.inputs)

    def cancel(self) -> None:
        self.request.stop()
        with self._changed:
            self._changed.notify_all()

    def add_credit(self, value: Dict[str, int]) -> None:
        with self._changed:
            self._frames += value["chunks"]
            self._bytes += value.get("bytes", 0)
            self._changed.notify_all()

    def add_input(self, frame: Frame) -> None:
        self._inputs.put(frame)

    def send_piece(self, value: Value) -> None:
        """Waits as long as the daemon has not taken what was sent before."""
        head, parts = encode(value)
        size = len(head) + sum(len(memoryview(part).cast("B")) for part in parts)
        if size > MAX_PIECE:
            raise TooLarge(f"a piece of a stream has {size} bytes; {MAX_PIECE} are possible")
        with self._changed:
            while self._frames < 1 or self._bytes < size:
                self.request.check()
                self._changed.wait(0.2)
            self.request.check()
            self._frames -= 1
            self._bytes -= size
            self.last_sent = time.monotonic()
        self.channel.send_text(wire.CHUNK, self.number, head, parts)

    def beat(self) -> None:
        """A sign of life, where there is room for it."""
        with self._changed:
            if self._frames < 2 or time.monotonic() - self.last_sent < HEARTBEAT:
                return
            self._frames -= 1
            self._bytes -= len(BEAT)
            self.last_sent = time.monotonic()
        self.channel.send_text(wire.CHUNK, self.number, BEAT)

    def inputs(self) -> Iterator[Value]:
        """What follows after the request."""
        while self.value.get("input"):
            self.request.check()
            try:
                frame = self._inputs.get(timeout=0.05)
            except queue.Empty:
                continue
            self.channel.send(wire.CREDIT, self.number, {"chunks": 1, "bytes": frame.size})
            if frame.value.get("last"):
                return
            files = split(frame.value.get("attachments", []), frame.payload)
            yield Value(frame.value.get("value"), [File(bytes(file.data), file.media_type, file.name)
                                                   for file in files])
            if frame.slot is not None:
                frame.slot.free()


def encode(value: Value) -> Tuple[bytes, List[Any]]:
    """The JSON and the payload's parts. Raises Failure for what JSON does not know."""
    attachments = [{"name": file.name, "media_type": file.media_type, "bytes": len(file)}
                   for file in value.files]
    try:
        text = json.dumps({"value": value.value, "attachments": attachments},
                          separators=(",", ":"), allow_nan=False, default=plain)
    except (TypeError, ValueError) as error:
        raise Failure(f"the worker's reply is nothing that JSON knows: {error}") from error
    return text.encode(), [file.data for file in value.files]


def plain(value: Any) -> Any:
    """NumPy's numbers and arrays, paths, and whatever can be made a list."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise TypeError(f"{type(value).__name__} {value!r:.80}")


def split(attachments: List[Dict[str, Any]], payload: memoryview) -> List[File]:
    files, at = [], 0
    for one in attachments:
        end = at + one["bytes"]
        files.append(File(payload[at:end], one.get("media_type", ""), one["name"]))
        at = end
    return files


class Host:
    def __init__(self, manifest: Manifest, connection: socket.socket) -> None:
        self._manifest = manifest
        self._channel = Channel(connection)
        self._handler: Optional[Handler] = None
        self._counts_bytes = False
        self._reading = threading.Lock()
        self._state = threading.Lock()
        self._open: Dict[int, Open] = {}  # guarded by _state
        self._free_threads = 1  # guarded by _state; that read, or wait for it
        self._threads = 1
        self._held: List[Tuple[List[memoryview], Slot]] = []  # guarded by _state

    def serve(self) -> None:
        """Returns when the daemon has closed the socket."""
        if self._manifest.result == "stream":
            threading.Thread(target=self._beat, name="heartbeat", daemon=True).start()
        try:
            self._work()
        except Closed:
            pass

    # Reading --------------------------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            with self._reading:
                request = self._next_request()
            self._ensure_reader()
            self._perform(request)
            with self._state:
                self._free_threads += 1

    def _ensure_reader(self) -> None:
        with self._state:
            self._free_threads -= 1
            if self._free_threads > 0 or self._threads >= MOST_THREADS:
                return
            self._free_threads += 1
            self._threads += 1
        threading.Thread(target=self._read_on, name="worker", daemon=True).start()

    def _read_on(self) -> None:
        try:
            self._work()
        except Closed:
            end()

    def _next_request(self) -> Open:
        while True:
            frame = self._channel.receive()
            if frame.kind == wire.REQUEST:
                request = Open(self._channel, frame, self._counts_bytes)
                with self._state:
                    self._open[frame.request] = request
                return request
            self._take(frame)

    def _take(self, frame: Frame) -> None:
        if frame.kind == wire.HELLO:
            self._greet(frame)
        elif frame.kind == wire.PING:
            self._channel.send(wire.PONG, frame.request)
        else:
            with self._state:
                request = self._open.get(frame.request)
            if request is None:
                return
            if frame.kind == wire.CANCEL:
                request.cancel()
            elif frame.kind == wire.CREDIT:
                request.add_credit(frame.value)
            elif frame.kind == wire.INPUT:
                request.add_input(frame)

    def _greet(self, frame: Frame) -> None:
        features = [name for name in frame.value.get("features", []) if name in FEATURES]
        self._counts_bytes = "streams" in features
        shares = bool(frame.value.get("shared_memory")) and hasattr(os, "memfd_create")
        from . import __version__  # noqa: PLC0415
        self._channel.send(wire.WELCOME, frame.request,
                           {"protocol": 1, "engine": ENGINE, "usable": True,
                            "version": __version__, "shared_memory": shares,
                            "features": features})
        self._channel.shares_memory = shares

    def _beat(self) -> None:
        while True:
            time.sleep(HEARTBEAT / 2)
            with self._state:
                requests = list(self._open.values())
            try:
                for request in requests:
                    if request.value.get("op") == "call":
                        request.beat()
            except Closed:
                return

    # Doing ----------------------------------------------------------------------------------------

    def _perform(self, request: Open) -> None:
        try:
            operation = getattr(self, "_do_" + str(request.value.get("op")), None)
            if operation is None:
                raise Failure(f"a worker has no operation {request.value.get('op')}",
                              code="unsupported")
            request.request.check()
            head, parts = operation(request)
            self._finish(request)
            self._channel.send_text(wire.RESULT, request.number, head, parts)
        except Closed:
            raise
        except Failure as failure:
            self._fail(request, failure.code, str(failure), failure.detail)
        except ManifestError as error:
            self._fail(request, "bad_request", str(error), "")
        except MemoryError:
            self._fail(request, "out_of_memory", "the worker has no memory for that", "")
        except (Exception, SystemExit) as error:  # noqa: BLE001: the worker's own code
            traceback.print_exc()
            self._fail(request, "engine_failed", f"the worker {self._manifest.name} failed: "
                       f"{type(error).__name__}: {error}",
                       "its log has the traceback: hailstone worker logs " + self._manifest.name)
        finally:
            self._release(request)

    def _finish(self, request: Open) -> None:
        with self._state:
            self._open.pop(request.number, None)

    def _fail(self, request: Open, code: str, message: str, detail: str) -> None:
        self._finish(request)
        self._channel.send(wire.ERROR, request.number,
                           {"code": code, "message": message, "detail": detail})

    def _release(self, request: Open) -> None:
        """Gives shared memory back, unless somebody still looks at it: then later."""
        views = [file.data for file in request.request.files.values()]
        with self._state:
            if request.slot is not None:
                self._held.append(([*views, request.payload], request.slot))
            self._held = [held for held in self._held if not self._let_go(*held)]

    @staticmethod
    def _let_go(views: List[memoryview], slot: Slot) -> bool:
        try:
            for view in views:
                view.release()
        except BufferError:
            return False
        slot.free()
        return True

    def _do_load(self, request: Open) -> Tuple[bytes, List[Any]]:
        self._handler = Handler(self._manifest)
        # What it takes of the chip nobody else can know; of main memory, the daemon measures it.
        npu = int(self._manifest.values.get("npu_bytes", 0))
        return json.dumps({"footprint": {"host_bytes": 0, "npu_bytes": npu},
                           "call": {"methods": sorted(self._handler.methods)},
                           "slots": self._manifest.parallel}).encode(), []

    def _do_unload(self, request: Open) -> Tuple[bytes, List[Any]]:
        return b"", []

    def _do_estimate(self, request: Open) -> Tuple[bytes, List[Any]]:
        return b'{"host_bytes":0,"npu_bytes":0}', []

    def _do_call(self, request: Open) -> Tuple[bytes, List[Any]]:
        assert self._handler is not None, "a call before the worker is loaded"
        value = request.value.get("value")
        request.request.value = value
        request.request.fields = value if isinstance(value, dict) else {}
        files = split(request.value.get("attachments", []), request.payload)
        request.request.files = {file.name: file for file in files}
        result = self._handler.call(request.request)
        if isinstance(result, Value):
            return encode(result)
        for piece in result:
            request.send_piece(piece)
        return encode(Value())


def end() -> None:
    """At once: whatever still runs is for nobody."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def main(path: str) -> None:
    """The process of one worker."""
    connection = socket.socket(fileno=3)
    connection.set_inheritable(False)
    manifest = Manifest.read(path)
    host = Host(manifest, connection)
    host.serve()
    end()
