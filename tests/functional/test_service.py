# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""What a service manager does with the daemon: sockets that outlive it, credentials, its state folder, restarts."""

import contextlib
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from support import FAKE, HOSTED, DaemonTest, eventually, user
from daemon import BINARY, Daemon, add_model

# As systemd starts a service: the sockets from 3 on, LISTEN_PID its own.
ACTIVATE = 'exec 3<&{fd}; LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=http exec "$@"'


def open_listener() -> socket.socket:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(1024)
    return listener


def activated(listener: socket.socket, **more) -> Daemon:
    fd = listener.fileno()
    prefix = ("bash", "-c", ACTIVATE.format(fd=fd), "activate")
    return Daemon(command_prefix=prefix, pass_fds=(fd,), **more)


class Client(threading.Thread):
    """One request after the other, each on a connection of its own, until told to stop."""

    def __init__(self, port: int, model: str) -> None:
        super().__init__()
        self.port, self.model, self.enough = port, model, threading.Event()
        self.good, self.bad = 0, []

    def run(self) -> None:
        body = json.dumps({"model": self.model, "messages": user("one two three"), "stream": False})
        while not self.enough.is_set() and not self.bad:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                connection.request("POST", "/api/chat", body)
                reply = connection.getresponse()
                text = reply.read()
                connection.close()
                if reply.status == 200:
                    self.good += 1
                else:
                    self.bad.append((reply.status, text))
            except OSError as error:
                self.bad.append(repr(error))
            except http.client.HTTPException as error:
                self.bad.append(repr(error))


class Activation(unittest.TestCase):
    def test_no_request_is_lost_over_restarts(self) -> None:
        with open_listener() as listener:
            port = listener.getsockname()[1]
            daemon = activated(listener)
            add_model(daemon.store, "echo", engine=FAKE, settings={"token_ms": "20"})
            daemon.start()
            self.assertEqual(daemon.port, port)
            clients = [Client(port, "echo") for _ in range(8)]
            for client in clients:
                client.start()
            try:
                for _ in range(3):
                    time.sleep(1)
                    self.assertEqual(daemon.stop(), 0)
                    time.sleep(0.3)  # meanwhile clients come to a socket that nobody serves
                    daemon.start()
                time.sleep(0.5)
            finally:
                for client in clients:
                    client.enough.set()
                for client in clients:
                    client.join(70)
                daemon.__exit__()
            self.assertEqual([bad for client in clients for bad in client.bad], [])
            self.assertGreater(sum(client.good for client in clients), 50)

    def test_a_request_that_is_only_half_there_when_the_service_stops_is_answered(self) -> None:
        with open_listener() as listener:
            daemon = activated(listener)
            with daemon:
                with socket.create_connection(("127.0.0.1", daemon.port), 5) as late:
                    late.sendall(b"GET /api/version HTTP/1.1\r\nHost: localhost\r\n")
                    time.sleep(0.2)
                    daemon.process.send_signal(signal.SIGTERM)
                    time.sleep(0.2)
                    late.sendall(b"\r\n")
                    self.assertIn(b"200 OK", late.recv(4096))
                self.assertEqual(daemon.await_end(), 0)

    def test_a_socket_for_others_needs_a_key(self) -> None:
        with socket.socket() as listener:
            listener.bind(("0.0.0.0", 0))
            listener.listen()
            daemon = activated(listener)
            self.addCleanup(daemon.__exit__)
            with self.assertRaisesRegex(RuntimeError, "no API key is set"):
                daemon.start()


class StateFolder(unittest.TestCase):
    """STATE_DIRECTORY says that a service manager runs us."""

    def setUp(self) -> None:
        self.daemon = Daemon()
        self.daemon.env = {"STATE_DIRECTORY": str(self.daemon.home)}
        self.addCleanup(self.daemon.__exit__)
        add_model(self.daemon.store, "here", engine=HOSTED)
        add_model(self.daemon.store, "gone", engine=FAKE)
        self.daemon.start()

    def loaded(self) -> list[str]:
        return sorted(each["name"] for each in self.daemon.json("GET", "/api/ps")[1]["models"])

    def load(self, model: str) -> None:
        status, reply = self.daemon.json("POST", "/api/generate", {"model": model})
        self.assertEqual(status, 200, reply)

    def test_what_was_loaded_comes_back_even_after_a_kill(self) -> None:
        self.load("here")
        self.load("gone")
        self.daemon.json("POST", "/api/unload", {"model": "gone"})
        noted = self.daemon.home / "loaded-models"
        eventually(lambda: noted.exists() and noted.read_text() == "here:latest\n", 15)
        self.daemon.stop(signal.SIGKILL)
        self.daemon.start()
        eventually(lambda: self.loaded() == ["here:latest"], 15)

    def test_what_is_loaded_when_it_stops_is_noted(self) -> None:
        self.load("gone")
        self.daemon.stop()
        self.assertEqual((self.daemon.home / "loaded-models").read_text(), "gone:latest\n")


class Credential(DaemonTest):
    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = tempfile.TemporaryDirectory()
        (Path(cls.folder.name) / "api-key").write_text("\nfirst-key\nsecond-key\n")
        cls.ENV = {"CREDENTIALS_DIRECTORY": cls.folder.name}
        super().setUpClass()
        cls.addClassCleanup(cls.folder.cleanup)

    def status(self, key: str | None) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.daemon.port, timeout=10)
        connection.request("GET", "/api/tags", headers={"Authorization": f"Bearer {key}"} if key else {})
        status = connection.getresponse().status
        connection.close()
        return status

    def test_its_lines_are_keys(self) -> None:
        self.assertEqual([self.status(None), self.status("wrong"), self.status("first-key"),
                          self.status("second-key")], [401, 401, 200, 200])


class OfferedServices(DaemonTest):
    ENV = {"HAILSTONE_SERVICES": "chat,detect"}
    ARGS = ("--wyoming", "127.0.0.1:0")

    def test_others_say_what_is_offered(self) -> None:
        self.assertEqual(self.chat("echo", "hello")[0], 200)
        for path in "/api/pose", "/api/speak", "/v1/embeddings", "/v1/files", "/api/embed":
            with self.subTest(path):
                status, reply = self.daemon.json("POST", path, {})
                if path == "/v1/embeddings":  # OpenAI's routes come together
                    self.assertNotEqual(status, 200)
                    continue
                self.assertEqual(status, 404, reply)
        self.assertIn("chat, detect", self.daemon.json("POST", "/api/pose", {})[1]["detail"])
        self.assertEqual(self.daemon.json("GET", "/api/tags")[0], 200)

    def test_nothing_of_speech_is_left(self) -> None:
        self.assertEqual(self.daemon.json("GET", "/api/home")[0], 404)
        self.assertNotIn("tcp://", self.daemon.welcome)

    def test_a_name_that_is_none_is_refused(self) -> None:
        done = subprocess.run([BINARY, "serve", "--services", "detct", "--listen", "127.0.0.1:0"], text=True,
                              capture_output=True, timeout=30, env={**os.environ, "HOME": str(self.daemon.home)})
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("'detect' meant", done.stderr)


class Setup(unittest.TestCase):
    def test_check_runs_the_tool_that_came_along(self) -> None:
        done = subprocess.run([BINARY, "setup", "--check", "--dir", "/nonexistent"], text=True,
                              capture_output=True, timeout=60)
        if "own packages are used" in done.stdout:
            self.skipTest("this system has the engines' packages")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("/nonexistent", done.stderr)


class Tls(unittest.TestCase):
    def test_what_it_makes_is_served_and_trusted(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            def make() -> str:
                done = subprocess.run([BINARY, "tls", "localhost", "127.0.0.1", "--dir", folder], text=True,
                                      capture_output=True, timeout=30)
                self.assertEqual(done.returncode, 0, done.stderr)
                return done.stdout
            self.assertIn("authority.pem", make())
            authority = (Path(folder) / "authority.pem").read_text()
            make()
            self.assertEqual((Path(folder) / "authority.pem").read_text(), authority)
            self.assertEqual([oct((Path(folder) / name).stat().st_mode & 0o777) for name in
                              ("authority.key", "server.key", "server.pem")], ["0o600", "0o640", "0o644"])
            with Daemon("--tls-listen", "127.0.0.1:0", "--tls-cert", f"{folder}/server.pem", "--tls-key",
                        f"{folder}/server.key") as daemon:
                port = daemon.json("GET", "/api/version") and self.tls_port(daemon)
                trust = ssl.create_default_context(cafile=f"{folder}/authority.pem")
                for name in "localhost", "127.0.0.1":
                    connection = http.client.HTTPSConnection(name, port, timeout=10, context=trust)
                    connection.request("GET", "/api/version")
                    self.assertEqual(connection.getresponse().status, 200)
                    connection.close()

    @staticmethod
    def tls_port(daemon: Daemon) -> int:
        """Of the ports that this process listens on the one that is not HTTP's."""
        inodes = set()
        for fd in os.listdir(f"/proc/{daemon.pid}/fd"):
            with contextlib.suppress(FileNotFoundError):  # closed meanwhile
                inodes.add(os.readlink(f"/proc/{daemon.pid}/fd/{fd}"))
        for line in Path(f"/proc/{daemon.pid}/net/tcp").read_text().splitlines()[1:]:
            words = line.split()
            port = int(words[1].split(":")[1], 16)
            if words[3] == "0A" and f"socket:[{words[9]}]" in inodes and port != daemon.port:
                return port
        raise AssertionError("no second port")


if __name__ == "__main__":
    unittest.main()
