#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Whether memory stays flat over many mixed requests to the vision services.

    bench/vision_soak.py [REQUESTS]

5000 by default, from four clients: objects, masks of classes, faces, text, several tasks at once, drawn pictures, and among them
broken and huge pictures and clients that leave. Prints the anonymous memory of the daemon and of its engine hosts every tenth part.
Needs HAILSTONE_TEST_ASSETS.
"""

import itertools
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))
from daemon import BINARY, Daemon  # noqa: E402

ASSETS = Path(os.environ.get("HAILSTONE_TEST_ASSETS", ""))
NETWORKS = {"objects": ("detection/yolox_nano", "detect"), "classes": ("segmentation/deeplab_v3_voc", "semantic"),
            "faces": ("face/face_detection_yunet_2023mar", "face-detect")}
# The header of a PNG of 60000 x 60000 pixels, and no more.
BOMB = bytes.fromhex("89504e470d0a1a0a0000000d494844520000ea600000ea600802000000")


def anonymous_memory(process: int) -> float:
    """MiB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0]) / 1024


def show_memory(daemon: Daemon, done: int) -> None:
    assert daemon.process
    names = {}
    children = subprocess.run(["pgrep", "-P", str(daemon.process.pid)], capture_output=True, text=True).stdout.split()
    for child in map(int, children):
        names[f"{Path(f'/proc/{child}/comm').read_text().strip()} {child}"] = anonymous_memory(child)
    hosts = ", ".join(f"{name} {mib:.1f}" for name, mib in sorted(names.items()))
    print(f"{done:6} requests: daemon {anonymous_memory(daemon.process.pid):.1f} MiB; {hosts}", flush=True)


def kinds(media: Path) -> list[tuple[str, bytes]]:
    """(path, body) of each kind of request; a path that ends with ! is left before the reply."""
    bus, room = (media / "images/bus.jpg").read_bytes(), (media / "coco/val2017/000000000139.jpg").read_bytes()
    people, page = (media / "faces/bbt1.jpg").read_bytes(), (media / "ocr/en.jpg").read_bytes()
    return [("/api/detect?model=objects", bus), ("/api/detect?model=objects&format=coco", room),
            ("/api/detect?model=objects&format=image", room), ("/api/segment?model=classes&mask=polygon", bus),
            ("/api/faces?model=faces", people), ("/api/detect?model=objects&tiles=on", room),
            ("/api/analyze?tasks=detect,faces&detect.model=objects&faces.model=faces", people),
            ("/v1/vision/detection", room), ("/api/detect?model=objects", bus[:9000]), ("/api/detect?model=objects", BOMB),
            ("/api/detect?model=objects!", bus), ("/api/ocr?model=starter-ocr", page)]


def leave(daemon: Daemon, path: str, body: bytes) -> None:
    with socket.create_connection(("127.0.0.1", daemon.port)) as line:
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\nContent-Length: {len(body)}\r\n\r\n"
        line.sendall(head.encode() + body)


def main() -> None:
    if not ASSETS.name:
        raise SystemExit(__doc__)
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    requests, numbers, statuses = kinds(ASSETS / "media"), itertools.count(), {}
    lock = threading.Lock()
    with Daemon(log_to_file=True) as daemon:
        for name, (file, task) in NETWORKS.items():
            subprocess.run([BINARY, "import", ASSETS / f"models/{file}.onnx", "--task", task, "--name", name], check=True,
                           capture_output=True, env=os.environ | {"HAILSTONE_HOST": f"127.0.0.1:{daemon.port}"})

        def work() -> None:
            while (number := next(numbers)) < total:
                path, body = requests[number % len(requests)]
                if path.endswith("!"):
                    leave(daemon, path[:-1], body)
                    status = "left"
                else:
                    status = daemon.request("POST", path, body, {"Content-Type": "image/jpeg"}, timeout=120)[0]
                with lock:
                    statuses[status] = statuses.get(status, 0) + 1
                    if (number + 1) % (total // 10) == 0:
                        show_memory(daemon, number + 1)

        begun = time.monotonic()
        clients = [threading.Thread(target=work) for _ in range(4)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        print(f"{total} requests in {time.monotonic() - begun:.0f} s: {statuses}")
        time.sleep(3)
        show_memory(daemon, total)


if __name__ == "__main__":
    main()
