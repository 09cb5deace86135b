#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Work that waits: what three boxes do together, what a batch gains, what a hundred thousand jobs cost, and what
becomes of jobs of all kinds while the daemon is killed again and again."""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/support"))
from daemon import BINARY, Daemon, add_model  # noqa: E402
from kills import KillRun  # noqa: E402
from nats_server import NatsClient, NatsServer  # noqa: E402
from postgres_server import PostgresServer  # noqa: E402

FAKE = "fake"
# Ten a second and thread: what a box can do is set by its engine, not by this machine.
PACED = {"token_ms": "20", "tokens": "5", "slots": "1"}


def wait_for(is_done: Callable[[], bool], seconds: float = 600) -> float:
    begin = time.monotonic()
    while not is_done():
        if time.monotonic() - begin > seconds:
            raise TimeoutError
        time.sleep(0.2)  # each look costs the machine something
    return time.monotonic() - begin


class NatsQueue:
    def __init__(self) -> None:
        self.server = NatsServer()
        self.client = NatsClient(self.server.port)
        self.text = f'kind = "nats"\nurl = "{self.server.url}"\nsubject = "ai.ask"\n'

    def is_ready(self) -> bool:
        return "error" not in self.client.stream("ai-ask-dead")

    def put(self, count: int) -> None:
        for number in range(count):
            self.client.put("ai.ask", json.dumps({"prompt": str(number)}).encode())

    def results(self) -> int:
        return int(self.client.stream("ai-ask-results")["state"]["messages"])

    def close(self) -> None:
        self.client.__exit__()
        self.server.close()


class PostgresQueue:
    def __init__(self) -> None:
        self.server = PostgresServer()
        self.text = f'kind = "postgres"\nconnection = "{self.server.connection}"\n'

    def is_ready(self) -> bool:
        return self.server.value("SELECT to_regclass('hailstone_results') IS NOT NULL") == "t"

    def put(self, count: int) -> None:
        self.server.run("INSERT INTO hailstone_jobs (request) SELECT jsonb_build_object('prompt', n::text) "
                        f"FROM generate_series(1, {count}) AS n")

    def results(self) -> int:
        return int(self.server.value("SELECT count(*) FROM hailstone_results"))

    def close(self) -> None:
        self.server.close()


def measure_boxes(make: Callable[[], Any], boxes: int, jobs: int) -> float:
    """Jobs per second."""
    queue = make()
    daemons = []
    try:
        for _ in range(boxes):
            daemon = Daemon("--jobs", "2")
            add_model(daemon.store, "paced", engine=FAKE, settings=PACED)
            (daemon.home / "queues.d").mkdir()
            (daemon.home / "queues.d/ask.toml").write_text(queue.text + 'task = "generate"\nmodel = "paced"\n')
            daemon.start()
            daemons.append(daemon)
        wait_for(queue.is_ready, 60)
        queue.put(6 * boxes)  # loads the models
        wait_for(lambda: queue.results() == 6 * boxes)
        begin = time.monotonic()
        queue.put(jobs)
        wait_for(lambda: queue.results() == 6 * boxes + jobs)
        return jobs / (time.monotonic() - begin)
    finally:
        for daemon in daemons:
            daemon.__exit__()
        queue.close()


def run_boxes(arguments: argparse.Namespace) -> None:
    for name, make in (("NATS", NatsQueue), ("PostgreSQL", PostgresQueue)):
        ratios = []
        for _ in range(arguments.rounds):
            one, three = measure_boxes(make, 1, arguments.count), measure_boxes(make, 3, arguments.count)
            ratios.append(three / one)
            print(f"{name}: one {one:.1f}/s, three {three:.1f}/s, {three / one:.2f} times", flush=True)
        print(f"{name}: median {statistics.median(ratios):.2f} times")


class Client:
    def __init__(self, daemon: Daemon) -> None:
        self.daemon = daemon

    def upload(self, name: str, content: bytes, purpose: str) -> str:
        form = (b'--b\r\nContent-Disposition: form-data; name="file"; filename="' + name.encode() + b'"\r\n\r\n' + content +
                b'\r\n--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\n' + purpose.encode() + b"\r\n--b--\r\n")
        status, _, told = self.daemon.request("POST", "/v1/files", form, {"Content-Type": "multipart/form-data; boundary=b"})
        assert status == 200, told
        return json.loads(told)["id"]

    def run_batch(self, endpoint: str, bodies: list[dict[str, Any]]) -> float:
        """Seconds, with the upload of the lines and the download of the answers."""
        begin = time.monotonic()
        lines = "".join(json.dumps({"custom_id": str(number), "method": "POST", "url": endpoint, "body": body}) + "\n"
                        for number, body in enumerate(bodies))
        file = self.upload("lines.jsonl", lines.encode(), "batch")
        batch = self.daemon.json("POST", "/v1/batches", {"input_file_id": file, "endpoint": endpoint, "completion_window": "24h"})[1]
        while (batch := self.daemon.json("GET", f"/v1/batches/{batch['id']}")[1])["status"] not in ("completed", "failed"):
            time.sleep(0.05)
        assert batch["request_counts"]["completed"] == len(bodies), batch
        answers = self.daemon.request("GET", f"/v1/files/{batch['output_file_id']}/content")[2]
        assert len(answers.splitlines()) == len(bodies)
        return time.monotonic() - begin


def run_text(arguments: argparse.Namespace) -> None:
    with_slots = {"token_ms": "20", "tokens": "10", "slots": "4"}
    daemon = Daemon(log_to_file=True)
    add_model(daemon.store, "paced", engine=FAKE, settings=with_slots)
    with daemon:
        bodies = [{"model": "paced", "prompt": str(number), "stream": False} for number in range(arguments.count)]
        daemon.json("POST", "/api/generate", bodies[0])
        for _ in range(arguments.rounds):
            begin = time.monotonic()
            for body in bodies:
                assert daemon.json("POST", "/api/generate", body)[0] == 200
            alone = time.monotonic() - begin
            together = Client(daemon).run_batch("/api/generate", bodies)
            print(f"{arguments.count} text lines: one by one {alone:.2f} s, as a batch {together:.2f} s, {alone / together:.2f} times",
                  flush=True)


def run_pictures(arguments: argparse.Namespace) -> None:
    picture = Path(arguments.picture).read_bytes()
    daemon = Daemon(log_to_file=True)
    if not arguments.network:  # as an accelerator: it takes its time, but not the cores'
        add_model(daemon.store, "net", engine=FAKE, task="detect", decoder="boxes", layers={"labels": "person\n"},
                  settings={"input": '{"width":640,"height":640,"resize":"letterbox"}', "outputs": "boxes[1,6]=10 20 30 40 0.9 0",
                            "prompt_ms": "20", "slots": "2"})
    with daemon:
        if arguments.network:
            subprocess.run([BINARY, "import", arguments.network, "--name", "net", "--task", arguments.task], check=True,
                           env=os.environ | {"HAILSTONE_HOST": f"127.0.0.1:{daemon.port}"}, capture_output=True)
        head = {"Content-Type": "application/octet-stream"}
        target = f"/api/{arguments.task}?model=net"
        status, _, told = daemon.request("POST", target, picture, head)
        assert status == 200, told
        client = Client(daemon)
        for _ in range(arguments.rounds):
            begin = time.monotonic()
            for _ in range(arguments.count):
                assert daemon.request("POST", target, picture, head)[0] == 200
            alone = time.monotonic() - begin
            file = client.upload("a.jpg", picture, "vision")
            together = client.run_batch(f"/api/{arguments.task}", [{"model": "net", "image": {"file_id": file}}] * arguments.count)
            print(f"{arguments.count} pictures: one by one {alone:.2f} s, as a batch {together:.2f} s, {alone / together:.2f} times",
                  flush=True)


def median_ms(work: Callable[[], Any], times: int = 50) -> str:
    seen = []
    for _ in range(times):
        begin = time.monotonic()
        work()
        seen.append(1000 * (time.monotonic() - begin))
    return f"median {statistics.median(seen):.1f} ms, at most {max(seen):.1f} ms"


def resident_mib(daemon: Daemon) -> float:
    text = Path(f"/proc/{daemon.process.pid}/status").read_text()
    return int(text.split("VmRSS:")[1].split()[0]) / 1024


def run_many(arguments: argparse.Namespace) -> None:
    daemon = Daemon("--jobs", "0", log_to_file=True)
    add_model(daemon.store, "quick", engine=FAKE)
    body = {"model": "quick", "prompt": "hi", "stream": False}
    with daemon:
        idle = resident_mib(daemon)
        submit = lambda: daemon.json("POST", "/api/infer", body)  # noqa: E731
        print("one more job, none there:", median_ms(submit))
        client = Client(daemon)
        begin, left = time.monotonic(), arguments.count
        while left > 0:
            size = min(left, 50_000)
            lines = "".join(json.dumps({"custom_id": str(n), "method": "POST", "url": "/api/generate", "body": body}) + "\n"
                            for n in range(size))
            file = client.upload("lines.jsonl", lines.encode(), "batch")
            batch = daemon.json("POST", "/v1/batches", {"input_file_id": file, "endpoint": "/api/generate", "completion_window": "24h"})[1]
            wait_for(lambda: daemon.json("GET", f"/v1/batches/{batch['id']}")[1]["status"] == "in_progress")
            left -= size
        spent = time.monotonic() - begin
        print(f"{arguments.count} jobs in batches: {spent:.1f} s, {arguments.count / spent:.0f}/s")
        print("one more job:", median_ms(submit))
        print("list of 100:", median_ms(lambda: daemon.request("GET", "/v1/jobs?limit=100")))
        print("list of 100 that wait:", median_ms(lambda: daemon.request("GET", "/v1/jobs?limit=100&state=queued")))
        print("counts:", median_ms(lambda: daemon.request("GET", "/v1/jobs/counts")))
        last = daemon.json("GET", "/v1/jobs?limit=1")[1]["data"][0]["id"]
        print("the last one, with its place:", median_ms(lambda: daemon.request("GET", f"/v1/jobs/{last}")))
        print(f"RSS: {idle:.1f} MiB idle, {resident_mib(daemon):.1f} MiB now")
        daemon.stop()
        begin = time.monotonic()
        daemon.start()
        daemon.request("GET", "/v1/jobs?limit=1")
        print(f"start to the first list: {time.monotonic() - begin:.2f} s; RSS {resident_mib(daemon):.1f} MiB")
        daemon.stop()
        daemon.args = ("--jobs", "4")
        daemon.start()
        done = lambda: daemon.json("GET", "/v1/jobs/counts")[1]["succeeded"]  # noqa: E731
        time.sleep(3)
        begin, before = time.monotonic(), done()
        time.sleep(10)
        print(f"run, 4 at once: {(done() - before) / (time.monotonic() - begin):.0f}/s; RSS {resident_mib(daemon):.1f} MiB")


def run_kills(arguments: argparse.Namespace) -> None:
    """Of each source the same number, the kinds mixed."""
    seed = arguments.seed or random.randrange(1 << 32)
    print("seed", seed)
    with KillRun(seed) as run:
        sources = 2 + bool(run.nats) + bool(run.postgres)
        begin = time.monotonic()
        for number in range(arguments.kills):
            left = arguments.count // sources - len(run.files)
            if left > 0:  # in pieces, so that there is something to do at each kill
                run.submit(min(left, max(1, 2 * arguments.count // sources // arguments.kills)))
            run.kill(1.5)
            if number % 7 == 6:
                run.kill_broker()
        run.submit(max(0, arguments.count // sources - len(run.files)))
        wait_for(run.is_done, 600)
        run.check()
        print(f"{sources * len(run.files)} jobs of {sources} sources, {arguments.kills} kills, {arguments.kills // 7} of brokers: "
              f"each ended once, {time.monotonic() - begin:.0f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    each = commands.add_parser("boxes", help="three daemons against one, on one queue")
    each.add_argument("--count", type=int, default=300)
    each.add_argument("--rounds", type=int, default=2)
    each.set_defaults(run=run_boxes)
    each = commands.add_parser("text", help="a batch of text lines against one by one, an engine with 4 slots")
    each.add_argument("--count", type=int, default=100)
    each.add_argument("--rounds", type=int, default=3)
    each.set_defaults(run=run_text)
    each = commands.add_parser("pictures", help="a batch of pictures against one by one")
    each.add_argument("picture")
    each.add_argument("--network", help="of ONNX; else one that takes 20 ms, as on an accelerator")
    each.add_argument("--task", default="detect")
    each.add_argument("--count", type=int, default=200)
    each.add_argument("--rounds", type=int, default=3)
    each.set_defaults(run=run_pictures)
    each = commands.add_parser("many", help="a hundred thousand jobs that wait")
    each.add_argument("--count", type=int, default=100_000)
    each.set_defaults(run=run_many)
    each = commands.add_parser("kills", help="jobs of all kinds and sources, and kills between them")
    each.add_argument("--count", type=int, default=500)
    each.add_argument("--kills", type=int, default=50)
    each.add_argument("--seed", type=int)
    each.set_defaults(run=run_kills)
    chosen = parser.parse_args()
    chosen.run(chosen)
