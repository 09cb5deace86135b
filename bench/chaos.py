#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Clients that want different options, leave, unload and pull, while engines are killed, stopped and crashed.

    bench/chaos.py [SECONDS [CLIENTS [SEED]]]      3600, 32 and the time where nothing is said

Every minute it prints what was answered and what the daemon holds; at the end whether anything was lost: a lock, memory,
descriptors, processes, threads, shared memory, temporary files, an answer. The exit status is 1 if so. Needs the release build (./run makes it)."""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/support"))
from chaos import Chaos, Holdings, make_daemon, settle  # noqa: E402
from daemon import Daemon  # noqa: E402

MOST_GROWTH_MIB = 32
IDLE_SECONDS = 15


def main() -> int:
    numbers = [int(argument) for argument in sys.argv[1:]] + [None] * 3
    seconds, clients, seed = numbers[0] or 3600, numbers[1] or 32, numbers[2] or int(time.time())
    print(f"{seconds} s, {clients} clients, seed {seed}", flush=True)
    faults: list[str] = []
    with make_daemon("--keep-alive", "20s", log_to_file=True) as daemon:
        pass_through(daemon, faults, seconds, clients, seed)
    for fault in faults[:20]:
        print("FAULT", fault)
    print("nothing was lost" if not faults else f"{len(faults)} faults")
    return 1 if faults else 0


def pass_through(daemon: Daemon, faults: list[str], seconds: int, clients: int, seed: int) -> None:
    Chaos(daemon, seed).run(5, clients)
    before = settle(daemon, IDLE_SECONDS)
    print("before", before, flush=True)
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        seed += 1
        chaos = Chaos(daemon, seed)
        chaos.run(min(60, left), clients)
        faults += chaos.broken
        print(dict(chaos.answers), f"slowest list or health {chaos.slowest_health * 1000:.0f} ms",
              Holdings.of(daemon), flush=True)
    after = settle(daemon, IDLE_SECONDS)
    print("after ", after, flush=True)
    for name in ("children", "files", "threads", "shared", "temporary"):
        if getattr(after, name) > getattr(before, name) + 2:
            faults.append(f"{name}: {getattr(before, name)} before, {getattr(after, name)} after")
    if after.memory_mib > before.memory_mib + MOST_GROWTH_MIB:
        faults.append(f"memory: {before.memory_mib:.0f} MiB before, {after.memory_mib:.0f} after")
    if (code := daemon.stop()) != 0:
        faults.append(f"the daemon ended with {code}")


if __name__ == "__main__":
    sys.exit(main())
