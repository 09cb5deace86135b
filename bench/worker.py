#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""What a worker costs over the same call in process, and what becomes of a thousand calls with kills
between them. Needs Debian's NumPy; run it with /usr/bin/python3."""

import argparse
import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/support"))
from daemon import Daemon, ROOT  # noqa: E402

MANIFEST = '''name = "mean"
module = "mean.py"
[fields.tensor]
type = "file"
required = true
[fields.seconds]
type = "number"
default = 0
'''
CODE = '''import time

import numpy


def handle(request):
    if request["seconds"]:
        time.sleep(request["seconds"])
    return {"mean": float(request.file().array((640, 640, 3)).mean())}
'''
# The way to the worker and back alone, as the daemon goes it, from a program that does nothing else.
HOP = '''
import array, os, socket, subprocess, sys, time
import numpy
sys.path.insert(0, sys.argv[1])
from hailstone_worker import channel as wire
from hailstone_worker.channel import Channel
ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
def place():
    os.dup2(theirs.fileno(), 3)
child = subprocess.Popen([sys.executable, "-m", "hailstone_worker", "host", sys.argv[2]], pass_fds=(3,),
                         preexec_fn=place, env={**os.environ, "PYTHONPATH": sys.argv[1]})
theirs.close()
channel = Channel(ours)
channel.send(wire.HELLO, 0, {"protocol": 1, "shared_memory": True, "features": ["streams"]})
channel.receive()
channel.shares_memory = True
channel.send(wire.REQUEST, 1, {"op": "load", "model": 1, "spec": {}, "options": {}})
channel.receive()
picture = numpy.random.default_rng(1).integers(0, 256, 640 * 640 * 3, numpy.uint8)
call = {"op": "call", "model": 1, "method": "handle", "value": {"seconds": 0},
        "attachments": [{"name": "tensor", "media_type": "application/octet-stream", "bytes": picture.size}]}
alone, through = [], []
for number in range(2, 2 + int(sys.argv[3])):
    begun = time.perf_counter()
    float(numpy.frombuffer(picture, numpy.uint8).reshape(640, 640, 3).mean())
    alone.append(time.perf_counter() - begun)
    begun = time.perf_counter()
    channel.send(wire.REQUEST, number, call, [picture])
    frame = channel.receive()
    through.append(time.perf_counter() - begun)
    assert frame.kind == wire.RESULT, frame
print(sorted(alone)[len(alone) // 2], sorted(through)[len(through) // 2])
child.kill()
'''


class Worker:
    def __init__(self, daemon: Daemon) -> None:
        self.daemon = daemon
        self.folder = daemon.home / "workers.d/mean"
        self.folder.mkdir(parents=True)
        (self.folder / "mean.py").write_text(CODE)
        (self.folder / "worker.toml").write_text(MANIFEST)
        daemon.json("GET", "/api/workers")
        self.connection = http.client.HTTPConnection("127.0.0.1", daemon.port)

    def call(self, body: bytes, query: str = "") -> "tuple[int, bytes]":
        self.connection.request("POST", "/api/mean" + query, body,
                                {"Content-Type": "application/octet-stream"})
        reply = self.connection.getresponse()
        return reply.status, reply.read()

    def pids(self) -> "list[int]":
        found = subprocess.run(["pgrep", "-f", f"hailstone_worker host {self.folder}"],
                               capture_output=True, text=True, check=False)
        return [int(pid) for pid in found.stdout.split()]


def measure(worker: Worker, runs: int) -> None:
    hop = subprocess.run([sys.executable, "-c", HOP, str(ROOT / "python"),
                          str(worker.folder / "worker.toml"), str(runs)],
                         capture_output=True, text=True, check=True).stdout.split()
    alone, through = (float(value) * 1000 for value in hop)
    body = os.urandom(640 * 640 * 3)
    times, floor = [], []
    for _ in range(runs):
        begun = time.perf_counter()
        status, reply = worker.call(body)
        times.append((time.perf_counter() - begun) * 1000)
        assert status == 200, reply
        begun = time.perf_counter()
        worker.connection.request("POST", "/api/workers/none", body)  # the same way, and nobody there
        worker.connection.getresponse().read()
        floor.append((time.perf_counter() - begun) * 1000)
    http_median, floor_median = statistics.median(times), statistics.median(floor)
    print(f"in process           {alone:6.2f} ms  the mean of 640x640x3 bytes")
    print(f"in a worker          {through:6.2f} ms  {through - alone:+.2f}: the way there and back")
    print(f"over HTTP            {http_median:6.2f} ms  {http_median - alone:+.2f}, of which "
          f"{floor_median:.2f} is a request of that size that nobody answers")


def kill(worker: Worker, calls: int) -> None:
    body = bytes(640 * 640 * 3)
    kills = failed = others = 0
    begun = time.monotonic()
    done = 0
    while done < calls:
        for _ in range(min(20, calls - done - 1)):
            others += worker.call(body)[0] != 200
            done += 1
        answer: "list[int]" = []
        running = threading.Thread(target=lambda: answer.append(
            worker.daemon.request("POST", "/api/mean?seconds=20", body,
                                  {"Content-Type": "application/octet-stream"})[0]))
        running.start()
        time.sleep(0.2)
        for pid in worker.pids():
            os.kill(pid, signal.SIGKILL)
            kills += 1
        running.join()
        done += 1
        failed += answer[0] != 200
    print(f"{done} calls, {kills} kills: {failed} of the calls that were running failed, "
          f"{others} of the others; {time.monotonic() - begun:.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--calls", type=int, default=1000)
    options = parser.parse_args()
    with Daemon(log_to_file=True) as daemon:
        worker = Worker(daemon)
        measure(worker, options.runs)
        kill(worker, options.calls)
        print(json.dumps(daemon.json("GET", "/api/workers/mean")[1])[:200])


if __name__ == "__main__":
    main()
