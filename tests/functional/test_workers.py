# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Workers: a Python file and a manifest become a service while the daemon runs."""

import base64
import json
import os
import signal
import socket
import sys
import threading
import time
import unittest
from pathlib import Path
from typing import Any

from support import DaemonTest, eventually

JPEG = b"\xff\xd8\xff" + bytes(range(200))

MEAN = '''\
import os
import time

from hailstone_worker import BadRequest


def start():
    global started
    started = time.time()


def handle(request):
    image = request.file("image")
    if request["level"] == 13:
        raise BadRequest("13 is nobody's level", "take another one")
    if request["level"] == 66:
        os.kill(os.getpid(), 9)
    if request["level"] == 77:
        time.sleep(600)
    return {"mean": sum(image.data) / len(image), "level": request["level"], "started": started}
'''

MANIFEST = '''\
name = "mean"
description = "the mean of a picture's bytes"
module = "mean.py"
route = "/api/mean"
timeout = 3
[fields.image]
type = "file"
media = ["image/*"]
required = true
[fields.level]
type = "integer"
min = 0
max = 100
default = 3
'''


class WorkersTest(DaemonTest):
    MODELS = {}

    @classmethod
    def add_worker(cls, name: str, manifest: str, **files: str) -> Path:
        """A folder of its own, written as a user would: the manifest last."""
        folder = cls.daemon.home / "workers.d" / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            (folder / (file + ".py")).write_text(text)
        # Where the tests' own Python is no package of the system.
        text = f'python = {json.dumps(sys.executable)}\n' + manifest
        if sys.base_prefix != "/usr":
            text = f'read = {json.dumps([sys.base_prefix, sys.prefix])}\n' + text
        (folder / "worker.toml").write_text(text)
        return folder

    def workers(self) -> dict[str, Any]:
        status, reply = self.daemon.json("GET", "/api/workers")
        self.assertEqual(status, 200, reply)
        return {each["name"]: each for each in reply["workers"]}

    def post(self, path: str, body: bytes = b"", kind: str = "application/json",
             **headers: str) -> tuple[int, dict[str, str], Any]:
        status, got, reply = self.daemon.request("POST", path, body,
                                                 {"Content-Type": kind, **headers})
        try:
            return status, got, json.loads(reply)
        except ValueError:
            return status, got, reply

    def pids(self, name: str) -> list[int]:
        """Of the processes that run this worker."""
        found = []
        for entry in Path("/proc").iterdir():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0") if entry.name.isdigit() else []
            except OSError:
                continue
            if b"hailstone_worker" in words and any(
                    f"{self.daemon.home}/workers.d/{name}/".encode() in word for word in words):
                found.append(int(entry.name))
        return found


class AFunctionWorker(WorkersTest):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.add_worker("mean", MANIFEST, mean=MEAN)

    def setUp(self) -> None:
        self.assertIn("mean", self.workers())

    def test_a_file_and_a_manifest_become_a_route(self) -> None:
        status, headers, reply = self.post("/api/mean?level=7", JPEG, "image/jpeg")
        self.assertEqual(status, 200, reply)
        self.assertAlmostEqual(reply["mean"], sum(JPEG) / len(JPEG))
        self.assertEqual(reply["level"], 7)
        self.assertEqual(headers["x-hailstone-engine"], "worker")
        again = self.post("/api/mean", json.dumps(
            {"image": base64.b64encode(JPEG).decode()}).encode())[2]
        self.assertEqual(again["started"], reply["started"], "start() is called once")
        self.assertEqual(again["level"], 3, "the manifest's default")

    def test_an_upload_in_a_form(self) -> None:
        body = (b'--b\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n'
                b'Content-Type: image/jpeg\r\n\r\n' + JPEG + b'\r\n--b--\r\n')
        status, _, reply = self.post("/api/mean", body, "multipart/form-data; boundary=b")
        self.assertEqual(status, 200, reply)

    def test_a_large_upload_goes_through_shared_memory(self) -> None:
        picture = JPEG + bytes(3 << 20)
        status, _, reply = self.post("/api/mean", picture, "image/jpeg")
        self.assertEqual(status, 200, reply)
        self.assertAlmostEqual(reply["mean"], sum(JPEG) / len(picture))

    def test_requests_are_checked_before_the_worker_sees_them(self) -> None:
        for query, kind, body, expected in (
                ("?level=101", "image/jpeg", JPEG, "level must be a whole number from 0 to 100"),
                ("?colour=red", "image/jpeg", JPEG, "'colour' is no field of mean"),
                ("", "application/json", b"{}", "image is required"),
                ("", "application/json", b'{"image":"!"}', "image must be a file in base64")):
            status, _, reply = self.post("/api/mean" + query, body, kind)
            self.assertEqual(status, 400, reply)
            self.assertIn(expected, reply["error"])
        self.assertIn("image is text/plain, not image/*",
                      self.post("/api/mean", b"text", "text/plain")[2]["error"])
        self.assertEqual(self.daemon.json("GET", "/api/mean")[0], 405)

    def test_what_the_worker_says_is_an_error_reply(self) -> None:
        status, _, reply = self.post("/api/mean?level=13", JPEG, "image/jpeg")
        self.assertEqual(status, 400)
        self.assertEqual(reply, {"error": "13 is nobody's level", "detail": "take another one"})

    def test_a_crash_is_one_error_and_the_next_call_works(self) -> None:
        status, _, reply = self.post("/api/mean?level=66", JPEG, "image/jpeg")
        self.assertGreaterEqual(status, 500)
        self.assertIn("signal 9", reply["error"])
        self.assertEqual(self.post("/api/mean", JPEG, "image/jpeg")[0], 200)

    def test_a_call_that_hangs_ends_with_its_time(self) -> None:
        begun = time.monotonic()
        status, _, reply = self.post("/api/mean?level=77", JPEG, "image/jpeg")
        self.assertEqual(status, 504, reply)
        self.assertLess(time.monotonic() - begun, 15)
        self.assertEqual(self.post("/api/mean", JPEG, "image/jpeg")[0], 200)

    def test_it_can_be_a_job(self) -> None:
        status, headers, job = self.post("/api/mean?level=9", JPEG, "image/jpeg",
                                         Prefer="respond-async")
        self.assertEqual(status, 202, job)
        path = "/v1/jobs/" + job["id"]
        self.assertTrue(eventually(
            lambda: self.daemon.json("GET", path)[1]["status"] == "succeeded"))
        result = self.daemon.json("GET", f"/api/infer/{job['id']}/result")[1]
        self.assertEqual(result["level"], 9)

    def test_it_is_in_the_lists(self) -> None:
        self.post("/api/mean", JPEG, "image/jpeg")
        worker = self.workers()["mean"]
        self.assertEqual(worker["state"], "loaded")
        self.assertGreater(worker["host_bytes"], 1 << 20)
        self.assertEqual([field["name"] for field in worker["fields"]], ["image", "level"])
        self.assertEqual(self.daemon.json("GET", "/api/workers/mean")[1]["route"], "/api/mean")
        self.assertEqual(self.daemon.json("GET", "/api/workers/nobody")[0], 404)
        running = [model["name"] for model in self.daemon.json("GET", "/api/ps")[1]["models"]]
        self.assertIn("worker/mean:latest", running)
        engines = {each["name"]: each for each in self.daemon.json("GET", "/api/health")[1]["engines"]}
        self.assertTrue(engines["worker"]["usable"], engines["worker"])
        metrics = self.daemon.request("GET", "/metrics")[2].decode()
        self.assertIn('hailstone_worker_calls_total{outcome="succeeded",worker="mean"}', metrics)

    def test_its_process_goes_with_an_unload(self) -> None:
        self.post("/api/mean", JPEG, "image/jpeg")
        self.assertEqual(len(self.pids("mean")), 1)
        status, reply = self.daemon.json("POST", "/api/unload", {"model": "worker/mean"})
        self.assertEqual(status, 200, reply)
        self.assertTrue(eventually(lambda: not self.pids("mean")))


class FilesThatComeAndGo(WorkersTest):
    def test_changed_code_counts_from_the_next_request_on(self) -> None:
        folder = self.add_worker("now", 'name = "now"\nmodule = "now.py"\n',
                                 now="def handle(request):\n    return 1\n")
        self.assertIn("now", self.workers())
        self.assertEqual(self.post("/api/now")[2], 1)
        (folder / "now.py").write_text("def handle(request):\n    return 22\n")
        self.assertTrue(eventually(lambda: self.post("/api/now")[2] == 22))
        (folder / "worker.toml").unlink()
        self.assertTrue(eventually(lambda: self.post("/api/now")[0] == 404))

    def test_a_bad_manifest_is_named_and_harms_nobody(self) -> None:
        self.add_worker("bad", 'name = "bad"\nmodul = "x.py"\n')
        self.add_worker("taken", 'name = "taken"\nmodule = "x.py"\nroute = "/api/chat"\n')
        self.add_worker("greedy", 'name = "greedy"\nmodule = "x.py"\ndevices = ["/dev/hailo0"]\n')
        problems = "\n".join(self.daemon.json("GET", "/api/workers")[1]["problems"])
        self.assertIn("bad/worker.toml:", problems)
        self.assertIn("module", problems)
        self.assertIn("/api/chat is taken", problems)
        self.assertIn("greedy/worker.toml: npu_bytes is missing", problems)
        self.assertEqual(self.daemon.json("GET", "/api/version")[0], 200)

    def test_code_that_does_not_start_says_why(self) -> None:
        self.add_worker("broken", 'name = "broken"\nmodule = "broken.py"\n',
                        broken="import no_such_module\n")
        self.assertIn("broken", self.workers())
        status, _, reply = self.post("/api/broken")
        self.assertGreaterEqual(status, 500, reply)
        self.assertIn("no_such_module", reply["error"])


class TheBudget(WorkersTest):
    ARGS = ("--npu-memory", "100MiB")

    def test_a_worker_on_the_chip_counts_there(self) -> None:
        code = "def handle(request):\n    return 1\n"
        for name, npu in (("small", 60 << 20), ("other", 60 << 20), ("large", 200 << 20)):
            self.add_worker(name, f'name = "{name}"\nmodule = "w.py"\nnpu_bytes = {npu}\n', w=code)
        self.workers()
        self.assertEqual(self.post("/api/small")[0], 200)
        self.assertEqual(self.workers()["small"]["npu_bytes"], 60 << 20)
        self.assertEqual(self.daemon.json("GET", "/api/list-resources")[1]["memory"]["npu"]["used_bytes"],
                         60 << 20)
        self.assertEqual(self.post("/api/other")[0], 200)
        self.assertEqual(self.workers()["small"]["state"], "idle", "it went for the other one")
        status, _, reply = self.post("/api/large")
        self.assertEqual(status, 503, reply)
        self.assertIn("200.0 MiB", str(reply))


class OtherResults(WorkersTest):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.add_worker("paint", 'name = "paint"\nmodule = "paint.py"\nresult = "picture"\n',
                       paint="from hailstone_worker import File\n\n\ndef handle(request):\n"
                             "    return {'size': 3}, File(b'PNG', 'image/png', 'a.png')\n")
        cls.add_worker("count", 'name = "count"\nmodule = "count.py"\nresult = "stream"\n'
                                '[fields.to]\ntype = "integer"\ndefault = 3\n',
                       count="import asyncio\n\n\nasync def handle(request):\n"
                             "    for i in range(request['to']):\n"
                             "        yield {'i': i}\n        await asyncio.sleep(0.01)\n")
        cls.add_worker("upper", 'name = "upper"\nkind = "command"\n'
                                'command = ["tr", "a-z", "{to}"]\n[fields.to]\ntype = "text"\n')
        cls.add_worker("copying", 'name = "copying"\nkind = "command"\nresult = "file"\n'
                               'command = ["cp", "{verbose?-v}", "{file}", "{output}/copy.txt"]\n'
                               'outputs = ["*.txt"]\n'
                               '[fields.file]\ntype = "file"\nrequired = true\n'
                               '[fields.verbose]\ntype = "boolean"\n')
        cls.add_worker("fail", 'name = "fail"\nkind = "command"\n'
                               'command = ["sh", "-c", "echo broken pipe organ >&2; exit 3"]\n')

    def setUp(self) -> None:
        self.workers()

    def test_a_picture_is_the_body(self) -> None:
        status, headers, reply = self.post("/api/paint")
        self.assertEqual((status, headers["content-type"], reply), (200, "image/png", b"PNG"))
        reply = self.post("/api/paint", Accept="application/json")[2]
        self.assertEqual(reply["value"], {"size": 3})
        self.assertEqual(reply["files"][0]["data"], "UE5H")

    def test_a_stream_comes_line_by_line_or_as_events(self) -> None:
        _, headers, reply = self.daemon.request("POST", "/api/count?to=3", b"")
        self.assertEqual(headers["content-type"], "application/x-ndjson")
        self.assertEqual([json.loads(line) for line in reply.splitlines()],
                         [{"i": 0}, {"i": 1}, {"i": 2}])
        _, headers, reply = self.daemon.request("POST", "/api/count?to=2", b"",
                                                {"Accept": "text/event-stream"})
        self.assertEqual(reply, b'data: {"i":0}\n\ndata: {"i":1}\n\n')

    def test_a_command_runs_for_each_request(self) -> None:
        status, _, reply = self.post("/api/copying?verbose=true", b"hello", "text/plain")
        self.assertEqual((status, reply), (200, b"hello"))
        status, _, reply = self.post("/api/fail")
        self.assertGreaterEqual(status, 500)
        self.assertIn("ended with 3: broken pipe organ", reply["error"])


class StreamWorkers(WorkersTest):
    """A source in, events and pictures out until they are stopped."""

    CODE = """
from hailstone_worker import File


def handle(request):
    number = 0
    if request["source"] == "broken":
        raise RuntimeError("no camera")
    while request.wait(0.02):
        number += 1
        yield {"source": request["source"], "number": number}, File(b"JPEG%d" % number, "image/jpeg")
"""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        manifest = ('kind = "stream"\nmodule = "w.py"\nparallel = 2\n{}'
                    '[fields.source]\ntype = "text"\ndefault = "rpi"\n')
        cls.add_worker("eye", 'name = "eye"\n' + manifest.format("restart = false\n"), w=cls.CODE)
        cls.add_worker("quiet", 'name = "quiet"\n' + manifest.format("stall_limit = 1\n"), w="""
import time


def handle(request):
    if request["source"] == "hangs":
        time.sleep(1000)
    while request.wait(0.1):
        yield None
""")
        cls.add_worker("always", 'name = "always"\n' + manifest.format("autostart = true\n"), w=cls.CODE)

    def setUp(self) -> None:
        self.workers()

    def stream(self, name: str, id: str) -> dict[str, Any]:
        return self.daemon.json("GET", f"/api/{name}/{id}")[1]

    def test_it_runs_without_a_client_until_it_is_stopped(self) -> None:
        status, headers, stream = self.post("/api/eye?source=usb")
        self.assertEqual(status, 201, stream)
        self.assertEqual(headers["location"], "/api/eye/" + stream["id"])
        self.assertTrue(eventually(lambda: self.stream("eye", stream["id"])["events"] > 5))
        _, headers, picture = self.daemon.request("GET", stream["picture_url"])
        self.assertEqual(headers["content-type"], "image/jpeg")
        self.assertTrue(picture.startswith(b"JPEG"))
        ended = self.daemon.json("DELETE", "/api/eye/" + stream["id"])[1]
        self.assertEqual(ended["state"], "ended", ended)
        lines = self.daemon.request("GET", stream["events_url"] + "?after=2", b"",
                                    {"Accept": "application/x-ndjson"})[2].splitlines()
        self.assertEqual(json.loads(lines[0]), {"source": "usb", "number": 3})
        events = self.daemon.request("GET", stream["events_url"], b"", {"Last-Event-ID": "4"})[2]
        self.assertTrue(events.startswith(b'id: 5\ndata: {"number":5,'), events[:80])

    def test_who_follows_it_at_once_ends_it_by_leaving(self) -> None:
        with socket.create_connection(("127.0.0.1", self.daemon.port)) as client:
            client.sendall(b"POST /api/eye HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
                           b"Accept: text/event-stream\r\n\r\n")
            seen = b""
            while b'"number":3' not in seen:
                seen += client.recv(4096)
        self.assertTrue(eventually(lambda: all(
            each["state"] in ("ended", "failed")
            for each in self.daemon.json("GET", "/api/eye")[1]["streams"])))

    def test_pictures_can_be_followed(self) -> None:
        stream = self.post("/api/eye")[2]
        with socket.create_connection(("127.0.0.1", self.daemon.port)) as client:
            client.sendall(f"GET {stream['picture_url']}?follow=true HTTP/1.1\r\nHost: localhost\r\n\r\n"
                           .encode())
            seen = b""
            while seen.count(b"Content-Type: image/jpeg") < 3:
                seen += client.recv(4096)
        self.assertIn(b"multipart/x-mixed-replace", seen)
        self.daemon.json("DELETE", "/api/eye/" + stream["id"])

    def test_only_as_many_run_as_its_file_allows(self) -> None:
        first, second = self.post("/api/eye")[2], self.post("/api/eye")[2]
        status, _, refused = self.post("/api/eye")
        self.assertEqual(status, 503, refused)
        self.assertIn("runs 2 times already", refused["error"])
        for stream in (first, second):
            self.daemon.json("DELETE", "/api/eye/" + stream["id"])

    def test_one_that_fails_says_why(self) -> None:
        stream = self.post("/api/eye?source=broken")[2]
        self.assertTrue(eventually(lambda: self.stream("eye", stream["id"])["state"] == "failed"))
        self.assertIn("no camera", self.stream("eye", stream["id"])["error"])
        self.assertEqual(self.daemon.json("GET", "/api/eye/stream-0/events")[0], 404)

    def test_one_that_hangs_is_started_again_and_one_that_is_silent_is_not(self) -> None:
        hangs, silent = self.post("/api/quiet?source=hangs")[2], self.post("/api/quiet")[2]
        self.assertTrue(eventually(lambda: self.stream("quiet", hangs["id"])["restarts"] >= 1))
        self.assertIn("no sign of life for 1 s", self.stream("quiet", hangs["id"])["error"])
        self.assertNotIn("sign of life", self.stream("quiet", silent["id"]).get("error", ""))
        self.assertEqual(self.stream("quiet", silent["id"])["events"], 0)
        for stream in (hangs, silent):
            self.daemon.json("DELETE", "/api/quiet/" + stream["id"])

    def test_one_that_starts_by_itself_is_started_again_after_a_crash(self) -> None:
        def running() -> list[dict[str, Any]]:
            return [each for each in self.daemon.json("GET", "/api/always")[1]["streams"]
                    if each["state"] == "running" and each["events"] > 3]
        self.assertTrue(eventually(running))
        stream = running()[0]
        for pid in self.pids("always"):
            os.kill(pid, signal.SIGKILL)
        self.assertTrue(eventually(
            lambda: self.stream("always", stream["id"])["restarts"] == 1
            and self.stream("always", stream["id"])["state"] == "running"))
        seen = self.stream("always", stream["id"])["events"]
        self.assertTrue(eventually(lambda: self.stream("always", stream["id"])["events"] > seen))


class AStreamAtTheEnd(WorkersTest):
    def test_who_follows_one_does_not_hold_the_daemon_up(self) -> None:
        self.add_worker("eye", 'name = "eye"\nkind = "stream"\nmodule = "w.py"\n'
                               '[fields.source]\ntype = "text"\ndefault = "rpi"\n', w=StreamWorkers.CODE)
        self.workers()
        with socket.create_connection(("127.0.0.1", self.daemon.port)) as client:
            client.sendall(b"POST /api/eye HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
                           b"Accept: text/event-stream\r\n\r\n")
            self.assertTrue(client.recv(4096))
            begun = time.monotonic()
            self.assertEqual(self.daemon.stop(), 0)
            self.assertLess(time.monotonic() - begun, 12)


class LooksAtPictures(WorkersTest):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.add_worker("cats", 'name = "cats"\nmodule = "w.py"\nvision = "detect"\n'
                               '[fields.image]\ntype = "file"\nrequired = true\n'
                               '[fields.level]\ntype = "number"\ndefault = 0.9\nmax = 1\n',
                       w="def handle(request):\n"
                         "    return [{'label': 'cat', 'confidence': request['level'], 'bbox': [1, 2, 3, 4]},\n"
                         "            {'label': 'dog', 'confidence': 0.1, 'bbox': [5, 6, 7, 8]}]\n")

    def setUp(self) -> None:
        self.workers()
        from test_engines import picture
        self.picture = picture(32, 16, (2, 2, 5, 5))

    def test_it_is_a_model_of_deepstack(self) -> None:
        names = self.post("/v1/vision/custom/list", kind="application/x-www-form-urlencoded")[2]["models"]
        self.assertIn("cats", names)
        body = (b'--b\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
                + self.picture + b'\r\n--b--\r\n')
        status, _, reply = self.post("/v1/vision/custom/cats", body, "multipart/form-data; boundary=b")
        self.assertEqual(status, 200, reply)
        self.assertEqual(reply["predictions"], [{"label": "cat", "confidence": 0.9, "x_min": 1,
                                                 "y_min": 2, "x_max": 4, "y_max": 6}])

    def test_it_is_a_task_of_analyze(self) -> None:
        status, _, reply = self.post("/api/analyze?tasks=cats&cats.level=0.5", self.picture, "image/png")
        self.assertEqual(status, 200, reply)
        self.assertEqual(reply["results"]["cats"][0]["confidence"], 0.5)
        status, _, reply = self.post("/api/analyze?tasks=cats&cats.level=2", self.picture, "image/png")
        self.assertEqual(status, 400, reply)
        self.assertIn("level must be a number up to 1", reply["error"])

    def test_it_is_in_health_and_resources(self) -> None:
        for path in ("/api/health", "/api/list-resources"):
            self.assertIn("cats", [each["name"] for each in self.daemon.json("GET", path)[1]["workers"]])


class ThoseThatMisbehave(WorkersTest):
    """Each harms itself alone."""

    def one(self, name: str, code: str, more: str = "") -> tuple[int, Any]:
        self.add_worker(name, f'name = "{name}"\nmodule = "w.py"\ntimeout = 20\n{more}', w=code)
        self.assertIn(name, self.workers())
        status, _, reply = self.post("/api/" + name)
        self.assertEqual(self.daemon.json("GET", "/api/version")[0], 200)
        return status, reply

    def test_it_sees_nothing_of_others(self) -> None:
        (self.daemon.home / "secret").write_text("secret")
        status, reply = self.one("spy", f"""
import os, socket

def attempt(what):
    try:
        what()
        return "done"
    except OSError as error:
        return error.strerror

def handle(request):
    return {{
        "read": attempt(lambda: open({str(self.daemon.home / "secret")!r})),
        "write": attempt(lambda: open({str(self.daemon.home / "workers.d/x")!r}, "w")),
        "net": attempt(lambda: socket.create_connection(("127.0.0.1", {self.daemon.port}), 1)),
        "kill": attempt(lambda: os.kill({self.daemon.pid}, 0)),
        "leave": attempt(os.setsid),
        "fds": sorted(int(fd) for fd in os.listdir("/proc/self/fd")),
        "variables": sorted(os.environ),
        "own": attempt(lambda: open(os.path.join(os.environ["HOME"], "mine"), "w")),
    }}
""")
        self.assertEqual(status, 200, reply)
        for what in ("read", "write", "net", "leave"):
            self.assertNotEqual(reply[what], "done", what)
        self.assertEqual(reply["own"], "done")
        self.assertLessEqual(max(reply["fds"]), 12)
        self.assertFalse([name for name in reply["variables"] if "KEY" in name or "TOKEN" in name])

    def test_one_that_fills_the_disk_is_ended(self) -> None:
        status, reply = self.one("filler", """
import os

def handle(request):
    for number in range(10000):
        with open(os.path.join(os.environ["TMPDIR"], str(number)), "wb") as file:
            file.write(bytes(1 << 20))
        if number > 100:
            import time
            time.sleep(0.1)
""", "disk_bytes = 50000000\n")
        self.assertGreaterEqual(status, 500, reply)
        self.assertIn("of the disk, 47", reply["error"])

    def test_one_that_forks_without_end_is_ended_with_all_of_them(self) -> None:
        status, reply = self.one("forker", """
import os, time

def handle(request):
    for _ in range(100):
        if os.fork() == 0:
            time.sleep(600)
    time.sleep(600)
""", "processes = 20\n")
        self.assertGreaterEqual(status, 500, reply)
        self.assertIn("processes, 20 is allowed", reply["error"])
        self.assertTrue(eventually(lambda: not self.pids("forker")))

    def test_one_that_takes_too_much_memory_is_ended(self) -> None:
        status, reply = self.one("hog", """
import time

def handle(request):
    kept = []
    while True:
        kept.append(b"x" * (20 << 20))
        time.sleep(0.02)
""", "memory_bytes = 300000000\n")
        self.assertGreaterEqual(status, 500, reply)
        self.assertIn("of memory", reply["error"])

    def test_one_that_always_crashes_is_not_started_for_ever(self) -> None:
        self.one("crasher", "import os\n\n\ndef handle(request):\n    os.abort()\n")
        replies = [self.post("/api/crasher") for _ in range(4)]
        status, headers, reply = replies[-1]
        self.assertEqual(status, 503, reply)
        self.assertIn("crashed 3 times in a row", reply["error"])
        self.assertGreater(int(headers["retry-after"]), 0)
        worker = self.workers()["crasher"]
        self.assertEqual(worker["state"], "faulted")
        self.assertIn("worker", worker["reason"])
        self.daemon.json("POST", "/api/unload", {"model": "worker/crasher"})
        self.assertEqual(self.workers()["crasher"]["state"], "idle")

    def test_one_that_ends_itself_is_an_error_not_an_end(self) -> None:
        status, reply = self.one("quitter", "import sys\n\n\ndef handle(request):\n    sys.exit(3)\n")
        self.assertGreaterEqual(status, 500)
        self.assertIn("SystemExit: 3", reply["error"])
        self.assertEqual(self.workers()["quitter"]["state"], "loaded")

    def test_one_that_floods_is_slowed_down(self) -> None:
        self.add_worker("flood", 'name = "flood"\nmodule = "w.py"\nresult = "stream"\n', w="""
def handle(request):
    while True:
        print("x" * 10000)
        yield {"x": "y" * 100000}
""")
        self.assertIn("flood", self.workers())
        before = self.daemon.rss_mib()
        with socket.create_connection(("127.0.0.1", self.daemon.port)) as client:
            client.sendall(b"POST /api/flood HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
            time.sleep(2)  # nobody reads
            self.assertLess(self.daemon.rss_mib() - before, 60)
        self.assertTrue(eventually(
            lambda: self.workers()["flood"]["state"] in ("loaded", "idle")))
        log = self.daemon.home / "workers/flood/log"
        if log.exists():
            self.assertLess(log.stat().st_size, 4 << 20)


class CallsWithKills(WorkersTest):
    def test_only_the_running_call_fails(self) -> None:
        self.add_worker("nap", 'name = "nap"\nmodule = "w.py"\n'
                               '[fields.seconds]\ntype = "number"\ndefault = 0\n', w="""
import time

def handle(request):
    time.sleep(request["seconds"])
    return 1
""")
        self.assertIn("nap", self.workers())
        self.assertEqual(self.post("/api/nap")[0], 200)
        for _ in range(10):
            failures: list[Any] = []
            running = threading.Thread(
                target=lambda: failures.append(self.post("/api/nap?seconds=20")))
            running.start()
            time.sleep(0.2)
            for pid in self.pids("nap"):
                os.kill(pid, signal.SIGKILL)
            running.join()
            status, _, reply = failures[0]
            self.assertGreaterEqual(status, 500, reply)
            self.assertIn("signal 9", reply["error"])
            for _ in range(5):
                self.assertEqual(self.post("/api/nap")[0], 200)


if __name__ == "__main__":
    unittest.main()
