#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Mixed load on one chip, the stand-in for the Hailo-10H: chat, transcription, detection and pose from eight clients at once.

    bench/npu.py [--seconds 600] [--second-chat-model]

Says for each modality how many requests there were, how long they took, alone and in the mixture, and what failed. Chat is
streamed; --second-chat-model lets two models take turns on the chip. It ends with 1 where something failed, a modality got
nothing done, or vision's p99 is more than twice what it is alone. Needs the release build with tests (./run, ./check).
"""

import argparse
import math
import statistics
import sys
import threading
import time
from pathlib import Path
from typing import Any, Callable

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/support"))
from daemon import add_model  # noqa: E402
from hailo_models import DETECTOR, PICTURE, POSE, HailoDaemon, hef, host_pids  # noqa: E402
from png import png  # noqa: E402
from sounds import form, hum  # noqa: E402


class Load:
    def __init__(self, daemon: HailoDaemon) -> None:
        self.daemon = daemon
        self.image, self.sound = png(640, 640), hum(3)
        self.chats = 0

    def look(self, path: str, model: str) -> None:
        body, headers = form({"model": model}, self.image, "image")
        self.expect(*self.daemon.request("POST", path, body, headers)[::2])

    def detect(self) -> None:
        self.look("/api/detect", "eyes")

    def pose(self) -> None:
        self.look("/api/pose", "joints")

    def transcribe(self) -> None:
        body, headers = form({"model": "ears"}, self.sound)
        self.expect(*self.daemon.request("POST", "/api/transcribe", body, headers)[::2])

    def chat(self, models: tuple[str, ...] = ("writer",)) -> None:
        self.chats += 1
        lines = list(self.daemon.lines("/api/chat", {
            "model": models[self.chats % len(models)], "options": {"num_predict": 24},
            "messages": [{"role": "user", "content": "what is going on in front of the door"}]}, timeout=120))
        if not lines or not lines[-1].get("done") or lines[-1]["eval_count"] != 24:
            raise RuntimeError(str(lines[-1:]))

    @staticmethod
    def expect(status: int, reply: bytes) -> None:
        if status != 200:
            raise RuntimeError(f"{status} {reply[:200].decode(errors='replace')}")


def run(clients: list[tuple[str, Callable[[], None]]], seconds: float) -> tuple[dict[str, list[float]], list[str]]:
    """Milliseconds by name, and what failed. Each client asks again as soon as it has its reply."""
    times: dict[str, list[float]] = {name: [] for name, _ in clients}
    errors: list[str] = []
    end = time.monotonic() + seconds

    def client(name: str, act: Callable[[], None]) -> None:
        while time.monotonic() < end:
            begun = time.perf_counter()
            try:
                act()
                times[name].append((time.perf_counter() - begun) * 1000)
            except (RuntimeError, OSError) as error:
                errors.append(f"{name}: {error}")
                time.sleep(0.1)
    threads = [threading.Thread(target=client, args=each) for each in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, errors


def percentile(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] if values else math.nan


def show(title: str, times: dict[str, list[float]], seconds: float) -> None:
    print(title)
    for name, values in times.items():
        middle = statistics.median(values) if values else math.nan
        print(f"  {name:<12} {len(values) / seconds:8.2f}/s   median {middle:8.1f} ms   "
              f"p99 {percentile(values, 0.99):8.1f} ms   n {len(values)}", flush=True)


def start(daemon: HailoDaemon) -> None:
    # As measured on the real chip: a token takes some 140 ms, a frame of these networks 12 ms.
    daemon.add_writer("writer", "token_ms = 140\nprompt_token_ms = 5\nload_ms = 4000\nnpu_mib = 2400\n")
    daemon.add_writer("second", "token_ms = 140\nprompt_token_ms = 5\nload_ms = 4000\nnpu_mib = 2400\n")
    daemon.add_ears("ears", "second_ms = 60\n")
    daemon.add_detector("eyes", DETECTOR)
    add_model(daemon.store, "joints", hef(POSE), engine="hailo", task="pose", decoder="yolov8-pose",
              settings={"input": PICTURE}, layers={"labels": "person"})
    daemon.start()


def judge(alone: dict[str, list[float]], mixed: dict[str, list[float]], errors: list[str]) -> list[str]:
    wrong = [f"{len(errors)} requests failed: {errors[0]}"] if errors else []
    wrong += [f"{name} got nothing done" for name, values in mixed.items() if not values]
    for name in ("detect", "pose"):
        before, after = percentile(alone[name], 0.99), percentile(mixed[name], 0.99)
        print(f"{name}: p99 {after / before:.2f} times what the same clients see without chat and speech")
        if after > 2 * before:
            wrong.append(f"{name}: p99 {after:.0f} ms, alone {before:.0f} ms")
    return wrong


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=float, default=600)
    arguments.add_argument("--second-chat-model", action="store_true")
    options = arguments.parse_args()
    with HailoDaemonRunning() as daemon:
        load = Load(daemon)
        models = ("writer", "second") if options.second_chat_model else ("writer",)
        vision: list[Any] = [("detect", load.detect), ("detect", load.detect), ("pose", load.pose)]
        others: list[Any] = [("chat", lambda: load.chat(models))] * 3 + [("transcribe", load.transcribe)] * 2
        for _, act in vision + others[:1] + others[-1:]:
            act()  # loaded
        alone_seconds = min(60.0, options.seconds / 4)
        alone, errors = run(vision, alone_seconds)
        show("vision alone", alone, alone_seconds)
        mixed, more = run(vision + others, options.seconds)
        show(f"eight clients for {options.seconds:.0f} s", mixed, options.seconds)
        wrong = judge(alone, mixed, errors + more)
        if len(host_pids(daemon)) != 1:
            wrong.append("more than one process has the chip")
        for line in wrong:
            print("WRONG:", line)
        return 1 if wrong else 0


class HailoDaemonRunning(HailoDaemon):
    def __init__(self) -> None:
        super().__init__(log_to_file=True)

    def __enter__(self) -> "HailoDaemonRunning":
        start(self)
        return self


if __name__ == "__main__":
    sys.exit(main())
