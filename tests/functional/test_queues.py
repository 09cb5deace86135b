# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Work that comes by a watched folder or an MQTT broker, and webhooks that are told of its end."""

import base64
import hashlib
import hmac
import http.server
import json
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from support import FAKE, HOSTED, Daemon, add_model, eventually


class QueueTest(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hailstone-queue-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.daemon = Daemon("--jobs", "2", *self.arguments())
        self.addCleanup(self.daemon.__exit__)
        add_model(self.daemon.store, "quick", engine=FAKE)
        add_model(self.daemon.store, "slow", engine=HOSTED, settings={"token_ms": "20", "tokens": "15"})
        self.write_queues(self.daemon.home / "queues.d")
        self.daemon.start()

    def arguments(self) -> list[str]:
        return []

    def write_queues(self, folder: Path) -> None:
        folder.mkdir()


class Folder(QueueTest):
    RESULTS = "beside"

    def write_queues(self, folder: Path) -> None:
        super().write_queues(folder)
        (folder / "letters.toml").write_text(
            f"kind = 'folder'\ntask = 'generate'\nmodel = 'quick'\npath = '{self.folder}'\n"
            f"results = '{self.RESULTS}'\nparallel = 3\n[options]\nthink = 'false'\n")
        (folder / "broken.toml").write_text("kind = 'folder'\n")

    def put(self, name: str, **request: object) -> None:
        unfinished = self.folder / "in" / f"{name}.part"
        unfinished.write_text(json.dumps(request))
        unfinished.rename(self.folder / "in" / name)

    def names(self, part: str) -> set[str]:
        return {file.name for file in (self.folder / part).iterdir()}


class FolderBeside(Folder):
    def test_a_file_becomes_a_result_beside_it(self) -> None:
        self.put("a.json", prompt="hello")
        self.assertTrue(eventually(lambda: self.names("done") == {"a.json", "a.json.json"}, 20), self.names("done"))
        result = json.loads((self.folder / "done/a.json.json").read_text())
        self.assertTrue(result["done"])
        self.assertIn("hello", result["response"])
        self.assertEqual(self.names("in") | self.names("work") | self.names("failed"), set())

    def test_what_is_wrong_goes_to_failed_with_its_reason(self) -> None:
        self.put("broken.json")
        (self.folder / "in/none.json").write_text("no json")
        self.put("nobody.json", prompt="hello", model="nobody")
        expected = {f"{name}.json{more}" for name in ("broken", "none", "nobody") for more in ("", ".json")}
        self.assertTrue(eventually(lambda: self.names("failed") == expected - {"broken.json", "broken.json.json"}
                                   or self.names("failed") == expected, 20), self.names("failed"))
        reason = json.loads((self.folder / "failed/nobody.json.json").read_text())
        self.assertIn("nobody", reason["error"]["message"])

    def test_metrics_tell_how_it_stands(self) -> None:
        self.put("a.json", prompt="hello")
        (self.folder / "in/none.json").write_text("no json")
        # The result is there before the file has moved beside it.
        self.assertTrue(eventually(lambda: "a.json" in self.names("done") and "none.json" in self.names("failed"), 20))
        told = self.daemon.request("GET", "/metrics")[2].decode()
        for line in ('hailstone_queue_finished_total{outcome="succeeded",queue="letters"} 1',
                     'hailstone_queue_finished_total{outcome="failed",queue="letters"} 1',
                     'hailstone_job_attempts_total{outcome="succeeded"} 1', 'hailstone_jobs{state="queued"} 0'):
            self.assertIn(line, told)
        self.assertIn('hailstone_queue_oldest_seconds{queue="letters"}', told)

    def test_a_file_that_is_being_written_is_left_alone(self) -> None:
        (self.folder / "in/later.json.part").write_text('{"prompt": "wa')
        (self.folder / "in/.hidden.json").write_text("{}")
        self.put("a.json", prompt="hello")
        self.assertTrue(eventually(lambda: "a.json" in self.names("done"), 20))
        self.assertEqual(self.names("in"), {"later.json.part", ".hidden.json"})

    def test_the_same_name_again_does_not_overwrite(self) -> None:
        for text in ("one", "two"):
            self.put("a.json", prompt=text)
            self.assertTrue(eventually(lambda: self.names("in") | self.names("work") == set(), 20))
        self.assertIn("a (2).json", self.names("done"))


class FolderLines(Folder):
    RESULTS = "jsonl"

    def test_every_file_has_one_line_whatever_is_killed(self) -> None:
        for number in range(30):
            self.put(f"{number}.json", prompt=str(number), model="slow" if number % 2 else "quick")
        for _ in range(4):
            eventually(lambda: False, 0.7)
            self.daemon.stop(signal.SIGKILL)
            self.daemon.start()
        self.assertTrue(eventually(lambda: len(self.names("done")) == 30, 90), self.names("done"))
        lines = [json.loads(line) for line in (self.folder / "results.jsonl").read_text().splitlines()]
        self.assertEqual(sorted(line["file"] for line in lines), sorted(f"{number}.json" for number in range(30)))
        for line in lines:
            self.assertEqual(line["status"], "succeeded", line)
            self.assertTrue(line["result"]["done"])


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((dict(self.headers.items()), body))
        self.send_response(503 if len(self.server.heard) <= self.server.refusals else 204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Webhooks(QueueTest):
    def arguments(self) -> list[str]:
        return ["--webhook-hosts", "127.0.0.1"]

    def listen(self, refusals: int = 0) -> http.server.HTTPServer:
        server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
        server.heard, server.refusals = [], refusals
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server

    def infer(self, url: str, **more: object) -> tuple[int, dict]:
        return self.daemon.json("POST", "/api/infer", {"model": "quick", "prompt": "hi", "job": {"webhook": url}, **more})

    def test_a_receiver_is_told_and_can_check_who_tells(self) -> None:
        server = self.listen()
        status, ticket = self.infer(f"http://127.0.0.1:{server.server_port}/hook")
        self.assertEqual(status, 202, ticket)
        self.assertTrue(eventually(lambda: server.heard, 20))
        headers, body = server.heard[0]
        message = json.loads(body)
        self.assertEqual(message["type"], "job.succeeded")
        self.assertEqual(message["data"]["id"], ticket["job_id"])
        secret = (self.daemon.home / "webhook_secret").read_text().strip()
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        digest = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
        self.assertEqual(headers["webhook-signature"], "v1," + base64.b64encode(digest).decode())

    def test_who_does_not_listen_is_told_again(self) -> None:
        server = self.listen(refusals=1)
        self.infer(f"http://127.0.0.1:{server.server_port}/")
        self.assertTrue(eventually(lambda: len(server.heard) == 2, 30))
        self.assertEqual(server.heard[0][0]["webhook-id"], server.heard[1][0]["webhook-id"])

    def test_other_hosts_are_refused_by_name(self) -> None:
        for url in ("http://127.0.0.2/", "http://example.com/", "folder:letters/x", "file:///etc/passwd"):
            status, told = self.infer(url)
            self.assertEqual(status, 400, told)
            self.assertIn("job.webhook", told["error"])


@unittest.skipIf(shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/bin") is None or not shutil.which("mosquitto_rr"),
                 "mosquitto and mosquitto-clients are not installed")
class Mqtt(QueueTest):
    def start_broker(self) -> None:
        # Its messages stay over a restart: nothing is lost by a broker that dies.
        (self.folder / "mosquitto.conf").write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence true\n"
            f"persistence_location {self.folder}/\nautosave_interval 1\nautosave_on_changes true\n")
        self.broker = subprocess.Popen([shutil.which("mosquitto", path="/usr/sbin:/usr/bin:/bin"), "-c", self.folder / "mosquitto.conf"],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertTrue(eventually(self.answers, 10))

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def stop_broker(self) -> None:
        self.broker.terminate()
        self.broker.wait(10)

    def write_queues(self, folder: Path) -> None:
        super().write_queues(folder)
        self.folder.chmod(0o777)  # the broker gives up root
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.start_broker()
        self.addCleanup(self.stop_broker)
        (folder / "house.toml").write_text(
            f"kind = 'mqtt'\ntask = 'generate'\nmodel = 'quick'\nport = {self.port}\ntopic = 'ai/ask'\n")

    def run_client(self, *arguments: str, **more: object) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run([arguments[0], "-p", str(self.port), *arguments[1:]], capture_output=True, timeout=40,
                              check=False, **more)

    def connected(self) -> bool:
        return any("connected to the MQTT broker" in line for line in self.daemon.log)

    def test_a_request_with_a_response_topic_is_answered_there(self) -> None:
        self.assertTrue(eventually(self.connected, 10))
        done = self.run_client("mosquitto_rr", "-V", "5", "-t", "ai/ask", "-e", "my/answers", "-q", "1", "-W", "20", "-m",
                               '{"prompt": "hello"}', "-D", "PUBLISH", "correlation-data", "c-17")
        self.assertTrue(json.loads(done.stdout)["done"], done)

    def test_others_hear_of_it_on_the_queues_own_topic(self) -> None:
        self.assertTrue(eventually(self.connected, 10))
        listener = subprocess.Popen(["mosquitto_sub", "-p", str(self.port), "-t", "ai/ask/result", "-C", "2", "-W", "30",
                                     "-q", "1"], stdout=subprocess.PIPE)
        eventually(lambda: False, 0.5)
        for message in ('{"prompt": "one"}', "{no json"):
            self.run_client("mosquitto_pub", "-t", "ai/ask", "-q", "1", "-m", message)
        told = [json.loads(line) for line in listener.communicate(timeout=40)[0].splitlines()]
        self.assertEqual(len(told), 2)
        self.assertTrue(any(each.get("done") for each in told), told)
        self.assertTrue(any(each.get("error", {}).get("code") == "bad_request" for each in told), told)

    def test_nothing_is_lost_while_daemon_or_broker_are_away(self) -> None:
        self.assertTrue(eventually(self.connected, 10))
        # A listener that is remembered while it is away, too.
        remember = ["-t", "ai/ask/result", "-q", "1", "-c", "-i", "listener"]
        self.run_client("mosquitto_sub", *remember, "-E")
        self.daemon.stop(signal.SIGKILL)
        for number in range(10):
            self.run_client("mosquitto_pub", "-t", "ai/ask", "-q", "1", "-m", json.dumps({"prompt": f"n{number}", "model": "slow"}))
        self.daemon.log.clear()
        self.daemon.start()
        self.assertTrue(eventually(self.connected, 10))
        self.stop_broker()
        self.start_broker()
        told = self.run_client("mosquitto_sub", *remember, "-C", "10", "-W", "35")
        answers = [json.loads(line) for line in told.stdout.splitlines()]
        self.assertEqual({n for n in range(10) if any(f"n{n}" in each["response"] for each in answers)}, set(range(10)), answers)

    def test_two_boxes_share_a_topic(self) -> None:
        second = Daemon("--jobs", "2")
        self.addCleanup(second.__exit__)
        add_model(second.store, "quick", engine=FAKE)
        for box, name in ((self.daemon, "first"), (second, "second")):
            (box.home / "queues.d").mkdir(exist_ok=True)
            (box.home / f"queues.d/{name}.toml").write_text(
                f"kind = 'mqtt'\ntask = 'generate'\nmodel = 'quick'\nport = {self.port}\n"
                "topic = '$share/boxes/ai/shared'\n")
        self.daemon.stop()
        self.daemon.log.clear()
        self.daemon.start()
        second.start()
        both = [self.daemon, second]
        self.assertTrue(eventually(lambda: all(any("connected" in line and "ai/shared" in line for line in box.log)
                                               for box in both), 15))
        listener = subprocess.Popen(["mosquitto_sub", "-p", str(self.port), "-t", "ai/shared/result", "-C", "20", "-W", "30",
                                     "-q", "1"], stdout=subprocess.PIPE)
        eventually(lambda: False, 0.5)
        for number in range(20):
            self.run_client("mosquitto_pub", "-t", "ai/shared", "-q", "1", "-m", json.dumps({"prompt": f"n{number}"}))
        answers = listener.communicate(timeout=40)[0].splitlines()
        self.assertEqual(len(answers), 20)
        taken = [len(box.json("GET", "/v1/jobs?limit=100")[1]["data"]) for box in both]
        self.assertEqual(sum(taken), 20, taken)
        self.assertTrue(all(taken), taken)


if __name__ == "__main__":
    unittest.main()
