# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""What a worker gets, and what it gives: requests, files, errors."""

from __future__ import annotations

import threading
import time
from typing import Any, Callable, Iterable, Iterator, Mapping, Optional, Sequence, Union

Bytes = Union[bytes, bytearray, memoryview]


class Failure(Exception):
    """Ends a request with an error that the client sees: a word for programs, a text for people."""

    code = "engine_failed"

    def __init__(self, message: str, detail: str = "", code: Optional[str] = None) -> None:
        super().__init__(message)
        self.detail = detail
        if code is not None:
            self.code = code


class BadRequest(Failure):
    """The request is wrong; ``detail`` should say what would be right. HTTP 400."""
    code = "bad_request"


class NotFound(Failure):
    """What the request names is not there. HTTP 404."""
    code = "not_found"


class TooLarge(Failure):
    """HTTP 413."""
    code = "too_large"


class Unsupported(Failure):
    """The request is right, but this worker cannot do that. HTTP 501."""
    code = "unsupported"


class Busy(Failure):
    """Not now, but soon. HTTP 503."""
    code = "busy"


class OutOfMemory(Failure):
    """HTTP 503."""
    code = "out_of_memory"


class Cancelled(Failure):
    """Nobody waits for the request any more. Let it pass."""
    code = "cancelled"


class TimedOut(Failure):
    """The request's time is over. Let it pass."""
    code = "timeout"


class File:
    """Bytes with a media type: an upload, or a part of a reply.

    ``data`` of an upload may lie in memory that is shared with the daemon, and holds only until
    ``handle`` returns; whoever keeps it for longer makes a copy: ``bytes(file.data)``.
    """

    def __init__(self, data: Bytes, media_type: str = "application/octet-stream",
                 name: str = "") -> None:
        self.data = data if isinstance(data, memoryview) else memoryview(data)
        self.media_type = media_type
        self.name = name

    def __len__(self) -> int:
        return self.data.nbytes

    def __bytes__(self) -> bytes:
        return bytes(self.data)

    def array(self, shape: Optional[Sequence[int]] = None, dtype: str = "uint8") -> Any:
        """The bytes as a NumPy array, without a copy; NumPy must be installed."""
        import numpy  # noqa: PLC0415: only for those who have it

        flat = numpy.frombuffer(self.data, dtype=dtype)
        return flat if shape is None else flat.reshape(shape)

    def __repr__(self) -> str:
        return f"File({self.name!r}, {self.media_type!r}, {len(self)} bytes)"


class Value:
    """A piece of a reply: something that JSON knows, and files."""

    def __init__(self, value: Any = None, files: Iterable[File] = ()) -> None:
        self.value = value
        self.files = list(files)

    @classmethod
    def of(cls, result: Any, media_type: str = "application/octet-stream") -> "Value":
        """From whatever a handler returned."""
        if isinstance(result, Value):
            return result
        if isinstance(result, File):
            return cls(None, [result])
        if isinstance(result, (bytes, bytearray, memoryview)):
            return cls(None, [File(result, media_type)])
        if isinstance(result, tuple) and result and all(isinstance(x, File) for x in result[1:]):
            if isinstance(result[0], File):
                return cls(None, result)
            return cls(result[0], result[1:])
        return cls(result)


class Request(Mapping[str, Any]):
    """What a client asks for. Fields are read like those of a dictionary: ``request["level"]``."""

    def __init__(self, fields: Optional[Mapping[str, Any]] = None,
                 files: Optional[Mapping[str, File]] = None, method: str = "handle",
                 seconds_left: Optional[float] = None,
                 emit: Optional[Callable[[Value], None]] = None,
                 inputs: Optional[Callable[[], Iterator[Value]]] = None) -> None:
        self.fields = dict(fields or {})
        self.value: Any = self.fields  # as it came, which may be no object
        self.files = dict(files or {})
        self.method = method
        self._end = None if seconds_left is None else time.monotonic() + seconds_left
        self._stopped = threading.Event()
        self._emit = emit
        self._inputs = inputs

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    def file(self, name: Optional[str] = None) -> File:
        """The upload of that name; without a name the only one. Raises BadRequest."""
        if name is None and len(self.files) == 1:
            return next(iter(self.files.values()))
        if name in self.files:
            return self.files[name]  # type: ignore[index]
        raise BadRequest(f"{name or 'a file'} is required")

    @property
    def seconds_left(self) -> Optional[float]:
        """Until the client gets a timeout; None: as long as it takes."""
        return None if self._end is None else max(0.0, self._end - time.monotonic())

    @property
    def stopped(self) -> bool:
        """Nobody waits any more: loops should look here, and end."""
        return self._stopped.is_set()

    def wait(self, seconds: float) -> bool:
        """Sleeps, but not longer than somebody waits. True: go on."""
        return not self._stopped.wait(seconds)

    def check(self) -> None:
        """Raises what ends the request, where nobody waits any more."""
        if self.stopped:
            raise Cancelled("request canceled")
        if self._end is not None and time.monotonic() > self._end:
            raise TimedOut("the request took too long")

    def stop(self) -> None:
        """As if the client had left."""
        self._stopped.set()

    def inputs(self) -> Iterator[Value]:
        """What the client sends after the request, as it comes."""
        return iter(()) if self._inputs is None else self._inputs()

    def emit(self, value: Any, *files: File) -> None:
        """Sends a piece of a stream now; from any thread. Raises Cancelled."""
        self.check()
        if self._emit is not None:
            self._emit(Value(value, files) if files else Value.of(value))
