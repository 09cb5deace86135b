# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""HTTPS: the same routes, a certificate that is replaced while the daemon runs, and plain HTTP by mistake."""

import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
import unittest

from support import FAKE, Daemon, add_model, eventually, user


def make_certificate(folder: str, name: str) -> None:
    """Beside the old one first: what is read in between must be whole."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-days", "2", "-subj", f"/CN={name}", "-addext",
                    "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", f"{folder}/new.key",
                    "-out", f"{folder}/new.pem"], check=True, capture_output=True)
    os.replace(f"{folder}/new.key", f"{folder}/tls.key")
    os.replace(f"{folder}/new.pem", f"{folder}/tls.pem")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@unittest.skipUnless(shutil.which("openssl"), "no openssl to make a certificate with")
class Https(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = Daemon()
        cls.folder = str(cls.daemon.home)
        make_certificate(cls.folder, "first")
        cls.port = free_port()
        cls.daemon.args = ("--tls-listen", f"127.0.0.1:{cls.port}", "--tls-cert", f"{cls.folder}/tls.pem",
                           "--tls-key", f"{cls.folder}/tls.key", *cls.daemon.args)
        add_model(cls.daemon.store, "echo", engine=FAKE)
        cls.daemon.start()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.daemon.__exit__()

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=f"{self.folder}/tls.pem")

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        client = http.client.HTTPSConnection("localhost", self.port, timeout=20, context=self.trust())
        client.request(method, path, None if body is None else json.dumps(body))
        reply = client.getresponse()
        data = reply.read()
        client.close()
        return reply.status, data

    def test_serves_replies_streams_and_large_bodies(self) -> None:
        self.assertEqual(self.ask("GET", "/api/version")[0], 200)
        status, data = self.ask("POST", "/api/chat", {"model": "echo", "messages": user("hello")})
        self.assertEqual(status, 200)
        self.assertTrue(json.loads(data.splitlines()[-1])["done"])
        text = "word " * 100_000
        status, data = self.ask("POST", "/api/generate", {"model": "echo", "prompt": text,
                                                          "options": {"num_predict": 3}})
        self.assertEqual(status, 200)

    def test_keeps_the_connection(self) -> None:
        client = http.client.HTTPSConnection("localhost", self.port, timeout=20, context=self.trust())
        for _ in range(3):
            client.request("GET", "/api/version")
            self.assertEqual(client.getresponse().read()[:2], b'{"')
        client.close()

    def test_tells_plain_http_where_it_is(self) -> None:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        client.request("GET", "/api/version")
        reply = client.getresponse()
        self.assertEqual(reply.status, 400)
        self.assertIn("HTTPS", json.loads(reply.read())["error"])
        client.close()

    def test_survives_what_is_no_handshake(self) -> None:
        for data in (b"", b"\x16", b"\x16\x03\x01\x00\x05nonsense", bytes(range(256))):
            client = socket.create_connection(("127.0.0.1", self.port), timeout=20)
            client.sendall(data)
            client.close()
        self.assertEqual(self.ask("GET", "/api/version")[0], 200)

    def test_a_new_certificate_is_used_and_a_broken_one_is_not(self) -> None:
        make_certificate(self.folder, "second")
        self.assertEqual(self.ask("GET", "/api/version")[0], 200)  # trusts the new one alone
        with open(f"{self.folder}/tls.key", encoding="ascii") as file:
            key = file.read()
        trusted = self.trust()
        with open(f"{self.folder}/tls.key", "w", encoding="ascii") as file:
            file.write("no key")
        client = http.client.HTTPSConnection("localhost", self.port, timeout=20, context=trusted)
        client.request("GET", "/api/version")
        self.assertEqual(client.getresponse().status, 200)
        client.close()
        self.assertTrue(eventually(lambda: any("cannot be used" in line
                                               for line in self.daemon.log), 10))
        with open(f"{self.folder}/tls.key", "w", encoding="ascii") as file:
            file.write(key)
        self.assertEqual(self.ask("GET", "/api/version")[0], 200)


class Refused(unittest.TestCase):
    def test_half_of_the_settings_is_refused(self) -> None:
        with self.assertRaisesRegex(RuntimeError, "tls_listen needs tls_cert"):
            with Daemon("--tls-listen", "127.0.0.1:0"):
                pass

    def test_a_file_that_is_no_certificate_is_named(self) -> None:
        with self.assertRaisesRegex(RuntimeError, "cannot use /dev/null as a certificate"):
            with Daemon("--tls-listen", "127.0.0.1:0", "--tls-cert", "/dev/null", "--tls-key",
                        "/dev/null"):
                pass


if __name__ == "__main__":
    unittest.main()
