#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Lets clang check the lock discipline that base/sync/mutex.hpp states: all sources that see it are parsed
with -Werror=thread-safety. Which these are, and how they are compiled, the build folder knows.

    tests/lint/thread_safety.py BUILD_FOLDER"""

import concurrent.futures
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLANG = os.environ.get("CLANG", "clang++-14")
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def headers_with_locks() -> set[str]:
    """Relative to src/."""
    return {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.hpp")
            if "HAILSTONE_GUARDED_BY(" in path.read_text()
            and path.name != "mutex.hpp"}


def commands(build: Path) -> dict[Path, list[str]]:
    """How each source is parsed: its includes and definitions."""
    out = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        words = shlex.split(entry["command"])
        kept = [word for word in words if word.startswith(("-I", "-D", "-std="))]
        for i, word in enumerate(words):
            if word == "-isystem":
                kept += [word, words[i + 1]]
        out[Path(entry["directory"], entry["file"]).resolve()] = kept
    return out


def belongs(path: Path, headers: set[str]) -> bool:
    """The room of a header with locks: who implements it includes it."""
    if path.stem.endswith(("_test", "_fuzz")) or not path.is_relative_to(ROOT / "src"):
        return False
    room = path.parent.relative_to(ROOT / "src").as_posix()
    included = set(INCLUDE.findall(path.read_text()))
    near = {header for header in headers if Path(header).parent.as_posix() == room}
    return bool(near and (included & near or included & {
        f"{room}/{other.name}" for other in path.parent.glob("*.hpp")
        if set(INCLUDE.findall(other.read_text())) & near}))


def check(path: Path, flags: list[str]) -> str:
    done = subprocess.run([CLANG, "-fsyntax-only", "-Wno-everything", "-Wthread-safety", "-Werror=thread-safety",
                           *flags, str(path)], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"{path.relative_to(ROOT)}:\n{done.stderr}"


def main() -> int:
    if shutil.which(CLANG) is None:
        print(f"skipped: there is no {CLANG}")
        return 77
    headers = headers_with_locks()
    chosen = {path: flags for path, flags in commands(Path(sys.argv[1])).items()
              if belongs(path, headers)}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        faults = [fault for fault in pool.map(check, chosen, chosen.values()) if fault]
    print(*faults, sep="\n")
    print(f"{len(chosen)} sources, {len(headers)} headers with locks, {len(faults)} with faults")
    return 1 if faults or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
