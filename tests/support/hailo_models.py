# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Models and programs for the stand-in of the Hailo-10H (tests/hailo_chip), and daemons that serve with it."""

from pathlib import Path

from daemon import Daemon, add_model

DETECTOR = ("name = detector\nnpu_mib = 30\nlatency_ms = 12\ninput = images 640 640 3 uint8\n"
            "output = yolo/nms nms_by_class 80 100\nbox = 0 0.1 0.2 0.5 0.6 0.9\n")
POSE = ("name = pose\nnpu_mib = 40\nlatency_ms = 12\ninput = images 640 640 3 uint8\n"
        + "".join(f"output = {kind}{side} {side} {side} {channels} uint8 0.1 128\n"
                  for side in (80, 40, 20) for kind, channels in (("box", 64), ("score", 1), ("joints", 51)))
        + "fill = 0\n")
PICTURE = '{"width":640,"height":640,"resize":"letterbox","pad":114}'
COCO = "\n".join(["person", *(f"thing-{i}" for i in range(1, 80))])


def hef(lines: str) -> bytes:
    return b"\x01HEF stand-in\n" + lines.encode()


class HailoDaemon(Daemon):
    """program(): what the chip does from now on."""

    def __init__(self, *args: str, env: dict[str, str] | None = None, **more) -> None:
        super().__init__("--hailo", "stand-in", *args, env=env, **more)
        self.folder = self.home / "chip"
        self.folder.mkdir()
        self.script = self.folder / "program"
        self.program("")
        self.env["HAILO_STANDIN_PROGRAM"] = str(self.script)

    def program(self, lines: str) -> None:
        # In place: the engine's cage lets it read this file, not another one of that name.
        self.script.touch()
        with open(self.script, "r+") as file:
            file.write(lines)
            file.truncate()

    def add_writer(self, name: str, lines: str = "", task: str = "chat", engine: str = "hailo") -> None:
        kind = "vlm" if task == "vlm" else "llm"
        add_model(self.store, name, hef(f"kind = {kind}\nid = {name}\n{lines}"), engine=engine, task=task)

    def add_ears(self, name: str = "ears", lines: str = "") -> None:
        add_model(self.store, name, hef("kind = whisper\n" + lines), engine="hailo", task="transcribe")

    def add_detector(self, name: str = "eyes", lines: str = DETECTOR) -> None:
        add_model(self.store, name, hef(lines), engine="hailo", task="detect", decoder="nms-by-class",
                  settings={"input": PICTURE}, layers={"labels": COCO})


def host_pids(daemon: Daemon) -> list[int]:
    """Of the engine's processes below the daemon."""
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            command = (process / "cmdline").read_bytes()
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        if parent == daemon.pid and b"hailstone-host-hailo" in command:
            found.append(int(process.name))
    return found
