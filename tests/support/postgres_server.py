# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL of Debian's with a cluster of its own, on loopback."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

PROGRAMS = max(Path("/usr/lib/postgresql").glob("*/bin/initdb"), default=Path("/none/initdb")).parent
# PostgreSQL does not run as root.
USER = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
MISSING = not (PROGRAMS / "postgres").exists() or shutil.which("psql") is None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class PostgresServer:
    def __init__(self, authentication: str = "trust") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hailstone-postgres-"))
        self.port = free_port()
        self.connection = f"host=127.0.0.1 port={self.port} user=tester dbname=postgres"
        self.process: subprocess.Popen[bytes] | None = None
        (self.folder / "password").write_text("open sesame")
        if USER:
            shutil.chown(self.folder, USER["user"], USER["group"])
        self.folder.chmod(0o755)
        made = subprocess.run([PROGRAMS / "initdb", "-D", self.folder / "data", "-U", "tester", "-A", authentication, "--no-sync",
                               "-E", "UTF8", "--locale=C", "--pwfile", self.folder / "password"],
                              capture_output=True, text=True, check=False, **USER)
        if made.returncode:
            raise RuntimeError(made.stderr)
        self.start()

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [PROGRAMS / "postgres", "-D", self.folder / "data", "-p", str(self.port), "-k", self.folder,
                 "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"], stdout=log, stderr=log, **USER)
        for _ in range(400):
            if subprocess.run([PROGRAMS / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False).returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError((self.folder / "log").read_text())

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT: at once, but whole; SIGQUIT: as if it crashed."""
        if self.process:
            self.process.send_signal(how)
            self.process.wait(20)
            self.process = None

    def close(self) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, sql: str) -> list[list[str]]:
        """Throws what the server says."""
        done = subprocess.run(["psql", "-X", "-At", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-d", self.connection, "-f", "-"],
                              input=sql, capture_output=True, text=True, check=False, timeout=60,
                              env={**os.environ, "PGPASSWORD": "open sesame"})
        if done.returncode:
            raise RuntimeError(done.stderr)
        return [line.split("\x1f") for line in done.stdout.splitlines()]

    def value(self, sql: str) -> str:
        return self.run(sql)[0][0]
