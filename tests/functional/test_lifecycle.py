# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""How the daemon starts and ends."""

import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import unittest

from support import FAKE, HOSTED, Daemon, DaemonTest, add_model, eventually, user

import daemon as daemon_module


class Ending(unittest.TestCase):
    def run_with(self, engine: str, settings: dict[str, str]) -> Daemon:
        daemon = Daemon()
        self.addCleanup(daemon.__exit__)
        add_model(daemon.store, "m", engine=engine, settings=settings)
        daemon.start()
        return daemon

    def test_sigterm_lets_a_running_stream_finish(self) -> None:
        daemon = self.run_with(FAKE, {"token_ms": "20", "tokens": "50"})
        stream = daemon.lines("/api/chat", {"model": "m", "messages": user("go")})
        next(stream)
        os.kill(daemon.pid, signal.SIGTERM)
        lines = list(stream)
        self.assertTrue(lines[-1]["done"], lines[-1])
        self.assertEqual(daemon.await_end(), 0)

    def test_sigterm_ends_the_engines_as_well(self) -> None:
        daemon = self.run_with(HOSTED, {})
        daemon.json("POST", "/api/generate", {"model": "m"})
        children = daemon.children()
        self.assertEqual(len(children), 1)
        self.assertEqual(daemon.stop(), 0)
        self.assertTrue(eventually(lambda: not os.path.exists(f"/proc/{children[0]}")))

    def test_no_engine_outlives_a_killed_daemon(self) -> None:
        daemon = self.run_with(HOSTED, {})
        daemon.json("POST", "/api/generate", {"model": "m"})
        children = daemon.children()
        daemon.stop(signal.SIGKILL)
        self.assertTrue(eventually(lambda: not os.path.exists(f"/proc/{children[0]}")))

    def test_a_second_signal_does_not_wait(self) -> None:
        daemon = self.run_with(FAKE, {"token_ms": "50", "tokens": "5000"})
        stream = daemon.lines("/api/chat", {"model": "m", "messages": user("go")})
        next(stream)
        os.kill(daemon.pid, signal.SIGINT)
        self.assertTrue(eventually(lambda: any("stopping" in line for line in daemon.log)))
        daemon.stop(signal.SIGINT, patience=5)


class Starting(unittest.TestCase):
    def fail(self, *args: str, env: dict[str, str] | None = None) -> str:  # type: ignore[override]
        result = subprocess.run([daemon_module.BINARY, "serve", *args], capture_output=True,
                                text=True, timeout=20, check=False,
                                env={"HOME": "/nonexistent", "PATH": os.environ["PATH"],
                                     **(env or {})})
        self.assertNotEqual(result.returncode, 0)
        return result.stderr

    def test_a_taken_port_is_named(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            message = self.fail("--listen", f"127.0.0.1:{port}", "--home", "/tmp")
        self.assertIn(str(port), message)

    def test_a_public_address_needs_a_key(self) -> None:
        message = self.fail("--listen", "0.0.0.0:0", "--home", "/tmp")
        self.assertIn("key", message)

    def test_a_bad_setting_is_named(self) -> None:
        message = self.fail("--keep-alive", "soon", "--home", "/tmp")
        self.assertIn("keep", message)


class Busy(DaemonTest):
    MODELS = {"slow": (FAKE, {"token_ms": "20", "tokens": "100", "slots": "4"})}
    ENV = {"OLLAMA_MAX_QUEUE": "1"}

    def test_a_full_queue_says_so_and_health_still_answers(self) -> None:
        replies: list[tuple[int, dict[str, str]]] = []

        def ask() -> None:
            status, headers, _ = self.daemon.request(
                "POST", "/api/chat", {"model": "slow", "messages": user("go"), "stream": False})
            replies.append((status, headers))

        clients = [threading.Thread(target=ask) for _ in range(70)]
        for client in clients:
            client.start()
        self.assertEqual(self.daemon.json("GET", "/api/ps", timeout=10)[0], 200)
        for client in clients:
            client.join()
        refused = [headers for status, headers in replies if status == 503]
        self.assertTrue(refused)
        self.assertIn("retry-after", refused[0])
        self.assertIn(200, [status for status, _ in replies])


class Supervised(unittest.TestCase):
    """As systemd sees the daemon."""

    def setUp(self) -> None:
        folder = tempfile.mkdtemp(prefix="hailstone-notify-")
        self.addCleanup(shutil.rmtree, folder)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.socket.close)
        self.socket.bind(folder + "/socket")
        self.socket.settimeout(20)
        self.daemon = Daemon("--stall-timeout", "1", env={
            "NOTIFY_SOCKET": folder + "/socket", "WATCHDOG_USEC": "600000"})
        self.addCleanup(self.daemon.__exit__)
        add_model(self.daemon.store, "sleeper", engine=FAKE, settings={"hang_after": "2"})
        add_model(self.daemon.store, "echo", engine=FAKE)
        self.daemon.start()

    def await_message(self, text: bytes) -> None:
        while text not in self.socket.recv(4096):
            pass

    def drain(self) -> list[bytes]:
        messages = []
        while select.select([self.socket], [], [], 0)[0]:
            messages.append(self.socket.recv(4096))
        return messages

    def logged(self, text: str) -> bool:
        return eventually(lambda: any(text in line for line in self.daemon.log), 20)

    def test_the_watchdog_is_fed_only_while_no_inference_is_stuck(self) -> None:
        self.await_message(b"READY=1")
        self.await_message(b"WATCHDOG=1")
        self.daemon.json("POST", "/api/chat", {"model": "echo", "messages": user("x")} |
                         {"stream": False})
        live = self.daemon.json("GET", "/health/live")
        self.assertEqual((live[0], live[1]["stuck"]), (200, 0))
        self.assertGreaterEqual(live[1]["last_success_s"], 0)

        stream = self.daemon.lines("/api/chat", {"model": "sleeper", "messages": user("a b c d")})
        next(stream)
        self.assertTrue(eventually(lambda: self.daemon.request("GET", "/health/live")[0] == 503))
        self.assertTrue(self.logged("the watchdog is not fed"))
        self.drain()
        live = self.daemon.json("GET", "/health/live")[1]
        self.assertEqual((live["status"], live["stuck"]), ("stuck", 1))
        health = self.daemon.json("GET", "/api/health")[1]
        self.assertEqual(health["status"], "degraded")
        self.assertEqual(health["inference"]["stuck"], ["sleeper:latest"])
        self.assertEqual(self.daemon.json("GET", "/api/ps")[0], 200)
        self.assertEqual(self.drain(), [])

        stream.close()
        self.assertTrue(self.logged("the watchdog is fed again"))
        self.await_message(b"WATCHDOG=1")
        self.assertEqual(self.daemon.request("GET", "/health/live")[0], 200)


if __name__ == "__main__":
    unittest.main()
