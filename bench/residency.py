#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Sixteen clients want twelve models that together are two and a half times too large for the budget.

    bench/residency.py [REQUESTS [WAIT]]      10 000 and 250ms where nothing is said

WAIT is the setting memory_wait: so short that some requests are refused; with 20s, none should be.

Prints the most memory that the models' processes took together, which refusals there were, and how
long a request waited. Needs the release build (./run makes it)."""

import collections
import re
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/support"))
from daemon import Daemon, add_model  # noqa: E402
import residency  # noqa: E402
from residency import Answer  # noqa: E402


def show(name: str, text: str) -> None:
    print(f"{name:<38} {text}", flush=True)


def show_refusals(answers: list[Answer]) -> None:
    """By their text without names and numbers, each with its last example."""
    count: collections.Counter[str] = collections.Counter()
    example: dict[str, str] = {}
    for answer in answers:
        if not answer.is_served():
            kind = re.sub(r"'[^']*'|[\d.]+|\"detail\".*", "#", answer.body.strip())
            count[kind] += 1
            example[kind] = f"{answer.body.strip()} Retry-After: {answer.headers.get('retry-after')}"
    for kind, times in count.most_common():
        show(f"refused, {times} times", example[kind])
    behind = sum(float(needed) <= float(free) for needed, free in re.findall(
        r"needs ([\d.]+) MiB of host memory, and ([\d.]+) of", " ".join(a.body for a in answers)
        .replace(" MiB of 100.0 MiB", " of")))
    show("of these, it would have fitted", f"{behind}: another model was before it in the queue")


def show_waits(answers: list[Answer]) -> None:
    waits = sorted(answer.seconds for answer in answers)
    show("wait", f"median {statistics.median(waits):.2f} s, p99 {waits[len(waits) * 99 // 100]:.2f} s, "
                 f"longest {waits[-1]:.2f} s")
    for model, settings in residency.MODELS.items():
        its = [answer for answer in answers if answer.model == model]
        served = sum(answer.is_served() for answer in its)
        show(f"  of the model with {settings['footprint_mb']} MiB",
             f"{served} of {len(its)} served, longest wait {max(a.seconds for a in its):.2f} s")


def count_of(daemon: Daemon, metric: str) -> int:
    lines = daemon.request("GET", "/metrics")[2].decode().splitlines()
    return sum(int(float(line.split()[-1])) for line in lines if line.startswith(metric))


def main() -> int:
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    wait = sys.argv[2] if len(sys.argv) > 2 else "250ms"
    daemon = Daemon(env=residency.ENV | {"HAILSTONE_MEMORY_WAIT": wait}, log_to_file=True)
    for name, settings in residency.MODELS.items():
        add_model(daemon.store, name, engine=residency.ENGINE, settings=settings)
    with daemon:
        residency.warm_up(daemon, list(residency.MODELS))
        begun = time.monotonic()
        with residency.Watcher(daemon) as watcher:
            answers = residency.ask_at_random(daemon, requests)
        seconds = time.monotonic() - begun
        served = sum(answer.is_served() for answer in answers)
        show("requests", f"{len(answers)} in {seconds:.0f} s, {served} served")
        show("loads", str(count_of(daemon, "hailstone_model_loads_total")))
        show("most memory of all models together",
             f"{watcher.most / residency.MIB:.1f} MiB of {residency.LIMIT / residency.MIB:.0f} MiB")
        show_refusals(answers)
        show_waits(answers)
        show("without an answer", str(sum(answer.status == 0 for answer in answers)))
        show("refused without numbers", str(sum(not answer.is_clear() for answer in answers)))
        show("RSS of the daemon", f"{daemon.rss_mib():.1f} MiB")
    healthy = watcher.most <= residency.LIMIT and all(answer.is_clear() for answer in answers)
    return 0 if healthy else 1


if __name__ == "__main__":
    sys.exit(main())
