# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Writes a worker to begin with: a folder with the code, the manifest and a test."""

from __future__ import annotations

import re
from pathlib import Path

from .request import BadRequest

MANIFEST = '''\
# What the daemon knows of this worker; every field is explained in docs/workers.md.
name = "{name}"
description = "says what this does, for the list of workers"
{program}route = "/api/{name}"        # POST; hailstone worker list shows it
result = "{result}"             # json, picture, audio, file or stream
timeout = 60                # seconds that a request may take
{more}
'''

FUNCTION_FIELDS = '''
[fields.image]
type = "file"               # text, integer, number, boolean, json or file
media = ["image/*"]
required = true
description = "the picture to look at"

[fields.scale]
type = "number"
min = 0
max = 10
default = 1.0
'''

FUNCTION = '''\
"""{name}: replace this by what it does."""


def start():
    """Called once, before the first request: load models here."""


def handle(request):
    """Called once a request; what it returns is the reply."""
    image = request.file("image")
    return {{"bytes": len(image), "mean": sum(image.data) / len(image) * request["scale"]}}
'''

STREAM_FIELDS = '''
[fields.source]
type = "text"
default = "rpi"
description = "rpi, usb, /dev/video0, a file, or rtsp://..."
'''

STREAM = '''\
"""{name}: replace this by what it does."""

import time


def handle(request):
    """Goes on until nobody looks any more; each thing that is yielded is an event."""
    number = 0
    while request.wait(0.1):  # false once the client has left
        number += 1
        yield {{"source": request["source"], "frame": number, "time": time.time()}}
'''

COMMAND_FIELDS = '''
[fields.file]
type = "file"
required = true
'''

TESTS = {
    "function": '''\
    def test_a_request(self):
        reply = self.driver.call(image=File(bytes([1, 2, 3]), "image/png"))
        self.assertEqual(reply.value, {"bytes": 3, "mean": 2.0})
''',
    "stream": '''\
    def test_its_events(self):
        events = self.driver.pieces(source="file.mp4")
        self.assertEqual(next(events).value["frame"], 1)
        self.assertEqual(next(events).value["frame"], 2)
''',
    "command": '''\
    def test_a_request(self):
        reply = self.driver.call(file=File(b"one two\\n", "text/plain"))
        self.assertEqual(reply.value["text"].split()[:2], ["1", "2"])
''',
}

TEST = '''\
"""python3 -m unittest, in this folder."""

import unittest
from pathlib import Path

from hailstone_worker import File
from hailstone_worker.drive import Driver


class {title}Test(unittest.TestCase):
    def setUp(self):
        self.driver = Driver(Path(__file__).parent)

{test}

if __name__ == "__main__":
    unittest.main()
'''


def make(name: str, into: "Path | str", kind: str = "function") -> Path:
    """Raises BadRequest for a name that is none, or a folder that is there already."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,31}", name):
        raise BadRequest(f"'{name}' is no name for a worker",
                         "a word of a-z, 0-9 and '-' that begins with a letter")
    folder = Path(into) / name
    if folder.exists():
        raise BadRequest(f"{folder} is there already")
    folder.mkdir(parents=True)
    code = name.replace("-", "_")
    if kind == "command":
        program = ('kind = "command"\n'
                   'command = ["wc", "{file}"]  # {file}: where the upload is; see docs/workers.md\n')
    else:
        program = (f'kind = "{kind}"\n' if kind != "function" else "") + f'module = "{code}.py"\n'
    fields = {"function": FUNCTION_FIELDS, "stream": STREAM_FIELDS, "command": COMMAND_FIELDS}
    (folder / "worker.toml").write_text(MANIFEST.format(
        name=name, program=program, result="stream" if kind == "stream" else "json",
        more=fields[kind]))
    if kind != "command":
        text = FUNCTION if kind == "function" else STREAM
        (folder / f"{code}.py").write_text(text.format(name=name))
    title = "".join(part.title() for part in code.split("_"))
    (folder / f"test_{code}.py").write_text(TEST.format(title=title, test=TESTS[kind]))
    print(f"{folder}: worker.toml, the code, and a test of it")
    print(f"try it        python3 -m hailstone_worker run {folder} --help")
    print(f"install it    hailstone worker install {folder}")
    return folder
