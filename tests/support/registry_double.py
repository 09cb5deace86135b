#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""A model registry on 127.0.0.1 that can misbehave. Serves and takes the files of one folder:
manifests/<namespace>/<model>/<tag> and blobs/<hex>; /files/<name> are plain downloads.

    registry_double.py FOLDER      prints "port N", and serves until it is killed

POST /_control with a JSON object sets switches, GET /_stats tells what has happened so far. Import
RegistryDouble to run it inside a Python test."""

import hashlib
import json
import os
import re
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

SWITCHES: dict[str, Any] = {
    "redirect": "",         # "cross": to localhost, another host than 127.0.0.1; "same"; "twice"
    "redirect_manifests": False,
    "drop_at": 0,           # close after so many bytes of a blob's reply ...
    "drop_times": 0,        # ... so many times
    "stall_at": 0,          # stop sending there instead, stall_times times
    "stall_times": 0,
    "wrong_digest": False,  # another first byte
    "wrong_length": 0,      # added to every length that is told
    "auth": False,          # 401 with a challenge until a token comes
    "realm": "",            # of the challenge, instead of our own
    "busy": 0,              # 429 for so many requests, with Retry-After
    "retry_after": 1,
    "fail": 0,              # 500 for so many blobs
    "bytes_per_second": 0,  # 0: as fast as it goes
    "ranges": True,
    "lengths": True,        # tell the length of /files/
    "upload_redirect": False,
}
TOKEN = "token-of-the-double"
HOLD = 60.0  # how long a stalled reply stays open


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "RegistryDouble"

    def log_message(self, *_: object) -> None:
        pass

    # -- replies --------------------------------------------------------------------------------

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def take(self, name: str) -> bool:
        """Counts a switch down; true while it was above zero."""
        with self.server.lock:
            if self.server.switches[name] <= 0:
                return False
            self.server.switches[name] -= 1
            return True

    def refused(self) -> bool:
        switches = self.server.switches
        if self.take("busy"):
            self.reply(429, b"too many requests", Retry_After=str(switches["retry_after"]))
            return True
        if switches["auth"] and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            realm = switches["realm"] or f"http://127.0.0.1:{self.server.port}/token"
            self.reply(401, b"", WWW_Authenticate=f'Bearer realm="{realm}",service="double",'
                                                  'scope="repository:pull repository:push"')
            return True
        return False

    def send_file(self, path: Path, tell_length: bool = True) -> None:
        switches, size = self.server.switches, path.stat().st_size
        begin, end = 0, size
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        ranged = bool(wanted) and switches["ranges"]
        if ranged and wanted:
            begin, end = int(wanted[1]), min(size, int(wanted[2] or size - 1) + 1)
        told = size + switches["wrong_length"]
        self.send_response(206 if ranged else 200)
        if ranged:
            self.send_header("Content-Range", f"bytes {begin}-{end - 1}/{told}")
        if tell_length:
            self.send_header("Content-Length", str(end - begin if ranged else told))
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD":
            self.send_bytes(path, begin, end)

    def send_bytes(self, path: Path, begin: int, end: int) -> None:
        switches = self.server.switches
        probe = end - begin <= 1  # who only asks for the size is not what the switches are for
        stop = end
        drops = not probe and switches["drop_at"] and self.take("drop_times")
        stalls = not probe and switches["stall_at"] and self.take("stall_times")
        if drops:
            stop = min(end, begin + switches["drop_at"])
        if stalls:
            stop = min(end, begin + switches["stall_at"])
        self.wfile.flush()
        with path.open("rb") as file:
            if switches["bytes_per_second"] or switches["wrong_digest"]:
                self.send_slowly(file, begin, stop)
            else:
                self.send_fast(file, begin, stop)
        if stalls:
            self.server.over.wait(HOLD)
        if stop < end:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

    def send_fast(self, file: Any, at: int, stop: int) -> None:
        while at < stop:
            sent = os.sendfile(self.connection.fileno(), file.fileno(), at, min(stop - at, 1 << 20))
            if sent == 0:
                return
            at += sent
            self.server.count(sent)

    def send_slowly(self, file: Any, at: int, stop: int) -> None:
        rate, first = self.server.switches["bytes_per_second"], at == 0
        # What waits in a buffer when the other side is killed was moved for nothing.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
        file.seek(at)
        while at < stop:
            piece = file.read(min(stop - at, 1 << 14))
            if first and self.server.switches["wrong_digest"]:
                piece = bytes([piece[0] ^ 1]) + piece[1:]
            first = False
            self.connection.sendall(piece)
            at += len(piece)
            self.server.count(len(piece))
            if rate:
                self.server.over.wait(len(piece) / rate)

    # -- what is asked for ----------------------------------------------------------------------

    def handle_any(self) -> None:
        server = self.server
        path, _, query = self.path.partition("?")
        try:
            if path == "/_control":
                with server.lock:
                    server.switches.update(json.loads(self.body()))
                return self.reply(200)
            if path == "/_stats":
                with server.lock:
                    return self.reply(200, json.dumps(server.stats).encode())
            server.note(self)
            if path == "/token":
                return self.reply(200, json.dumps({"token": TOKEN}).encode())
            if path.startswith("/files/"):
                return self.file(server.folder / "files" / Path(path).name)
            if path.startswith("/hop/"):
                return self.reply(302, b"", Location=f"http://127.0.0.1:{server.port}{path[4:]}")
            if path.startswith("/direct/"):
                return self.direct(path)
            found = re.fullmatch(r"/v2/([^/]+)/([^/]+)/(manifests|blobs)/(.*)", path)
            if not found:
                return self.reply(404, b"no such page")
            if self.refused():
                return None
            return getattr(self, found[3])(found[1], found[2], found[4], query)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = handle_any

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def file(self, path: Path) -> None:
        if not path.is_file():
            return self.reply(404, b"no such file")
        if self.server.switches["redirect"]:
            return self.redirect("/direct/files/" + path.name)
        return self.send_file(path, self.server.switches["lengths"])

    def redirect(self, path: str) -> None:
        kind = self.server.switches["redirect"]
        host = "127.0.0.1" if kind == "same" else "localhost"
        path = "/hop" + path if kind == "twice" else path
        self.reply(307, b"", Location=f"http://{host}:{self.server.port}{path}")

    def direct(self, path: str) -> None:
        """Where redirects lead: no token may come along."""
        file = self.server.folder / path.removeprefix("/direct/")
        if self.command == "PUT":
            return self.store_upload(file)
        if self.take("fail"):
            return self.reply(500, b"internal")
        return self.send_file(file)

    def manifests(self, ns: str, model: str, tag: str, _: str) -> None:
        path = self.server.folder / "manifests" / ns / model / tag
        if self.command == "PUT":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.body())
            return self.reply(201)
        if not path.is_file():
            return self.reply(404, b'{"errors":[{"code":"MANIFEST_UNKNOWN"}]}')
        if self.server.switches["redirect_manifests"]:
            return self.redirect(f"/direct/manifests/{ns}/{model}/{tag}")
        return self.reply(200, path.read_bytes())

    def blobs(self, ns: str, model: str, rest: str, query: str) -> None:
        if rest.startswith("uploads/"):
            return self.uploads(ns, model, rest.removeprefix("uploads/"), query)
        path = self.server.folder / "blobs" / rest.removeprefix("sha256:")
        if not path.is_file():
            return self.reply(404)
        if self.server.switches["redirect"] and self.command == "GET":
            return self.redirect("/direct/blobs/" + path.name)
        if self.command == "GET" and self.take("fail"):
            return self.reply(500, b"internal")
        return self.send_file(path)

    # -- uploads --------------------------------------------------------------------------------

    def uploads(self, ns: str, model: str, session: str, query: str) -> None:
        server = self.server
        values = dict(re.findall(r"([^&=]+)=([^&]*)", query))
        digest = values.get("digest", values.get("mount", "")).replace("%3A", ":")
        blob = server.folder / "blobs" / digest.removeprefix("sha256:")
        if self.command == "POST":
            if "mount" in values and blob.is_file():
                return self.reply(201)
            session = f"{len(server.stats['requests'])}"
            return self.reply(202, b"", Location=f"/v2/{ns}/{model}/blobs/uploads/{session}?state=0")
        part = server.folder / "uploads" / session
        next_url = f"/v2/{ns}/{model}/blobs/uploads/{session}?state={time.monotonic_ns()}"
        if self.command == "PATCH":
            if server.switches["upload_redirect"]:
                self.body()
                host = f"http://localhost:{server.port}"
                return self.reply(307, b"", Location=f"{host}/direct/uploads/{session}",
                                  Docker_Upload_Location=next_url)
            return self.store_upload(part, Location=next_url)
        bytes_ = part.read_bytes() if part.exists() else b""
        if "sha256:" + hashlib.sha256(bytes_).hexdigest() != digest:
            return self.reply(400, b"digest mismatch")
        blob.parent.mkdir(parents=True, exist_ok=True)
        blob.write_bytes(bytes_)
        part.unlink(missing_ok=True)
        return self.reply(201)

    def store_upload(self, part: Path, **headers: str) -> None:
        part.parent.mkdir(parents=True, exist_ok=True)
        with part.open("ab") as out:
            out.write(self.body())
        self.reply(202, b"", **headers)


class RegistryDouble(ThreadingHTTPServer):
    """Use as a context manager; serves on a thread of its own."""
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder, self.port = folder, self.server_address[1]
        self.lock, self.over = threading.Lock(), threading.Event()
        self.switches = dict(SWITCHES)
        self.stats: dict[str, Any] = {"blob_bytes": 0, "requests": []}

    def count(self, sent: int) -> None:
        with self.lock:
            self.stats["blob_bytes"] += sent

    def note(self, request: Handler) -> None:
        with self.lock:
            self.stats["requests"].append({
                "method": request.command, "path": request.path,
                "host": request.headers.get("Host", ""),
                "range": request.headers.get("Range", ""),
                "content_range": request.headers.get("Content-Range", ""),
                "authorization": request.headers.get("Authorization", "")})

    def handle_error(self, *_: object) -> None:
        pass  # clients that leave in the middle are what this is for

    def __enter__(self) -> "RegistryDouble":
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.shutdown()
        self.server_close()

    # -- what it serves -------------------------------------------------------------------------

    def add_blob(self, data: bytes) -> dict[str, Any]:
        hexa = hashlib.sha256(data).hexdigest()
        path = self.folder / "blobs" / hexa
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return {"digest": "sha256:" + hexa, "size": len(data)}

    def add_model(self, name: str, weights: bytes, config: bytes = b'{"model_format":"gguf"}') -> str:
        """name: namespace/model:tag. Gives the name to pull."""
        ns, model, tag = re.split("[/:]", name)
        manifest = {"schemaVersion": 2,
                    "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
                    "config": {"mediaType": "application/vnd.docker.container.image.v1+json",
                               **self.add_blob(config)},
                    "layers": [{"mediaType": "application/vnd.ollama.image.model",
                                **self.add_blob(weights)}]}
        path = self.folder / "manifests" / ns / model / tag
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(manifest))
        return f"127.0.0.1:{self.port}/{name}"


def main() -> None:
    with RegistryDouble(Path(sys.argv[1])) as double:
        print("port", double.port, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
