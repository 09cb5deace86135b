#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Measures pulling a model against curl fetching the same blob from the same registry double.

    bench/pull.py [--size MB] [--rounds N] [--rate MB/S]

A pull hashes, writes resume data and makes the blob durable; curl only writes it (and "curl + sync"
makes it durable too). Both run alternately. Also tells the most memory that a pull took. Needs the
release build with tests (./check makes it) and curl. --rate paces each connection, as a network would.
"""

import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))

PULL = ROOT / "build/release/bin/registry-pull"


def make_model(folder: Path, size: int) -> str:
    """A sparse blob, with a manifest. Gives its digest."""
    blobs = folder / "blobs"
    blobs.mkdir(parents=True)
    sparse = blobs / "sparse"
    with sparse.open("wb") as out:
        out.write(b"GGUF")
        out.truncate(size)
    with sparse.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    sparse.rename(blobs / digest)
    manifest = folder / "manifests/me/mine/latest"
    manifest.parent.mkdir(parents=True)
    manifest.write_text(json.dumps({"schemaVersion": 2, "layers": [
        {"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:" + digest,
         "size": size}]}))
    return digest


def timed(command: list[str]) -> tuple[float, float]:
    """Seconds, and the most memory in MiB."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(command)}")
    return time.perf_counter() - begun, usage.ru_maxrss / 1024


def median(values: list[float]) -> str:
    return f"median {statistics.median(values):.2f} (min {min(values):.2f}, max {max(values):.2f})"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--size", type=int, default=2000, help="MB (default 2000)")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--rate", type=float, default=0, help="MB/s per connection; 0: no limit")
    args = options.parse_args()
    work = Path(tempfile.mkdtemp(prefix="hailstone-bench-"))
    script = ROOT / "tests/support/registry_double.py"
    double = subprocess.Popen([sys.executable, "-B", str(script), str(work / "registry")],
                              stdout=subprocess.PIPE, text=True)
    try:
        digest = make_model(work / "registry", args.size * 1_000_000)
        assert double.stdout
        host = "127.0.0.1:" + double.stdout.readline().split()[1]
        if args.rate:
            subprocess.run(["curl", "-sS", f"http://{host}/_control", "-d",
                            json.dumps({"bytes_per_second": int(args.rate * 1e6)})], check=True)
        measure(args.rounds, args.size, host, digest, work)
    finally:
        double.kill()
        double.wait()
        shutil.rmtree(work)


def measure(rounds: int, size: int, host: str, digest: str, work: Path) -> None:
    url, file, store = f"http://{host}/v2/me/mine/blobs/sha256:{digest}", work / "file", work / "store"
    plain, synced, pulled = [], [], []
    memory = 0.0
    for _ in range(rounds):
        for times, command in (
                (plain, ["curl", "-sS", "-o", str(file), url]),
                (pulled, [str(PULL), str(store), f"{host}/me/mine"]),
                (synced, ["sh", "-c", f"curl -sS -o '{file}' '{url}' && sync '{file}'"])):
            seconds, used = timed(command)
            times.append(seconds)
            memory = max(memory, used) if command[0] == str(PULL) else memory
            file.unlink(missing_ok=True)
            shutil.rmtree(store, ignore_errors=True)
            os.sync()
    print(f"{'curl':<24} {median([size / t for t in plain])} MB/s")
    print(f"{'curl + sync':<24} {median([size / t for t in synced])} MB/s")
    print(f"{'pull':<24} {median([size / t for t in pulled])} MB/s")
    print(f"{'pull / curl':<24} {median([a / b for a, b in zip(plain, pulled)])}")
    print(f"{'pull / (curl + sync)':<24} {median([a / b for a, b in zip(synced, pulled)])}")
    print(f"{'most memory of a pull':<24} {memory:.1f} MiB")


if __name__ == "__main__":
    main()
