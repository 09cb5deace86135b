# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Jobs of several kinds from several sources, and a daemon that is killed at random points while it runs them: each
must end once, with its result where it belongs."""

import base64
import collections
import json
import random
import shutil
import signal
import tempfile
import time
from pathlib import Path
from typing import Any

from daemon import Daemon, add_model, eventually
from nats_server import NATS_SERVER, NatsClient, NatsServer
from png import png
from postgres_server import MISSING as NO_POSTGRES, PostgresServer

PICTURE = base64.b64encode(png(64, 64)).decode()


class KillRun:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.closers: list[Any] = []
        self.folder = Path(tempfile.mkdtemp(prefix="hailstone-kills-"))
        self.closers.append(lambda: shutil.rmtree(self.folder, ignore_errors=True))
        self.nats = NatsServer() if NATS_SERVER else None
        self.postgres = None if NO_POSTGRES else PostgresServer()
        self.closers += [server.close for server in (self.nats, self.postgres) if server]
        self.daemon = Daemon("--jobs", "4")
        self.closers.append(self.daemon.__exit__)
        self.prepare()
        self.daemon.start()
        self.jobs: dict[str, str] = {}  # key -> id
        self.files: set[str] = set()
        self.messages: set[str] = set()
        self.rows: set[str] = set()

    def __enter__(self) -> "KillRun":
        return self

    def __exit__(self, *_: object) -> None:
        for close in reversed(self.closers):
            close()

    def prepare(self) -> None:
        add_model(self.daemon.store, "quick", engine="fake")
        add_model(self.daemon.store, "slow", engine="fake-hosted", settings={"token_ms": "20", "tokens": "10"})
        add_model(self.daemon.store, "boxes", engine="fake", task="detect", decoder="boxes",
                  settings={"input": '{"width":64,"height":64}', "outputs": "boxes[1,6]=10 20 30 40 0.9 0"}, layers={"labels": "person\n"})
        queues = self.daemon.home / "queues.d"
        queues.mkdir()
        work = 'task = "generate"\nmodel = "quick"\n'
        (queues / "files.toml").write_text(f'kind = "folder"\n{work}path = "{self.folder}"\nresults = "jsonl"\n')
        if self.nats:
            (queues / "messages.toml").write_text(f'kind = "nats"\n{work}url = "{self.nats.url}"\nsubject = "ai.ask"\nlease = 3\n')
        if self.postgres:
            (queues / "rows.toml").write_text(f'kind = "postgres"\n{work}connection = "{self.postgres.connection}"\nlease = 3\n')

    def request(self, number: int) -> tuple[str, dict[str, Any]]:
        kind = self.random.choice(["quick", "slow", "boxes"])
        if kind == "boxes":
            return "/api/detect", {"model": "boxes", "image": PICTURE}
        return "/api/generate", {"model": kind, "prompt": f"n{number}", "stream": False}

    def submit(self, count: int) -> None:
        """So many of each source."""
        self.await_tables()
        for number in range(len(self.files), len(self.files) + count):
            url, body = self.request(number)
            told = self.daemon.json("POST", "/v1/jobs", {"url": url, "body": body, "job": {"max_attempts": 20}})[1]
            self.jobs[str(number)] = told["id"]
            name = f"{number}.json"
            prompt = {"prompt": f"n{number}", "model": self.random.choice(["quick", "slow"])}
            (self.folder / "in" / f"{name}.part").write_text(json.dumps(prompt))
            (self.folder / "in" / f"{name}.part").rename(self.folder / "in" / name)
            self.files.add(name)
            if self.nats:
                with NatsClient(self.nats.port) as client:
                    client.put("ai.ask", json.dumps(prompt).encode(), Nats_Msg_Id=f"m{number}")
                self.messages.add(f"ai.ask.result.m{number}")
            if self.postgres:
                self.postgres.run(f"INSERT INTO hailstone_jobs (id, request) VALUES ('r{number}', '{json.dumps(prompt)}')")
                self.rows.add(f"r{number}")

    def await_tables(self) -> None:
        def is_there() -> bool:
            if self.nats:
                with NatsClient(self.nats.port) as client:
                    if "error" in client.stream("ai-ask-dead"):
                        return False
            return not self.postgres or self.postgres.value("SELECT to_regclass('hailstone_results') IS NOT NULL") == "t"
        assert eventually(is_there, 30)

    def kill(self, longest: float) -> None:
        time.sleep(self.random.uniform(0.05, longest))
        self.daemon.stop(signal.SIGKILL)
        self.daemon.start()

    def kill_broker(self) -> None:
        which = self.random.choice([each for each in (self.nats, self.postgres) if each] or [None])
        if which:
            which.stop(signal.SIGKILL if which is self.nats else signal.SIGQUIT)
            time.sleep(self.random.uniform(0.1, 2))
            which.start()

    def results(self) -> dict[str, collections.Counter[str]]:
        """What each sink holds, by name."""
        lines = (self.folder / "results.jsonl").read_text().splitlines() if (self.folder / "results.jsonl").exists() else []
        found = {"files": collections.Counter(json.loads(line)["file"] for line in lines)}
        if self.nats:
            with NatsClient(self.nats.port) as client:
                found["messages"] = collections.Counter(message.subject for message in client.messages("ai-ask-results"))
        if self.postgres:
            found["rows"] = collections.Counter(row[0] for row in self.postgres.run("SELECT job_id FROM hailstone_results"))
        return found

    def is_done(self) -> bool:
        counts = self.daemon.json("GET", "/v1/jobs/counts")[1]
        if counts["queued"] + counts["running"] > 0:
            return False
        found = self.results()
        wanted = {"files": self.files, "messages": self.messages, "rows": self.rows}
        return all(wanted[name] <= set(found[name]) for name in found)

    def check(self) -> None:
        """Throws what is wrong."""
        for id_ in self.jobs.values():
            job = self.daemon.json("GET", f"/v1/jobs/{id_}")[1]
            assert job["status"] == "succeeded", job
            answer = json.loads(self.daemon.request("GET", f"/api/infer/{id_}/result")[2])
            assert len(answer) == 1 if isinstance(answer, list) else "response" in answer, answer
        wanted = {"files": self.files, "messages": self.messages, "rows": self.rows}
        for name, found in self.results().items():
            assert set(found) == wanted[name], (name, set(found) ^ wanted[name])
            assert max(found.values()) == 1, (name, found.most_common(3))
