#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Prints debian/changelog, made of CHANGELOG.md, the version in CMakeLists.txt and git.

A version that CHANGELOG.md has a section for ("## 0.2.0 - 2027-01-31") is released. Else it is on its way: 0.2.0~build123.g0abc
sorts before it, and after what was built of fewer commits.
"""

import argparse
import email.utils
import pathlib
import re
import subprocess
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
AUTHOR = "The Hailstone authors <hailstone@example.org>"


def git(*words):
    return subprocess.run(["git", "-C", ROOT, *words], capture_output=True, text=True, check=True).stdout.strip()


def sections(text):
    """Heading -> its points, in the order of the file."""
    found, points = {}, None
    for line in text.splitlines():
        if heading := re.match(r"## (.+)", line):
            points = found.setdefault(heading[1].strip(), [])
        elif points is not None and line.startswith("- "):
            points.append(line[2:].strip())
        elif points and line.startswith("  "):
            points[-1] += " " + line.strip()
    return found


def plain(point):
    point = re.sub(r"\s*\(\[[^]]*\]\([^)]*\)\)", "", point)  # a link of its own says nothing on paper
    point = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", point)
    return point.replace("`", "")


def entry(version, suite, points, date):
    lines = [f"hailstone ({version}) {suite}; urgency=medium", ""]
    for point in points:
        lines += textwrap.wrap(plain(point), 76, initial_indent="  * ", subsequent_indent="    ",
                               break_long_words=False, break_on_hyphens=False)
    return "\n".join([*lines, "", f" -- {AUTHOR}  {date}", ""])


def make(text, version, number, suite, commit, date):
    """commit: (how many, short name). Of a release its section; else "Unreleased"."""
    found = sections(text)
    release = next((heading for heading in found if re.match(re.escape(version) + r"\b", heading)), None)
    if release:
        return entry(f"{version}~deb{number}", suite, found[release], date)
    upstream = f"{version}~build{commit[0]}.g{commit[1]}"
    return entry(f"{upstream}~deb{number}", suite, found.get("Unreleased", ["Work under way."]), date)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--suite", required=True)
    parser.add_argument("--number", required=True, help="of the Debian release")
    args = parser.parse_args()
    version = re.search(r"project\(hailstone VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text())[1]
    commit = git("rev-list", "--count", "HEAD"), git("rev-parse", "--short=8", "HEAD")
    date = email.utils.formatdate(int(git("log", "-1", "--format=%ct")))
    print(make((ROOT / "CHANGELOG.md").read_text(), version, args.number, args.suite, commit, date), end="")


if __name__ == "__main__":
    main()
