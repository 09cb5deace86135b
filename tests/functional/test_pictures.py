# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Pictures, from the command line and in every form in which clients send them."""

import base64
import json
import os
import pty
import re
import signal
import subprocess
import threading
import unittest

from support import FAKE, HOSTED, DaemonTest, add_model, eventually

from daemon import BINARY
from png import png

INPUT = {"input": '{"width":32,"height":32,"resize":"letterbox"}'}
# Two boxes of a network whose input is 32 x 32: x, y, width, height, score, class.
BOXES = INPUT | {"outputs": "boxes[2,6]=8 10 8 4 0.9 0  0 8 4 4 0.3 1"}

# Farther to the right.
DEPTH = INPUT | {"outputs": "depth[1,1,32,32]=" + " ".join(str(1 + i % 32) for i in range(1024))}


class Pictures(DaemonTest):
    MODELS = {}

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        add_model(cls.daemon.store, "net", engine=FAKE, task="detect", decoder="boxes",
                  settings=BOXES, layers={"labels": "person\ncar\n"})
        add_model(cls.daemon.store, "far", engine=FAKE, task="depth", decoder="metric-depth",
                  settings=DEPTH)
        cls.photo = cls.daemon.home / "photo.png"
        cls.photo.write_bytes(png(64, 32))

    def command(self, *arguments: object, **more: object) -> "subprocess.CompletedProcess[bytes]":
        env = os.environ | {"HAILSTONE_HOST": f"127.0.0.1:{self.daemon.port}", "TERM": "dumb"}
        return subprocess.run([BINARY, *map(str, arguments)], env=env, timeout=60, check=False,
                              **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more)

    def test_the_batch_lane_finds_the_same(self) -> None:
        told = [self.daemon.request("POST", "/api/detect?model=net", png(640, 480),
                                    {"Content-Type": "image/png", "X-Hailstone-Lane": lane})
                for lane in ("interactive", "batch", "batch")]
        for status, headers, body in told:
            self.assertEqual((status, body), (200, told[0][2]))
            # Decoded before its turn or on it, it takes its time.
            self.assertGreater(float(re.search(r"decode;dur=([\d.]+)", headers["server-timing"]).group(1)), 0)

    def post(self, body: bytes, kind: str, query: str = "") -> object:
        status, _, reply = self.daemon.request("POST", "/api/detect" + query, body,
                                               {"Content-Type": kind})
        self.assertEqual(status, 200, reply)
        return json.loads(reply)

    def test_memory_of_pictures_is_given_back_once_there_is_nothing_to_do(self) -> None:
        most: list[float] = []

        def look(picture: bytes) -> None:
            for _ in range(10):
                self.post(picture, "image/png")
                most.append(self.daemon.rss_mib())

        look(png(64, 32))  # what the first picture brings stays
        before = self.daemon.rss_mib()
        clients = [threading.Thread(target=look, args=(png(1500, 1000),)) for _ in range(4)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        self.assertGreater(max(most), before + 6)
        self.assertTrue(eventually(lambda: self.daemon.rss_mib() < before + 3, 15),
                        f"{self.daemon.rss_mib():.1f} MiB, {before:.1f} before")

    def test_the_three_forms_of_a_request_are_answered_alike(self) -> None:
        picture = self.photo.read_bytes()
        form = (b"--b\r\nContent-Disposition: form-data; name=threshold\r\n\r\n0.5\r\n"
                b"--b\r\nContent-Disposition: form-data; name=image; filename=p.png\r\n\r\n"
                + picture + b"\r\n--b--\r\n")
        text = json.dumps({"image": base64.b64encode(picture).decode(), "threshold": 0.5})
        answers = [self.post(form, "multipart/form-data; boundary=b"),
                   self.post(picture, "image/png", "?threshold=0.5"),
                   self.post(text.encode(), "application/json")]
        self.assertEqual([found["label"] for found in answers[0]], ["person"])
        self.assertEqual(answers, [answers[0]] * 3)

    def test_a_pipe_gets_a_line_of_json_for_each_picture(self) -> None:
        done = self.command("detect", self.photo, self.photo, "--classes", "car", "--verbose")
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(lines), 2)
        self.assertEqual((lines[0]["file"], lines[0]["model"], lines[0]["engine"]),
                         (str(self.photo), "net:latest", FAKE))
        self.assertEqual([found["label"] for found in lines[1]["result"]], ["car"])
        self.assertRegex(done.stderr.decode(), r"net:latest on fake: decode \d+\.\d+ ms, ")

    def test_a_terminal_gets_a_table(self) -> None:
        ours, theirs = pty.openpty()
        done = self.command("detect", "-", input=self.photo.read_bytes(), stdout=theirs)
        os.close(theirs)
        text = os.read(ours, 65536).decode()
        os.close(ours)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = [line.split() for line in text.splitlines()]
        self.assertEqual(rows[0], ["LABEL", "CONFIDENCE", "X", "Y", "WIDTH", "HEIGHT"])
        self.assertEqual([row[:2] for row in rows[1:]], [["person", "0.90"], ["car", "0.30"]])

    def test_a_drawing_is_a_picture_and_never_the_original(self) -> None:
        drawn = self.daemon.home / "drawn.jpg"
        done = self.command("detect", self.photo, "--draw", drawn)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(drawn.read_bytes().startswith(b"\xff\xd8\xff"))
        drawn = self.daemon.home / "drawn.png"
        self.assertEqual(self.command("detect", self.photo, "--draw", drawn).stderr, b"")
        self.assertTrue(drawn.read_bytes().startswith(b"\x89PNG"))
        before = self.photo.read_bytes()
        self.assertEqual(self.command("detect", self.photo, "--draw", self.photo).returncode, 2)
        self.assertEqual(self.photo.read_bytes(), before)

    def test_depth_is_saved_in_the_format_of_its_name_with_its_figures(self) -> None:
        saved = self.daemon.home / "depth.npy"
        done = self.command("depth", self.photo, "--out", saved)
        self.assertEqual(done.returncode, 0, done.stderr)
        line = json.loads(done.stdout)
        self.assertEqual(line["saved"], str(saved))
        self.assertEqual((line["result"]["kind"], line["result"]["unit"]), ("metric", "m"))
        self.assertLess(line["result"]["min"], line["result"]["max"])
        self.assertIn(b"'shape': (32, 64", saved.read_bytes()[:128])
        colored = saved.with_suffix(".png")
        done = self.command("depth", self.photo, "--out", colored, "--color")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(colored.read_bytes().startswith(b"\x89PNG"))

    def test_what_cannot_be_done_is_said(self) -> None:
        for arguments, code, words in [
                (("detect", self.daemon.home), 2, "is a folder"),
                (("detect", self.photo, "--threshold", "7"), 1, "threshold must be a number"),
                (("detect", self.photo, "--classes", "unicorn"), 1, "it knows: person, car"),
                (("detect", self.photo, "--model", "absent"), 1, "model 'absent' not found"),
                (("pose", self.photo), 1, "hailstone pull ")]:
            done = self.command(*arguments)
            self.assertEqual((done.returncode, done.stdout), (code, b""), arguments)
            self.assertIn(words, done.stderr.decode())


class DyingHost(DaemonTest):
    MODELS = {}

    def ask(self, model: str, results: list[tuple[str, int]]) -> None:
        status = self.daemon.request("POST", f"/api/detect?model={model}", png(64, 32),
                                     {"Content-Type": "image/png"})[0]
        results.append((model, status))

    def test_a_host_that_dies_costs_the_requests_that_it_was_running_and_no_other(self) -> None:
        for name, more in (("doomed", {"hang_after": "0"}), ("fine", {})):
            add_model(self.daemon.store, name, engine=HOSTED, task="detect", decoder="boxes", settings=BOXES | more)
        results: list[tuple[str, int]] = []
        running = threading.Thread(target=self.ask, args=("doomed", results))
        running.start()
        self.assertTrue(eventually(lambda: self.leases("doomed") == 1 and len(self.daemon.children()) == 1))
        [host] = self.daemon.children()
        self.ask("doomed", results)  # the same host answers beside the run that hangs
        others = [threading.Thread(target=self.ask, args=("fine", results)) for _ in range(20)]
        for each in others:
            each.start()
        os.kill(host, signal.SIGKILL)
        for each in [running, *others]:
            each.join(30)
        self.assertEqual(sorted(results), [("doomed", 200), ("doomed", 500)] + [("fine", 200)] * 20)

    def leases(self, name: str) -> int:
        models = self.daemon.json("GET", "/api/list-resources")[1]["models"]
        return sum(model["leases"] for model in models if model["name"].startswith(name))


if __name__ == "__main__":
    unittest.main()
