# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""A table of PostgreSQL's as a queue that boxes share, and as a place for results, against Debian's server."""

import json
import shutil
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import FAKE, HOSTED, Daemon, add_model, eventually

from postgres_server import MISSING, PostgresServer


@unittest.skipIf(MISSING, "postgresql is not installed")
class Postgres(unittest.TestCase):
    AUTHENTICATION = "trust"

    def setUp(self) -> None:
        self.server = PostgresServer(self.AUTHENTICATION)
        self.addCleanup(self.server.close)
        self.boxes: list[Daemon] = []

    def start(self, models: tuple[str, ...] = ("quick", "slow", "broken"), text: str | None = None, **more: object) -> Daemon:
        box = Daemon("--jobs", "2")
        box.command_prefix = self.prefix(box.home)
        self.addCleanup(box.__exit__)
        kinds = {"quick": (FAKE, {}), "slow": (HOSTED, {"token_ms": "20", "tokens": "15"}),
                 "broken": (HOSTED, {"fail_after": "0"})}
        for name in models:
            add_model(box.store, name, engine=kinds[name][0], settings=kinds[name][1])
        fields = {"kind": "postgres", "task": "generate", "model": "quick", "connection": self.server.connection, "lease": 3, **more}
        (box.home / "queues.d").mkdir()
        (box.home / "queues.d/ask.toml").write_text(
            text or "".join(f"{name} = {json.dumps(value)}\n" for name, value in fields.items()))
        box.start()
        self.boxes.append(box)
        return box

    def prefix(self, home: Path) -> tuple[str, ...]:
        """Of the daemon's command."""
        return ()

    def ready(self) -> None:
        self.assertTrue(eventually(
            lambda: self.server.value("SELECT to_regclass('hailstone_results') IS NOT NULL") == "t", 20), self.boxes[-1].log)

    def put(self, count: int, model: str = "quick", first: int = 0) -> None:
        self.server.run(f"INSERT INTO hailstone_jobs (id, request) SELECT 'task-' || n, jsonb_build_object('model', '{model}', "
                        f"'prompt', 'n' || n) FROM generate_series({first}, {first + count - 1}) AS n")

    def results(self, condition: str = "true") -> int:
        return int(self.server.value(f"SELECT count(*) FROM hailstone_results WHERE {condition}"))


class OneBox(Postgres):
    def test_a_row_is_answered_by_a_row(self) -> None:
        self.start()
        self.ready()
        self.put(3)
        self.assertTrue(eventually(lambda: self.results() == 3, 20), self.boxes[0].log)
        rows = self.server.run("SELECT job_id, queue, status, content_type, result->>'response' FROM hailstone_results ORDER BY 1")
        self.assertEqual([row[:3] for row in rows], [[f"task-{n}", "hailstone_jobs", "succeeded"] for n in range(3)])
        self.assertTrue(rows[0][3].startswith("application/json"))
        self.assertIn("n0", rows[0][4])
        self.assertEqual(self.server.run("SELECT DISTINCT state, attempts FROM hailstone_jobs"), [["done", "1"]])

    def test_what_is_wrong_is_dead_with_its_reason_and_can_be_tried_again(self) -> None:
        self.start()
        self.ready()
        self.server.run("INSERT INTO hailstone_jobs (id, request) VALUES ('bad', '{\"prompt\": 5}'), ('list', '[1]');"
                        "INSERT INTO hailstone_jobs (id, content) VALUES ('bytes', '\\x00ff');")
        self.assertTrue(eventually(lambda: self.results("status = 'failed'") == 3, 20), self.boxes[0].log)
        self.assertEqual(self.server.value("SELECT error->'error'->>'code' FROM hailstone_results WHERE job_id = 'bad'"),
                         "bad_request")
        self.assertEqual(self.server.run("SELECT DISTINCT state FROM hailstone_jobs WHERE error <> ''"), [["dead"]])
        self.server.run("UPDATE hailstone_jobs SET state = 'waiting', request = '{\"prompt\": \"x\"}' WHERE id = 'bad'")
        self.assertTrue(eventually(lambda: self.results("job_id = 'bad' AND status = 'succeeded'") == 1, 20))
        self.assertEqual(self.server.value("SELECT error IS NULL FROM hailstone_results WHERE job_id = 'bad'"), "t")

    def test_an_engine_that_fails_is_tried_again_and_then_given_up(self) -> None:
        self.start(attempts=2)
        self.ready()
        self.put(1, "broken")
        self.assertTrue(eventually(lambda: self.results("status = 'failed'") == 1, 40), self.boxes[0].log)
        self.assertEqual(self.server.run("SELECT state, attempts FROM hailstone_jobs"), [["dead", "2"]])

    def test_no_more_is_taken_than_can_begin_and_the_urgent_first(self) -> None:
        self.start(parallel=10)
        self.ready()
        self.put(12, "slow")
        self.server.run("UPDATE hailstone_jobs SET priority = 5 WHERE id = 'task-11'")
        most = 0
        while self.results() < 12:
            most = max(most, int(self.server.value("SELECT count(*) FROM hailstone_jobs WHERE state = 'taken'")))
        self.assertLessEqual(most, 2, "as many as there are threads for jobs")
        order = [row[0] for row in self.server.run("SELECT job_id FROM hailstone_results ORDER BY finished")]
        self.assertLess(order.index("task-11"), 6, order)

    def test_nothing_is_lost_while_daemon_or_server_are_away(self) -> None:
        box = self.start()
        self.ready()
        self.put(15, "slow")
        eventually(lambda: self.results() > 2, 20)
        box.stop(signal.SIGKILL)
        box.start()
        eventually(lambda: self.results() > 6, 20)
        self.server.stop(signal.SIGQUIT)
        eventually(lambda: False, 1)
        self.server.start()
        self.assertTrue(eventually(lambda: self.results("status = 'succeeded'") == 15, 60), box.log)
        self.assertTrue(eventually(lambda: self.server.value("SELECT count(*) FROM hailstone_jobs WHERE state <> 'done'") == "0"))

    def test_sigterm_gives_back_at_once(self) -> None:
        box = self.start(lease=600)
        self.ready()
        add_model(box.store, "endless", engine=FAKE, settings={"token_ms": "50", "tokens": "5000"})
        self.put(1, "endless")
        self.assertTrue(eventually(lambda: self.server.value("SELECT state FROM hailstone_jobs") == "taken", 20))
        self.assertEqual(box.stop(), 0)
        self.assertEqual(self.server.run("SELECT state, attempts FROM hailstone_jobs"), [["waiting", "0"]])

    def test_metrics_tell_how_it_stands(self) -> None:
        self.start(models=("quick", "slow"))
        self.ready()
        self.put(2, "nobody")
        self.put(3, first=10)
        self.assertTrue(eventually(lambda: self.results("status = 'succeeded'") == 3, 20))
        told = self.boxes[0].request("GET", "/metrics")[2].decode()
        for name in ("waiting", "running", "dead", "oldest_seconds"):
            self.assertIn(f'hailstone_queue_{name}{{queue="ask"}}', told)
        self.assertIn('hailstone_queue_finished_total{outcome="succeeded",queue="ask"} 3', told)


class Guarded(Postgres):
    AUTHENTICATION = "scram-sha-256"

    def test_the_password_comes_from_its_file(self) -> None:
        self.start(password_file=str(self.server.folder / "password"), table="work", results_table="public.answers")
        self.assertTrue(eventually(lambda: self.server.value("SELECT to_regclass('public.answers') IS NOT NULL") == "t", 20))
        self.server.run("INSERT INTO work (request) VALUES ('{\"prompt\": \"hi\"}')")
        self.assertTrue(eventually(lambda: self.server.value("SELECT count(*) FROM answers WHERE queue = 'work'") == "1", 20))

    def test_without_it_the_log_says_so(self) -> None:
        box = self.start()
        self.assertTrue(eventually(lambda: any("no work can be taken" in line and "password" in line for line in box.log), 20))


class Several(Postgres):
    def test_what_dies_or_is_cut_off_is_done_by_others_and_nothing_twice(self) -> None:
        for _ in range(3):
            self.start()
        self.ready()
        self.server.run("CREATE TABLE seen (job_id text, status text);"
                        "CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                        "INSERT INTO seen VALUES (NEW.job_id, NEW.status); RETURN NEW; END $$;"
                        "CREATE TRIGGER see AFTER INSERT OR UPDATE ON hailstone_results FOR EACH ROW EXECUTE FUNCTION see()")
        self.put(60, "slow")
        self.assertTrue(eventually(lambda: self.results() > 10, 40))
        self.boxes[0].stop(signal.SIGKILL)
        self.boxes[1].process.send_signal(signal.SIGSTOP)
        self.assertTrue(eventually(lambda: self.results() == 60, 90))
        self.boxes[1].process.send_signal(signal.SIGCONT)
        eventually(lambda: False, 4)
        self.assertEqual(self.server.run("SELECT count(*), count(DISTINCT job_id) FROM seen WHERE status = 'succeeded'"), [["60", "60"]])
        self.put(3, first=60)
        self.assertTrue(eventually(lambda: self.results() == 63, 30), "the one that was cut off")


CAN_MOUNT = subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False).returncode == 0
# The home is a small disk of its own; models and queues are those of the test.
SMALL_DISK = """home=$1; shift; keep=$(mktemp -d); mount --bind "$home" "$keep"; mount -t tmpfs -o size=4m none "$home"
for folder in models queues.d; do mkdir "$home/$folder"; mount --bind "$keep/$folder" "$home/$folder"; done; exec "$@" """


@unittest.skipUnless(CAN_MOUNT, "no mounts in a namespace of one's own here")
class FullDisk(Postgres):
    def prefix(self, home: Path) -> tuple[str, ...]:
        return ("unshare", "-rm", "sh", "-ec", SMALL_DISK, "sh", str(home))

    def test_work_waits_for_room_and_none_is_lost(self) -> None:
        box = self.start()
        self.ready()
        self.put(3)
        self.assertTrue(eventually(lambda: self.results() == 3, 20), box.log)
        self.put(4, "slow", first=3)
        self.assertTrue(eventually(lambda: self.server.value("SELECT count(*) FROM hailstone_jobs WHERE state = 'taken'") != "0", 20))
        filler = Path(f"/proc/{box.process.pid}/root{box.home}/filler")
        with self.assertRaises(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))
        self.put(10, first=7)
        self.assertTrue(eventually(lambda: any("cannot be" in line or "no work can be taken" in line for line in box.log), 20), box.log)
        self.assertLess(self.results(), 17)
        self.assertEqual(box.request("GET", "/api/version")[0], 200)
        filler.unlink()
        self.assertTrue(eventually(lambda: self.results("status = 'succeeded'") == 17, 60), box.log)
        self.assertTrue(eventually(lambda: self.server.value("SELECT count(*) FROM hailstone_jobs WHERE state <> 'done'") == "0"))


class FolderResults(Postgres):
    def test_the_results_of_a_folder_are_rows(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="hailstone-queue-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        box = self.start(text=f"kind = 'folder'\ntask = 'generate'\nmodel = 'quick'\npath = '{folder}'\nparallel = 50\n"
                              f"results = 'postgres'\nconnection = '{self.server.connection}'\n")
        self.assertTrue(eventually(lambda: (folder / "in").exists()))
        for number in range(30):
            (folder / f"in/{number}.json.part").write_text(json.dumps({"prompt": str(number)}) if number else "{}")
            (folder / f"in/{number}.json.part").rename(folder / f"in/{number}.json")
        self.assertTrue(eventually(lambda: len(list((folder / "done").iterdir())) + len(list((folder / "failed").iterdir())) == 30, 30))
        self.server.stop(signal.SIGQUIT)
        (folder / "in/late.json").write_text('{"prompt": "late"}')
        box.stop(signal.SIGKILL)
        box.start()
        self.server.start()
        self.assertTrue(eventually(lambda: (folder / "done/late.json").exists(), 40), box.log)
        self.assertEqual(self.server.run("SELECT queue, count(*), count(DISTINCT name) FROM hailstone_results GROUP BY 1"),
                         [["ask", "31", "31"]])


if __name__ == "__main__":
    unittest.main()
