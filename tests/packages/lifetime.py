# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""The packages' life on a machine: what tests/packages/booted runs in a booted Debian, as root.

Changes the system it runs on; never run it on your own.
"""

import http.client
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from pathlib import Path

PACKAGES = Path(sys.argv[1])
PORT = 11434
# What apt, dpkg and logging leave behind by themselves.
NOT_OURS = ("/var/lib/dpkg/", "/var/lib/apt/", "/var/cache/", "/var/log/", "/var/lib/systemd/", "/tmp/", "/var/tmp/", "/run/",
            "/etc/.pwd.lock", "/etc/passwd-", "/etc/group-", "/etc/shadow-", "/etc/gshadow-", "/etc/ld.so.cache",
            "/root/", "/var/lib/ucf", "/usr/share/mime", "/usr/lib/locale/", "/etc/machine-id", "/usr/lib/python3")


def say(text: str) -> None:
    print(f"[{time.monotonic() - BEGAN:6.1f} s] {text}", flush=True)


def run(*command: str, check: bool = True) -> str:
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(command)}: {done.stdout[-3000:]}")
    return done.stdout.strip()


def expect(truth: bool, what: str) -> None:
    if not truth:
        raise AssertionError(what)
    say("ok: " + what)


def eventually(truth, what: str, patience: float) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        try:
            if truth():
                return say("ok: " + what)
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.1)
    raise AssertionError(f"not within {patience} s: {what}")


def ask(method: str, path: str, body: bytes | dict | None = None, kind: str = "application/json", patience: float = 60):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=patience)
    try:
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        connection.request(method, path, data, {"Content-Type": kind} if data else {})
        reply = connection.getresponse()
        text = reply.read()
        return reply.status, json.loads(text) if text[:1] in b"[{" else text
    finally:
        connection.close()


def chat(words: str) -> tuple[int, object]:
    return ask("POST", "/api/chat", {"model": "starter-chat", "stream": False, "options": {"num_predict": 16},
                                     "messages": [{"role": "user", "content": words}]})


def grey_png(side: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    rows = b"".join(b"\0" + bytes([128] * side) for _ in range(side))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def detect() -> tuple[int, object]:
    edge = "hailstone"
    body = (f'--{edge}\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'.encode() +
            grey_png(256) + f"\r\n--{edge}--\r\n".encode())
    return ask("POST", "/api/detect", body, f"multipart/form-data; boundary={edge}")


def all_files() -> set[str]:
    found = run("find", "/", "-xdev", "-print").splitlines()
    return {name for name in found if not name.startswith(NOT_OURS) and (name + "/") not in NOT_OURS}


def accounts() -> set[str]:
    return {line.split(":")[0] for name in ("/etc/passwd", "/etc/group") for line in Path(name).read_text().splitlines()}


def state(unit: str) -> str:
    return run("systemctl", "is-active", unit, check=False)


def main_pid() -> int:
    return int(run("systemctl", "show", "-p", "MainPID", "--value", "hailstone"))


class Load(threading.Thread):
    """Chats and lists, one after the other, until told to stop."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number, self.enough, self.good, self.bad, self.slowest = number, threading.Event(), 0, [], 0.0

    def run(self) -> None:
        while not self.enough.is_set() and len(self.bad) < 5:
            began = time.monotonic()
            try:
                status, reply = chat("hello") if self.number % 2 else ask("GET", "/api/tags")
                if status == 200:
                    self.good += 1
                else:
                    self.bad.append((status, reply))
            except (OSError, http.client.HTTPException) as error:
                self.bad.append(repr(error))
            self.slowest = max(self.slowest, time.monotonic() - began)


def newer(package: Path, folder: Path) -> Path:
    """The same package as a later version."""
    tree = folder / package.stem
    run("dpkg-deb", "-R", str(package), str(tree))
    control = tree / "DEBIAN/control"
    old = next(line.split(" ")[1] for line in control.read_text().splitlines() if line.startswith("Version:"))
    control.write_text(control.read_text().replace(old, old + "+later"))
    out = folder / package.name.replace(old, old + "+later")
    run("dpkg-deb", "-Zgzip", "-z1", "-b", str(tree), str(out))
    shutil.rmtree(tree)
    return out


def install(packages: list[Path]) -> None:
    run("apt-get", "-q", "-y", "-o", "Dpkg::Use-Pty=0", "install", *map(str, packages))


def occupy(port: int) -> socket.socket:
    taken = socket.socket()
    taken.bind(("127.0.0.1", port))
    taken.listen()
    return taken


def check_ports() -> None:
    """8083 is another program's."""
    for port in 8080, 8081, 8082:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/api/version")
        expect(connection.getresponse().status == 200, f"port {port} answers, too")
        connection.close()
    expect(state("hailstone-port@8083.socket") == "failed", "the port that another program has is missing alone")


def check_installed() -> None:
    for unit in ("hailstone.socket", "hailstone.service", "hailstone.target"):
        expect(state(unit) == "active", f"{unit} is active")
    expect(Path("/lib/udev/rules.d/60-hailstone.rules").exists(), "the udev rule is there")
    expect("hailo" in run("id", "hailstone"), "the user hailstone is in the group hailo")
    said = run("systemd-analyze", "verify", "hailstone.service", "hailstone.socket", "hailstone.target",
               "hailstone-setup.service", "hailstone-port@8080.socket", "hailstone@vision.service", check=False)
    ours = [line for line in said.splitlines() if "hailstone" in line and "man " not in line]
    expect(not ours, f"systemd-analyze verify has nothing to say {ours}")
    for unit in ("hailstone.service", "hailstone-setup.service"):
        figure = run("systemd-analyze", "security", unit).splitlines()[-1].split(": ")[1].split(" ")[0]
        expect(float(figure) <= 2.0, f"systemd-analyze security {unit}: {figure}")
    expect("AI services" in run("hailstone", "--help"), "the command line runs")


def check_answers(began: float) -> None:
    status, reply = detect()
    expect(status == 200, f"detect answers {reply}")
    say(f"installed to first reply: {time.monotonic() - began:.1f} s (detect, with the starter model)")
    eventually(lambda: Path("/var/lib/hailstone/engine-runtime/COMPLETE").exists(), "hailstone-setup made the engine runtime", 900)
    eventually(lambda: chat("Which port does Hailstone use?")[0] == 200, "chat answers", 120)
    say(f"installed to first chat: {time.monotonic() - began:.1f} s")
    say(f"chat says: {chat('Which port does Hailstone use?')[1]['message']['content']!r}")


def check_kill() -> None:
    loaded = Path("/var/lib/hailstone/loaded-models")
    expect(chat("hello")[0] == 200, "chat answers")
    eventually(lambda: loaded.exists() and "starter-chat" in loaded.read_text(), "what is loaded is written down", 30)
    old = main_pid()
    began = time.monotonic()
    os.kill(old, signal.SIGKILL)
    status, _ = ask("GET", "/api/version", patience=10)
    took = time.monotonic() - began
    expect(status == 200 and main_pid() not in (0, old), "a new daemon answers after kill -9")
    expect(took < 3, f"it was back after {took:.2f} s")
    eventually(lambda: any(each["name"].startswith("starter-chat") for each in ask("GET", "/api/ps")[1]["models"]),
               "the models that were loaded are loaded again", 60)


def check_upgrade(packages: list[Path]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        later = [newer(package, Path(folder)) for package in packages]
        load = [Load(number) for number in range(4)]
        for client in load:
            client.start()
        time.sleep(2)
        old = main_pid()
        try:
            install(later)
            time.sleep(3)
        finally:
            for client in load:
                client.enough.set()
            for client in load:
                client.join(120)
    bad = [each for client in load for each in client.bad]
    expect(main_pid() != old, "the upgrade started the new daemon")
    expect(not bad, f"no request of {sum(c.good for c in load)} failed during the upgrade {bad[:3]}; "
                    f"the slowest took {max(c.slowest for c in load):.1f} s")


def installed_packages() -> set[str]:
    return set(run("dpkg-query", "-W", "-f", "${Package}\n").splitlines())


def check_purge(files: set[str], names: set[str], before: set[str], ours: set[str]) -> None:
    run("apt-get", "-q", "-y", "purge", *sorted(ours))
    left = [name for name in sorted(all_files() - files) if "hailstone" in name]
    expect(not left, f"purge left nothing with its name {left[:20]}")
    # What came along with it, also what others would like to keep.
    run("apt-get", "-q", "-y", "purge", *sorted(installed_packages() - before))
    left = sorted(all_files() - files)
    expect(not left, f"purge left no file {left[:20]}")
    left = (accounts() - names) & {"hailstone", "hailo"}  # others are of what came along
    expect(not left, f"purge left no account {left}")
    listed = run("systemctl", "list-units", "--all", "--no-legend").splitlines()
    units = [line for line in listed if "hailstone" in line and ".slice" not in line]  # systemd's own, and empty
    expect(not units, f"systemd knows no unit of it any more {units}")


def main() -> None:
    packages = sorted(p for p in PACKAGES.glob("*.deb") if "-dbgsym" not in p.name)
    run("apt-get", "-q", "update")
    # Outside the comparison: what makes the test itself work.
    files, names, before = all_files(), accounts(), installed_packages()
    taken = occupy(8083)
    began = time.monotonic()
    install(packages)
    say(f"installed: {', '.join(p.name for p in packages)}")
    check_installed()
    check_ports()
    taken.close()
    check_answers(began)
    check_kill()
    check_upgrade(packages)
    check_purge(files, names, before, {p.name.split("_")[0] for p in packages})
    say("done: everything as it should be")


BEGAN = time.monotonic()
try:
    main()
except AssertionError as error:
    say(f"FAILED: {error}")
    sys.exit(1)
