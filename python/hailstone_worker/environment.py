# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Python environments of workers: one each, made beside the one before, which stays until the new
one has shown that it works."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Dict, List, Optional

from .manifest import Manifest
from .request import Failure

PACKAGE = Path(__file__).resolve().parents[1]
SYSTEM_PYTHON = "/usr/bin/python3"
_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(\[[^\]]*\])?\s*==\s*([^\s;]+)")


class Requirement:
    def __init__(self, name: str, version: str, has_hash: bool) -> None:
        self.name, self.version, self.has_hash = name, version, has_hash

    def __str__(self) -> str:
        return f"{self.name}=={self.version}"

    def fits(self, wheel: str) -> bool:
        name, _, rest = wheel.partition("-")
        return plain(name) == plain(self.name) and rest.startswith(self.version + "-")


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def read_requirements(path: Path) -> List[Requirement]:
    """Every line is pinned and has a hash: what is installed is what was looked at. Raises
    Failure that names the line."""
    try:
        text = path.read_text()
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}") from error
    found = []
    for number, line in logical_lines(text):
        pinned = _PINNED.match(line)
        has_hash = "--hash=" in line
        if not pinned or not has_hash:
            raise Failure(f"{path}:{number}: '{line.split(' --')[0]}' must be pinned, with a hash",
                          "name==version --hash=sha256:...; pip-compile --generate-hashes and "
                          "pip hash WHEEL make such lines")
        found.append(Requirement(pinned.group(1), pinned.group(3), has_hash))
    return found


def logical_lines(text: str) -> "List[tuple[int, str]]":
    lines: "List[tuple[int, str]]" = []
    begun: Optional[int] = None
    kept = ""
    for number, line in enumerate(text.splitlines(), 1):
        line = re.sub(r"(^|\s)#.*$", "", line).strip()
        begun = begun or number
        if line.endswith("\\"):
            kept += line[:-1] + " "
            continue
        kept += line
        if kept.strip():
            lines.append((begun, " ".join(kept.split())))
        begun, kept = None, ""
    return lines


def missing_wheels(requirements: List[Requirement], folder: Path) -> List[Requirement]:
    wheels = [path.name for path in folder.glob("*.whl")] if folder.is_dir() else []
    return [one for one in requirements if not any(one.fits(wheel) for wheel in wheels)]


def environment(extra: Optional[Dict[str, str]] = None) -> Dict[str, str]:
    kept = {name: value for name, value in os.environ.items()
            if name in ("PATH", "HOME", "LANG", "TMPDIR", "http_proxy", "https_proxy")}
    return {**kept, "PYTHONPATH": str(PACKAGE), "PYTHONDONTWRITEBYTECODE": "1", **(extra or {})}


def run(argv: List[str], what: str, **more: object) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, check=False,
                          env=environment(), **more)  # type: ignore[call-overload]
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip()
        raise Failure(f"{what} failed", said[-3000:])
    return str(done.stdout)


class Environment:
    """A folder of its own for each: venv-TIME, of which `venv` is a link to the one that counts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def current(self) -> Path:
        return self.folder / "venv"

    def make(self, manifest: Manifest, wheels: Optional[Path]) -> Path:
        """A new one, which does not count yet. Returns its Python; takes everything back where
        that fails."""
        assert manifest.requirements is not None
        requirements = read_requirements(manifest.requirements)
        if wheels is not None:
            refuse_missing(requirements, wheels)
        fresh = self.folder / f"venv-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
        try:
            flags = ["--system-site-packages"] if manifest.system_packages else []
            base = SYSTEM_PYTHON if Path(SYSTEM_PYTHON).exists() else sys.executable
            run([base, "-m", "venv", *flags, str(fresh)], "making the environment")
            self._install(fresh, manifest.requirements, requirements, wheels)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        return fresh / "bin" / "python"

    @staticmethod
    def _install(fresh: Path, file: Path, requirements: List[Requirement],
                 wheels: Optional[Path]) -> None:
        places = (["--no-index", "--find-links", str(wheels)] if wheels is not None
                  else ["--retries", "1", "--timeout", "15"])
        try:
            run([str(fresh / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check",
                 "--no-input", "--only-binary", ":all:", "--require-hashes", *places,
                 "-r", str(file)], "installing the requirements", cwd=file.parent)
        except Failure as failure:
            unreachable = re.search("connection|name resolution|No matching distribution|Network",
                                    failure.detail, re.IGNORECASE)
            if wheels is None and unreachable:
                raise Failure("the network gives no packages; these wheels are needed: "
                              + ", ".join(map(str, requirements)), how_to_bring(file)) from failure
            raise

    def choose(self, python: Path) -> None:
        """This one counts from now on; the others go."""
        fresh = python.parents[1]
        link = self.folder / f".venv-{os.getpid()}"
        link.symlink_to(fresh.name)
        os.replace(link, self.current)
        for other in self.folder.glob("venv-*"):
            if other != fresh:
                shutil.rmtree(other, ignore_errors=True)

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def refuse_missing(requirements: List[Requirement], wheels: Path) -> None:
    missing = missing_wheels(requirements, wheels)
    if missing:
        raise Failure(f"these wheels are not in {wheels}: " + ", ".join(map(str, missing)),
                      "on a machine with a network: pip download --require-hashes --only-binary "
                      f":all: -r requirements.txt -d {wheels.name}")


def how_to_bring(file: Path) -> str:
    return ("on a machine with a network: pip download --require-hashes --only-binary :all: "
            f"-r {file.name} -d wheels; then hailstone worker install ... --wheels wheels")
