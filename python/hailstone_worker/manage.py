# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""hailstone worker list | install | logs | remove: which workers there are on this machine."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any, Dict, List, Optional

from .environment import PACKAGE, Environment, run
from .manifest import Manifest, ManifestError
from .request import BadRequest, Failure, NotFound


class Places:
    """Where things are; `hailstone worker` says so by variables."""

    def __init__(self, prefix: Optional[str] = None) -> None:
        state = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
        self.home = Path(os.environ.get("HAILSTONE_HOME") or Path(state, "hailstone")).absolute()
        folders = os.environ.get("HAILSTONE_WORKER_FOLDERS", "")
        self.folders = [Path(one) for one in folders.split(":") if one] or [self.home / "workers.d"]
        self.own = self.home / "workers.d"
        self.catalogue = PACKAGE.parent / "workers"
        if not self.catalogue.is_dir():  # installed, or linked from a build tree
            self.catalogue = Path(os.environ.get("HAILSTONE_WORKER_CATALOGUE", self.catalogue))
        if prefix:
            self.environments = Path(prefix).absolute()
        elif os.access("/opt", os.W_OK):
            self.environments = Path("/opt/hailstone")
        else:
            self.environments = self.home / "environments"
        self.service = os.environ.get("HAILSTONE_SERVICE", "http://127.0.0.1:11434")

    def manifest_of(self, name: str) -> Optional[Path]:
        """Of an installed one; the last folder counts."""
        found = None
        for folder in self.folders:
            for path in (folder / f"{name}.toml", folder / name / "worker.toml"):
                if path.is_file():
                    found = path
        return found


def manifests_in(folder: Path) -> List[Manifest]:
    found = []
    for path in sorted([*folder.glob("*.toml"), *folder.glob("*/worker.toml")]):
        try:
            found.append(Manifest.read(path))
        except ManifestError as error:
            print(f"WARNING: {error}", file=sys.stderr)
    return found


def ask(places: Places, method: str, path: str, body: Any = None) -> Any:
    """None where no service answers."""
    key = os.environ.get("HAILSTONE_API_KEY", "")
    request = urllib.request.Request(
        places.service + path, method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json",
                 **({"Authorization": f"Bearer {key}"} if key else {})})
    try:
        with urllib.request.urlopen(request, timeout=3) as reply:  # noqa: S310: our own service
            return json.load(reply)
    except (OSError, ValueError):
        return None


# list ---------------------------------------------------------------------------------------------

def describe(manifest: Manifest, state: str) -> Dict[str, Any]:
    values = manifest.values
    return {"name": manifest.name, "kind": manifest.kind, "state": state,
            "route": values.get("route", f"/api/{manifest.name}"),
            "application": values.get("application", ""),
            "description": values.get("description", ""), "needs": values.get("needs", ""),
            "licence": values.get("licence", ""), "file": str(manifest.path)}


def list_workers(places: Places, everything: bool, as_json: bool) -> None:
    served = ask(places, "GET", "/api/workers") or {"workers": [], "problems": []}
    states = {each["name"]: each["state"] for each in served["workers"]}
    rows: Dict[str, Dict[str, Any]] = {}
    if everything:
        for manifest in manifests_in(places.catalogue):
            state = "native" if manifest.kind == "native" else "available"
            rows[manifest.name] = describe(manifest, state)
    for folder in places.folders:
        for manifest in manifests_in(folder):
            state = "native" if manifest.kind == "native" else "installed"
            rows[manifest.name] = describe(manifest, states.get(manifest.name, state))
    for problem in served["problems"]:
        print(f"WARNING: {problem}", file=sys.stderr)
    if as_json:
        print(json.dumps(list(rows.values()), indent=2))
        return
    write_table(sorted(rows.values(), key=lambda row: row["name"]))


def write_table(rows: List[Dict[str, Any]]) -> None:
    if not rows:
        print("no workers; hailstone worker list --all shows what can be installed")
        return
    columns = ("name", "state", "kind", "route", "description")
    table = [[column.upper() for column in columns]]
    table += [[str(row[column]) for column in columns] for row in rows]
    widths = [max(len(line[i]) for line in table) for i in range(len(columns))]
    for line in table:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths)).rstrip())


# install ------------------------------------------------------------------------------------------

def find_source(places: Places, what: str) -> Path:
    """A folder with a worker.toml, or one of the catalogue by its name."""
    if os.sep in what or Path(what, "worker.toml").is_file():
        folder = Path(what)
        if folder.is_file():
            folder = folder.parent
        if not (folder / "worker.toml").is_file():
            raise NotFound(f"{folder} has no worker.toml",
                           "python3 -m hailstone_worker new NAME makes such a folder")
        return folder.absolute()
    for place in (places.catalogue / what, places.own / what):
        if (place / "worker.toml").is_file():
            return place
    for manifest in manifests_in(places.catalogue):
        if what in (manifest.name, manifest.values.get("application")):
            if manifest.kind == "native":
                raise BadRequest(f"{what} needs no worker: {manifest.values.get('route')} does it",
                                 manifest.values.get("description", ""))
            return manifest.folder
    raise NotFound(f"there is no worker '{what}'",
                   "a folder with a worker.toml, or a name of hailstone worker list --all")


def install(places: Places, what: str, wheels: Optional[str]) -> None:
    source = find_source(places, what)
    manifest = Manifest.read(source)
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,31}", manifest.name):
        raise ManifestError(f"{manifest.path}: name: '{manifest.name}' is no name for a worker")
    environment = Environment(places.environments / manifest.name)
    python: Optional[Path] = None
    staged: Optional[Path] = None
    try:
        if manifest.requirements is not None:
            environment.folder.mkdir(parents=True, exist_ok=True)
            python = environment.make(manifest, find_wheels(source, wheels))
        staged = stage(places, source, python)
        self_test(Manifest.read(staged), python)
        put_in_place(staged, places.own / manifest.name)
    except BaseException:
        if python is not None:
            shutil.rmtree(python.parents[1], ignore_errors=True)
            if not any(environment.folder.iterdir()):
                environment.remove()
        if staged is not None:
            shutil.rmtree(staged.parent, ignore_errors=True)
        raise
    shutil.rmtree(staged.parent, ignore_errors=True)
    if python is not None:
        environment.choose(python)
    print(f"installed {manifest.name}: {places.own / manifest.name}")
    warn_of_the_chip(manifest)
    tell(places, manifest)


def warn_of_the_chip(manifest: Manifest) -> None:
    """Who opens the chip for himself alone locks everybody else out."""
    devices = manifest.values.get("devices", [])
    if not any("hailo" in device or "h1x" in device for device in devices):
        return
    if not manifest.values.get("npu_bytes"):
        print(f"WARNING: {manifest.name} uses the chip, but has no npu_bytes: the budget does not "
              "know what it takes there", file=sys.stderr)
    code = "\n".join(path.read_text(errors="replace") for path in manifest.folder.glob("*.py"))
    if "VDevice(" in code and "SHARED" not in code:
        print(f"WARNING: {manifest.name} seems to open the chip without the group SHARED: nobody "
              "else could use it meanwhile (params.group_id = \"SHARED\")", file=sys.stderr)


def find_wheels(source: Path, given: Optional[str]) -> Optional[Path]:
    if given:
        return Path(given).absolute()
    beside = source / "wheels"
    return beside if beside.is_dir() else None


def stage(places: Places, source: Path, python: Optional[Path]) -> Path:
    """A copy beside where it will be, with the environment's Python in its manifest."""
    places.own.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=".worker-", dir=places.home)) / "worker"
    shutil.copytree(source, staged, ignore=shutil.ignore_patterns(
        "__pycache__", "wheels", ".git", "*.pyc"))
    if python is not None:
        manifest = staged / "worker.toml"
        manifest.write_text(with_python(manifest.read_text(), python))
    return staged


def with_python(text: str, python: Path) -> str:
    """TOML wants it before the first table."""
    first = re.search(r"^\s*\[", text, re.MULTILINE)
    at = first.start() if first else len(text)
    head, tables = text[:at], text[at:]
    head = re.sub(r"^python\s*=.*\n?", "", head, flags=re.MULTILINE)
    return head.rstrip() + f"\npython = {json.dumps(str(python))}\n\n" + tables


def self_test(manifest: Manifest, python: Optional[Path]) -> None:
    """With the Python that will run it: is its code there, and does its own test pass?"""
    if manifest.kind in ("command", "native"):
        return
    program = str(python or manifest.values.get("python") or sys.executable)
    run([program, "-m", "hailstone_worker", "check", str(manifest.path)],
        f"the check of {manifest.name}", cwd=manifest.folder)
    if manifest.self_test:
        run([program, "-m", "unittest", manifest.self_test], f"the self-test of {manifest.name}",
            cwd=manifest.folder)


def put_in_place(staged: Path, target: Path) -> None:
    old = staged.parent / "old"
    if target.exists():
        os.rename(target, old)
    try:
        os.rename(staged, target)
    except OSError:
        if old.exists():
            os.rename(old, target)
        raise


def tell(places: Places, manifest: Manifest) -> None:
    served = ask(places, "GET", "/api/workers")
    route = manifest.values.get("route", f"/api/{manifest.name}")
    if served is None:
        print("no service answers; it finds the worker when it starts")
        return
    for problem in served["problems"]:
        if f"/{manifest.name}/" in problem:
            raise Failure(problem)
    print(f"serving {manifest.values.get('method', 'POST')} {places.service}{route}")


# remove, logs -------------------------------------------------------------------------------------

def remove(places: Places, name: str) -> None:
    found = False
    for path in (places.own / name, places.own / f"{name}.toml"):
        if path.is_dir() and (path / "worker.toml").is_file():
            shutil.rmtree(path)
            found = True
        elif path.is_file():
            path.unlink()
            found = True
    if not found:
        other = places.manifest_of(name)
        raise NotFound(f"there is no worker '{name}' in {places.own}",
                       f"it is in {other}, which is not ours to remove" if other else
                       "hailstone worker list shows those that there are")
    ask(places, "GET", "/api/workers")  # it looks at its files
    ask(places, "POST", "/api/unload", {"model": f"worker/{name}"})
    Environment(places.environments / name).remove()
    shutil.rmtree(places.home / "workers" / name, ignore_errors=True)
    print(f"removed {name}")


def logs(places: Places, name: str, lines: int, follow: bool) -> None:
    path = places.home / "workers" / name / "log"
    if not path.is_file():
        raise NotFound(f"the worker '{name}' has said nothing yet: {path} is not there")
    earlier = path.with_name("log.1")
    text = (earlier.read_text(errors="replace") if earlier.is_file() else "")
    text += path.read_text(errors="replace")
    for line in text.splitlines()[-lines:]:
        print(line)
    with open(path, errors="replace") as file:
        file.seek(0, os.SEEK_END)
        while follow:
            line = file.readline()
            if line:
                print(line, end="", flush=True)
            else:
                time.sleep(0.3)
