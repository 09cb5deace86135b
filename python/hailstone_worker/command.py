# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Command workers: a program that is started for each request.

The manifest's ``command`` is a list. In its words ``{name}`` is the field of that name (of a file:
the path that it was written to) or setting, ``{output}`` a new folder for what it makes,
``{folder}`` the worker's own. A word ``{name?--flag}`` is ``--flag`` where the field is true, and gone where it is
not; a word that names a field without a value is gone, and so is an option right before it.
``outputs`` are patterns of files in the output folder that make the reply; without them stdout
does: as JSON where it is JSON."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any, Dict, List, Optional

from .manifest import Manifest
from .request import Failure, File, Request, Value

PLACE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_-]*)(\?[^}]*)?\}")
MOST_OUTPUT = 64 << 20
MOST_ERRORS = 2000
# Not the module mimetypes: it reads files of the system, which are out of a worker's reach.
_TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp",
          ".gif": "image/gif", ".bmp": "image/bmp", ".tif": "image/tiff", ".svg": "image/svg+xml",
          ".wav": "audio/wav", ".flac": "audio/flac", ".ogg": "audio/ogg", ".mp3": "audio/mpeg",
          ".mp4": "video/mp4", ".webm": "video/webm", ".mkv": "video/x-matroska",
          ".txt": "text/plain", ".csv": "text/csv", ".html": "text/html", ".pdf": "application/pdf",
          ".json": "application/json", ".zip": "application/zip", ".npy": "application/x-npy"}


def suffix_of(media_type: str) -> str:
    plain = media_type.partition(";")[0].strip().replace("/x-wav", "/wav")
    return next((suffix for suffix, kind in _TYPES.items() if kind == plain), "")


def text_of(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)


def fill(words: List[str], values: Dict[str, Any]) -> List[str]:
    """The command line of one request."""
    out: List[str] = []
    for word in words:
        places = PLACE.findall(word)
        flag = re.fullmatch(r"\{([A-Za-z_][A-Za-z0-9_-]*)\?([^}]*)\}", word)
        if flag:
            if values.get(flag.group(1)):
                out.append(flag.group(2))
            continue
        if any(values.get(name) is None for name, _ in places):
            # Its option goes with it: ["--level", "{level}"].
            if out and out[-1].startswith("-") and word == f"{{{places[0][0]}}}":
                out.pop()
            continue
        out.append(PLACE.sub(lambda match: text_of(values[match.group(1)]), word))
    return out


class CommandWorker:
    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest

    def handle(self, request: Request) -> Any:
        with tempfile.TemporaryDirectory(prefix="call-") as temporary:
            folder = Path(temporary)
            (folder / "output").mkdir()
            values: Dict[str, Any] = {name: None for name in self._manifest.fields}
            values.update(self._manifest.settings)
            values.update(request.fields)
            values.update(self._write_files(request, folder))
            values.update(output=str(folder / "output"), folder=str(self._manifest.folder))
            argv = fill(self._manifest.command, values)
            argv[0] = self._find(argv[0])
            if self._manifest.result == "stream":
                # In a generator the folder would be gone before the first piece.
                for line in self._lines(argv, request, folder):
                    request.emit(line)
                return None
            out = self._run(argv, request, folder)
            return self._reply(out, folder / "output")

    def _write_files(self, request: Request, folder: Path) -> Dict[str, str]:
        paths = {}
        for name, file in request.files.items():
            path = folder / (name + suffix_of(file.media_type))
            path.write_bytes(file.data)
            paths[name] = str(path)
        return paths

    def _find(self, program: str) -> str:
        beside = self._manifest.folder / program
        if os.sep in program and not os.path.exists(beside):
            raise Failure(f"the worker {self._manifest.name} needs {beside}, which is not there",
                          str(self._manifest.values.get("needs", "")))
        if os.sep not in program and not beside.is_file():
            found = shutil.which(program)
            if found is None:
                raise Failure(f"the worker {self._manifest.name} needs the program {program}, "
                              "which is not there")
            return found
        return str(beside)

    def _start(self, argv: List[str], folder: Path) -> "subprocess.Popen[bytes]":
        try:
            # The uploads are there, and what it makes beside them goes with them.
            with open(folder / "errors", "wb") as errors:
                return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=errors, cwd=folder)
        except OSError as error:
            raise Failure(f"cannot start {argv[0]}: {error.strerror}") from error

    def _run(self, argv: List[str], request: Request, folder: Path) -> bytes:
        process = self._start(argv, folder)
        kept: List[bytes] = []
        size = 0
        with _EndsWith(process, request):
            assert process.stdout
            while piece := process.stdout.read1(1 << 16):  # type: ignore[attr-defined]
                size += len(piece)
                if size > MOST_OUTPUT:
                    process.kill()
                    raise Failure(f"{argv[0]} wrote more than {MOST_OUTPUT} bytes to stdout")
                kept.append(piece)
            process.wait()
        self._check(process, request, folder)
        return b"".join(kept)

    def _lines(self, argv: List[str], request: Request, folder: Path) -> Any:
        process = self._start(argv, folder)
        with _EndsWith(process, request):
            assert process.stdout
            for line in process.stdout:
                yield parse(line)
            process.wait()
        self._check(process, request, folder)

    def _check(self, process: "subprocess.Popen[bytes]", request: Request, folder: Path) -> None:
        request.check()
        said = (folder / "errors").read_bytes()[-MOST_ERRORS:].decode(errors="replace").strip()
        if said:
            print(said, flush=True)
        if process.returncode == 0:
            return
        code = process.returncode
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
        name = os.path.basename(str(process.args[0]))  # type: ignore[index]
        raise Failure(f"{name} {how}" + (": " + said.splitlines()[-1] if said else ""), said)

    def _reply(self, out: bytes, folder: Path) -> Any:
        if not self._manifest.outputs:
            if self._manifest.result == "json":
                return parse(out)
            return File(out, self._manifest.media_type)
        files = []
        for pattern in self._manifest.outputs:
            for path in sorted(folder.glob(pattern)):
                if path.is_symlink() or not path.is_file():
                    continue
                kind = _TYPES.get(path.suffix.lower()) or self._manifest.media_type
                files.append(File(path.read_bytes(), kind, str(path.relative_to(folder))))
        if not files:
            raise Failure("the program made none of " + ", ".join(self._manifest.outputs))
        return Value(parse(out) if out.strip() else None, files)


def parse(out: bytes) -> Any:
    text = out.decode(errors="replace").strip()
    try:
        return json.loads(text)
    except ValueError:
        return {"text": text}


class _EndsWith:
    """Ends the program when nobody waits for it any more, and in any case at the end."""

    def __init__(self, process: "subprocess.Popen[bytes]", request: Request) -> None:
        self._process, self._request = process, request
        self._ended = threading.Event()
        self._thread: Optional[threading.Thread] = None

    def __enter__(self) -> None:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._ended.wait(0.1):
            left = self._request.seconds_left
            if self._request.stopped or (left is not None and left <= 0):
                self._process.kill()
                return

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
