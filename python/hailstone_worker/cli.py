# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""python3 -m hailstone_worker COMMAND"""

from __future__ import annotations

import argparse
import os
import sys
from typing import List

from .manifest import ManifestError
from .request import Failure


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=os.environ.get("HAILSTONE_PROGRAM",
                                                         "python3 -m hailstone_worker"),
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

    show = commands.add_parser("list", help="show the workers of this machine")
    show.add_argument("--all", action="store_true", help="also those that can be installed")
    show.add_argument("--json", action="store_true", help="print JSON")

    install = commands.add_parser(
        "install", help="make a folder, or a worker of the catalogue, a worker of this machine")
    install.add_argument("worker", help="a folder with a worker.toml, or a name of list --all")
    install.add_argument("--wheels", metavar="DIR", help="take requirements from there alone")
    install.add_argument("--prefix", metavar="DIR",
                         help="of environments (default: /opt/hailstone, or under the home)")

    remove = commands.add_parser("remove", help="take a worker and all of its files away")
    remove.add_argument("name")
    remove.add_argument("--prefix", metavar="DIR", help="as for install")

    logs = commands.add_parser("logs", help="show what a worker has said")
    logs.add_argument("name")
    logs.add_argument("-n", "--lines", type=int, default=100)
    logs.add_argument("-f", "--follow", action="store_true", help="go on until Ctrl-C")

    check = commands.add_parser("check", help="is a worker's code there, and can it be called?")
    check.add_argument("manifest")

    host = commands.add_parser("host", help="what the daemon starts; it brings a socket along")
    host.add_argument("manifest")
    return parser


def manage(arguments: argparse.Namespace) -> None:
    from . import manage as on  # noqa: PLC0415
    places = on.Places(getattr(arguments, "prefix", None))
    if arguments.command == "list":
        on.list_workers(places, arguments.all, arguments.json)
    elif arguments.command == "install":
        on.install(places, arguments.worker, arguments.wheels)
    elif arguments.command == "remove":
        on.remove(places, arguments.name)
    else:
        on.logs(places, arguments.name, arguments.lines, arguments.follow)


def main(argv: List[str]) -> int:
    arguments = make_parser().parse_args(argv)
    try:
        if arguments.command == "host":
            from .host import main as serve  # noqa: PLC0415
            serve(arguments.manifest)
        elif arguments.command == "new":
            from .scaffold import make  # noqa: PLC0415
            make(arguments.name, arguments.into, arguments.kind)
        elif arguments.command == "run":
            from .drive import run  # noqa: PLC0415
            run(arguments.worker, arguments.fields, arguments.output, arguments.count)
        elif arguments.command == "check":
            from .handler import check  # noqa: PLC0415
            check(arguments.manifest)
        else:
            manage(arguments)
    except KeyboardInterrupt:
        return 130
    except (ManifestError, Failure) as error:
        print(f"ERROR: {error}", file=sys.stderr)
        if getattr(error, "detail", ""):
            print(getattr(error, "detail"), file=sys.stderr)
        return 1
    return 0
