# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Two daemons behind HAProxy, with the configuration that docs/cluster.md gives, to the letter but for the ports."""

import http.client
import json
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

from support import FAKE, Daemon, add_model, eventually

ROOT = Path(__file__).resolve().parents[2]
HAPROXY = shutil.which("haproxy", path="/usr/sbin:/usr/bin:/usr/local/sbin")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@unittest.skipIf(HAPROXY is None, "haproxy is not installed")
class Cluster(unittest.TestCase):
    def setUp(self) -> None:
        self.boxes = []
        for _ in range(2):
            box = Daemon("--num-parallel", "1", "--max-queue", "1", "--trusted-proxies", "127.0.0.1")
            self.addCleanup(box.__exit__)
            add_model(box.store, "quick", engine=FAKE)
            add_model(box.store, "slow", engine=FAKE, settings={"token_ms": "50", "tokens": "30"})
            box.start()
            self.boxes.append(box)
        self.port = free_port()
        self.start_proxy()

    def start_proxy(self) -> None:
        text = re.search(r"```haproxy\n(.*?)```", (ROOT / "docs/cluster.md").read_text(), re.S).group(1)
        ports = {"11434": self.port, "11435": self.boxes[0].port, "11436": self.boxes[1].port}
        for documented, own in ports.items():
            self.assertIn(documented, text)
            text = text.replace(f"127.0.0.1:{documented}", f"127.0.0.1:{own}")
        folder = tempfile.mkdtemp(prefix="hailstone-cluster-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        config = Path(folder) / "haproxy.cfg"
        config.write_text(text)
        proxy = subprocess.Popen([HAPROXY, "-f", config, "-db"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(proxy.wait, 10)
        self.addCleanup(proxy.terminate)
        self.assertTrue(eventually(lambda: self.ask("quick")[0] == 200, 20))

    def ask(self, model: str, text: str = "hi", headers: dict[str, str] | None = None, **more: object) -> tuple[int, str]:
        """The status and the body; 0 where the connection fails."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            body = {"model": model, "messages": [{"role": "user", "content": text}], "stream": False, **more}
            connection.request("POST", "/api/chat", json.dumps(body), {"Content-Type": "application/json", **(headers or {})})
            reply = connection.getresponse()
            return reply.status, reply.read().decode()
        except OSError:
            return 0, ""
        finally:
            connection.close()

    def counts(self) -> list[int]:
        """Chats that each box has answered."""
        return [sum(float(line.split()[-1]) for line in box.request("GET", "/metrics")[2].decode().splitlines()
                    if line.startswith("hailstone_http_requests_total") and "/api/chat" in line and 'status="2xx"' in line)
                for box in self.boxes]

    def test_two_at_once_go_to_two_boxes(self) -> None:
        before = self.counts()
        threads = [threading.Thread(target=self.ask, args=("slow",)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([now - then for now, then in zip(self.counts(), before)], [1, 1])

    def test_a_conversation_stays_on_its_box(self) -> None:
        for key in ({"headers": {"X-Conversation-Id": "talk-1"}}, {"prompt_cache_key": "talk-2"}):
            before = self.counts()
            for turn in range(6):
                self.assertEqual(self.ask("quick", f"turn {turn}", **key)[0], 200)
            self.assertEqual(sorted(now - then for now, then in zip(self.counts(), before)), [0, 6])

    def test_what_one_has_no_room_for_the_other_takes(self) -> None:
        # All in one conversation: its box takes two, one of them waiting; the rest is turned away there.
        statuses: list[int] = []
        threads = [threading.Thread(target=lambda: statuses.append(
            self.ask("slow", headers={"X-Conversation-Id": "crowd"})[0])) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(statuses, [200] * 4)

    def test_a_box_that_dies_is_left_out(self) -> None:
        self.boxes[0].stop(signal.SIGKILL)
        self.assertEqual([self.ask("quick")[0] for _ in range(8)], [200] * 8)
        self.boxes[0].start()


if __name__ == "__main__":
    unittest.main()
