# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""python3 -m hailstone_worker COMMAND"""

from __future__ import annotations

import argparse
import sys
from typing import List

from .manifest import ManifestError
from .request import Failure


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m hailstone_worker",
                                     description="Python programs as services of Hailstone.")
    commands = parser.add_subparsers(dest="command", required=True)

    new = commands.add_parser("new", help="write a worker to begin with, and a test of it")
    new.add_argument("name", help="a word of a-z, 0-9 and '-'")
    new.add_argument("--into", default=".", help="the folder to make it in (default: here)")
    new.add_argument("--kind", choices=["function", "stream", "command"], default="function")

    run = commands.add_parser("run", help="call a worker without the daemon")
    run.add_argument("worker", help="its folder, or its manifest")
    run.add_argument("fields", nargs="*", metavar="NAME=VALUE",
                     help="of the request; NAME=@FILE for a file")
    run.add_argument("--output", help="where files of the reply go (default: here)", default=".")
    run.add_argument("--count", type=int, default=0, help="of a stream: end after so many pieces")

    host = commands.add_parser("host", help="what the daemon starts; it brings a socket along")
    host.add_argument("manifest")
    return parser


def main(argv: List[str]) -> int:
    arguments = make_parser().parse_args(argv)
    try:
        if arguments.command == "host":
            from .host import main as serve  # noqa: PLC0415
            serve(arguments.manifest)
        elif arguments.command == "new":
            from .scaffold import make  # noqa: PLC0415
            make(arguments.name, arguments.into, arguments.kind)
        else:
            from .drive import run  # noqa: PLC0415
            run(arguments.worker, arguments.fields, arguments.output, arguments.count)
    except (ManifestError, Failure) as error:
        print(f"ERROR: {error}", file=sys.stderr)
        if getattr(error, "detail", ""):
            print(getattr(error, "detail"), file=sys.stderr)
        return 1
    return 0
