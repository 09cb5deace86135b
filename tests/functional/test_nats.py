# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Work from a NATS stream that boxes share, against Debian's nats-server."""

import json
import shutil
import signal
import ssl
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any

from support import FAKE, HOSTED, Daemon, add_model, eventually

from nats_server import NATS_SERVER, Message, NatsClient, NatsServer


@unittest.skipIf(NATS_SERVER is None, "nats-server is not installed")
class Nats(unittest.TestCase):
    SERVER = ""

    def setUp(self) -> None:
        self.server = NatsServer(self.SERVER)
        self.addCleanup(self.server.close)
        self.boxes: list[Daemon] = []

    def queue(self, **more: object) -> str:
        fields = {"kind": "nats", "task": "generate", "model": "quick", "url": self.server.url, "subject": "ai.ask",
                  "lease": 3, **more}
        return "".join(f"{name} = {json.dumps(value)}\n" for name, value in fields.items())

    def start(self, *arguments: str, models: tuple[str, ...] = ("quick", "slow", "broken"), **more: object) -> Daemon:
        box = Daemon("--jobs", "2", *arguments)
        self.addCleanup(box.__exit__)
        kinds = {"quick": (FAKE, {}), "slow": (HOSTED, {"token_ms": "20", "tokens": "15"}),
                 "broken": (HOSTED, {"fail_after": "0"})}
        for name in models:
            add_model(box.store, name, engine=kinds[name][0], settings=kinds[name][1])
        (box.home / "queues.d").mkdir()
        (box.home / "queues.d/ask.toml").write_text(self.queue(**more))
        box.start()
        self.boxes.append(box)
        return box

    def client(self, wrap: Any = None, **options: object) -> NatsClient:
        client = NatsClient(self.server.port, wrap, **options)
        self.addCleanup(client.__exit__)
        return client

    def ready(self, client: NatsClient, stream: str = "ai-ask-dead") -> None:
        self.assertTrue(eventually(lambda: "error" not in client.stream(stream), 20),
                        [line for line in self.boxes[-1].log if "queues" in line])
        self.assertTrue(eventually(lambda: client.stream("ai-ask")["state"]["consumer_count"] > 0, 10))

    def put(self, client: NatsClient, count: int, model: str | None = None, first: int = 0) -> None:
        for number in range(first, first + count):
            body = {"prompt": f"n{number}", **({"model": model} if model else {})}
            told = client.put("ai.ask", json.dumps(body).encode(), Nats_Msg_Id=f"task-{number}")
            self.assertIn("seq", told)

    def left(self, client: NatsClient) -> int:
        told = client.api("CONSUMER.INFO.ai-ask.hailstone-ai-ask")
        return int(told["num_pending"]) + int(told["num_ack_pending"])

    def results(self, client: NatsClient) -> list[Message]:
        return client.messages("ai-ask-results")

    def count(self, client: NatsClient, stream: str) -> int:
        return int(client.stream(stream)["state"]["messages"])


class OneBox(Nats):
    def test_a_message_is_answered_once_and_leaves_the_stream(self) -> None:
        self.start()
        client = self.client()
        self.ready(client)
        told = client.put("ai.ask", b'{"prompt": "hello"}')
        again = [client.put("ai.ask", b'{"prompt": "twice"}', Nats_Msg_Id="mine-1") for _ in range(2)]
        self.assertTrue(again[1]["duplicate"])
        self.assertTrue(eventually(lambda: self.count(client, "ai-ask-results") == 2, 20), self.boxes[0].log)
        results = {message.subject: message for message in self.results(client)}
        self.assertEqual(set(results), {f"ai.ask.result.ai-ask-{told['seq']}", "ai.ask.result.mine-1"})
        mine = results["ai.ask.result.mine-1"]
        self.assertEqual(mine.headers["Hailstone-Status"], "succeeded")
        self.assertEqual(mine.headers["Nats-Msg-Id"], "mine-1")
        self.assertIn("twice", json.loads(mine.payload)["response"])
        self.assertTrue(eventually(lambda: self.count(client, "ai-ask") == 0))

    def test_what_is_wrong_is_told_and_kept_as_a_dead_letter(self) -> None:
        self.start()
        client = self.client()
        self.ready(client)
        client.put("ai.ask", b"{no json", Nats_Msg_Id="bad")
        client.put("ai.ask", b'{"prompt": 5}', Nats_Msg_Id="worse")
        self.assertTrue(eventually(lambda: self.count(client, "ai-ask-dead") == 2, 20))
        dead = {message.subject: message for message in client.messages("ai-ask-dead")}
        self.assertEqual(dead["ai.ask.dead.bad"].payload, b"{no json")
        self.assertIn("JSON", dead["ai.ask.dead.bad"].headers["Hailstone-Reason"])
        self.assertTrue(eventually(lambda: self.count(client, "ai-ask-results") == 2, 20))
        for message in self.results(client):
            self.assertEqual(message.headers["Hailstone-Status"], "failed")
            self.assertEqual(json.loads(message.payload)["error"]["code"], "bad_request")
        self.assertTrue(eventually(lambda: self.count(client, "ai-ask") == 0))

    def test_an_engine_that_dies_is_tried_again_and_then_given_up(self) -> None:
        self.start(attempts=2)
        client = self.client()
        self.ready(client)
        self.put(client, 1, "broken")
        self.assertTrue(eventually(lambda: self.count(client, "ai-ask-dead") == 1, 40), self.boxes[0].log)
        metrics = self.boxes[0].request("GET", "/metrics")[2].decode()
        self.assertIn('hailstone_queue_taken_total{attempt="later",queue="ask"} 1', metrics)
        self.assertIn('hailstone_queue_given_back_total{queue="ask"} 1', metrics)
        self.assertEqual(json.loads(self.results(client)[0].payload)["error"]["code"], "engine_failed")

    def test_no_more_is_taken_than_can_begin(self) -> None:
        self.start(parallel=10)
        client = self.client()
        self.ready(client)
        self.put(client, 12, "slow")
        most = 0
        while self.count(client, "ai-ask-results") < 12:
            state = client.api("CONSUMER.INFO.ai-ask.hailstone-ai-ask")
            most = max(most, state["num_ack_pending"])
        self.assertEqual(most, 2, "as many as there are threads for jobs")

    def test_a_long_job_keeps_its_lease(self) -> None:
        self.start(lease=2)
        add_model(self.boxes[0].store, "long", engine=FAKE, settings={"token_ms": "50", "tokens": "120"})
        client = self.client()
        self.ready(client)
        self.put(client, 1, "long")
        self.assertTrue(eventually(lambda: self.count(client, "ai-ask-results") == 1, 30))
        self.assertIn('hailstone_queue_taken_total{attempt="later",queue="ask"} 0',
                      self.boxes[0].request("GET", "/metrics")[2].decode())

    def test_nothing_is_lost_while_daemon_or_server_are_away(self) -> None:
        box = self.start()
        client = self.client()
        self.ready(client)
        self.put(client, 15, "slow")
        eventually(lambda: self.count(client, "ai-ask-results") > 2, 20)
        box.stop(signal.SIGKILL)
        box.start()
        eventually(lambda: self.count(client, "ai-ask-results") > 6, 20)
        self.server.stop(signal.SIGKILL)
        eventually(lambda: False, 1)
        self.server.start()
        client = self.client()
        self.assertTrue(eventually(lambda: self.count(client, "ai-ask-results") == 15, 60), box.log)
        self.assertEqual(sorted(message.subject for message in self.results(client)),
                         sorted(f"ai.ask.result.task-{number}" for number in range(15)))
        # The server that was killed may have kept what was done, but gives it to nobody.
        self.assertTrue(eventually(lambda: self.left(client) == 0, 20))

    def test_sigterm_gives_back_at_once(self) -> None:
        box = self.start(lease=600)
        client = self.client()
        self.ready(client)
        add_model(box.store, "endless", engine=FAKE, settings={"token_ms": "50", "tokens": "5000"})
        self.put(client, 1, "endless")
        self.assertTrue(eventually(
            lambda: client.api("CONSUMER.INFO.ai-ask.hailstone-ai-ask")["num_ack_pending"] == 1, 20))
        self.assertEqual(box.stop(), 0)
        taken = client.request("$JS.API.CONSUMER.MSG.NEXT.ai-ask.hailstone-ai-ask", b'{"batch": 1, "no_wait": true}')
        self.assertEqual(taken.subject, "ai.ask", taken)

    def test_a_model_that_is_missing_takes_nothing(self) -> None:
        box = self.start(models=("slow",))
        client = self.client()
        self.assertTrue(eventually(lambda: any("until the model is installed" in line for line in box.log), 20))
        client.api("STREAM.CREATE.ai-ask", name="ai-ask", subjects=["ai.ask"], retention="workqueue")
        self.put(client, 1)
        eventually(lambda: False, 1)
        self.assertEqual(self.count(client, "ai-ask"), 1)
        add_model(box.store, "quick", engine=FAKE)
        self.assertTrue(eventually(lambda: "error" not in client.stream("ai-ask-results")
                                   and self.count(client, "ai-ask-results") == 1, 30), box.log)

    def test_an_answer_that_is_too_large_is_told_of(self) -> None:
        self.server.close()
        self.server = NatsServer("max_payload: 8192")
        self.addCleanup(self.server.close)
        box = self.start()
        add_model(box.store, "wordy", engine=FAKE, settings={"tokens": "4000"})
        client = self.client()
        self.ready(client)
        self.put(client, 1, "wordy")
        self.assertTrue(eventually(lambda: self.count(client, "ai-ask-results") == 1, 30), box.log)
        self.assertEqual(json.loads(self.results(client)[0].payload)["error"]["code"], "too_large")


class Guarded(Nats):
    SERVER = 'authorization { user: "box", password: "open sesame" }'

    def test_the_password_comes_from_its_file(self) -> None:
        file = self.server.folder / "password"
        file.write_text("open sesame\n")
        self.start(user="box", password_file=str(file))
        client = self.client(user="box", **{"pass": "open sesame"})
        self.ready(client)
        self.put(client, 1)
        self.assertTrue(eventually(lambda: self.count(client, "ai-ask-results") == 1, 20))

    def test_a_wrong_one_is_told_of(self) -> None:
        box = self.start(user="box")
        self.assertTrue(eventually(lambda: any("no work can be taken" in line for line in box.log), 20))


@unittest.skipUnless(shutil.which("openssl"), "no openssl to make a certificate with")
class Encrypted(Nats):
    def setUp(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="hailstone-nats-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-subj", "/CN=127.0.0.1",
                        "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
        self.certificate = folder / "cert.pem"
        self.SERVER = f'tls {{ cert_file: "{folder}/cert.pem", key_file: "{folder}/key.pem" }}'
        super().setUp()

    def test_the_connection_is_tls_where_a_ca_is_named(self) -> None:
        self.start(ca_file=str(self.certificate))
        context = ssl.create_default_context(cafile=str(self.certificate))
        client = self.client(wrap=lambda plain: context.wrap_socket(plain, server_hostname="127.0.0.1"))
        self.ready(client)
        self.put(client, 1)
        self.assertTrue(eventually(lambda: self.count(client, "ai-ask-results") == 1, 20))

    def test_the_certificate_must_name_the_server(self) -> None:
        box = self.start(ca_file=str(self.certificate), url=f"tls://localhost:{self.server.port}")
        self.assertTrue(eventually(lambda: any("no work can be taken" in line for line in box.log), 20))
        eventually(lambda: False, 2)
        self.assertFalse(any("made a stream" in line for line in box.log))

    def test_a_stranger_is_not_spoken_to(self) -> None:
        box = self.start(url=f"tls://127.0.0.1:{self.server.port}")
        self.assertTrue(eventually(lambda: any("no work can be taken" in line for line in box.log), 20))


class Several(Nats):
    def test_what_dies_or_is_cut_off_is_done_by_others_and_nothing_twice(self) -> None:
        for _ in range(3):
            self.start()
        client = self.client()
        self.ready(client)
        self.put(client, 60, "slow")
        self.assertTrue(eventually(lambda: self.count(client, "ai-ask-results") > 10, 40))
        self.boxes[0].stop(signal.SIGKILL)
        self.boxes[1].process.send_signal(signal.SIGSTOP)
        self.assertTrue(eventually(lambda: self.count(client, "ai-ask-results") == 60, 90))
        self.boxes[1].process.send_signal(signal.SIGCONT)
        # It tells now what it had done before, and is not heard.
        eventually(lambda: False, 4)
        subjects = sorted(message.subject for message in self.results(client))
        self.assertEqual(subjects, sorted(f"ai.ask.result.task-{number}" for number in range(60)))
        self.assertEqual(self.count(client, "ai-ask-dead"), 0)
        self.put(client, 3, first=60)
        self.assertTrue(eventually(lambda: self.count(client, "ai-ask-results") == 63, 30), "the one that was cut off")

    def test_a_box_takes_what_it_has_the_model_for(self) -> None:
        self.start(models=("quick",))
        self.start(models=("quick", "slow"))
        client = self.client()
        self.ready(client)
        self.put(client, 6, "slow")
        self.assertTrue(eventually(lambda: self.count(client, "ai-ask-results") == 6, 60))
        self.assertEqual({message.headers["Hailstone-Status"] for message in self.results(client)}, {"succeeded"})


if __name__ == "__main__":
    unittest.main()
