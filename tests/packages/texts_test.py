# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""What packages say: man pages, completions and changelog that are made of other texts, and the units."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
BINARY = os.environ.get("HAILSTONE_BINARY", str(ROOT / "build/release/bin/hailstone"))
sys.path.insert(0, str(PACKAGING))
import changelog  # noqa: E402
import from_help  # noqa: E402


def run(*command: object, text: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(word) for word in command], input=text, capture_output=True, text=True, timeout=120)


def require(tool: str) -> None:
    if shutil.which(tool) is None:
        raise unittest.SkipTest(f"{tool} is not here")


class Dependencies(unittest.TestCase):
    def test_packages_are_built_with_what_the_program_is_built_with(self) -> None:
        setup = (ROOT / "tools/setup").read_text()
        listed = re.search(r"^build_packages\(\).*?<<'LIST'\n(.*?)^LIST$", setup, re.S | re.M).group(1)
        libraries = {line.split("#")[0].strip().split("|")[0] for line in listed.splitlines()}
        wanted = {name for name in libraries if name.endswith("-dev")}
        control = (PACKAGING / "debian/control").read_text().split("\n\n")[0]
        declared = set(re.findall(r"[a-z0-9.+-]+-dev", control))
        self.assertGreater(len(wanted), 20)
        self.assertEqual(wanted - declared, set())


class HelpTexts(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.out = Path(cls.folder.name)
        done = run(sys.executable, PACKAGING / "from_help.py", "--version", "1.2.3", "--date", "2026-01-31", "--out",
                   cls.out, BINARY)
        assert done.returncode == 0, done.stderr
        cls.verbs = [o.flags for o in from_help.read_help([BINARY], "--help").sections["Subcommands"]]

    def read(self, name: str) -> str:
        return (self.out / name).read_text()

    def test_every_command_is_in_the_manual_and_in_the_completions(self) -> None:
        page, bash, zsh = self.read("hailstone.1"), self.read("hailstone.bash"), self.read("_hailstone")
        self.assertGreater(len(self.verbs), 15)
        for verb in self.verbs:
            with self.subTest(verb):
                self.assertIn(f"\n.SS {verb}\n", page)
                self.assertIn(f"    {verb}) flags=", bash)
                self.assertIn(f"    {verb})\n", zsh)
        self.assertIn("\\-\\-threshold", page)
        self.assertIn("--threshold", bash)

    def test_every_setting_is_in_its_manual(self) -> None:
        page = self.read("hailstone.toml.5")
        names = run(BINARY, "config", "--json").stdout
        for name in re.findall(r'"name": ?"(\w+)"', names):
            with self.subTest(name):
                self.assertIn(f"\\fB{name}\\fR", page)

    def test_man_has_nothing_to_complain_about(self) -> None:
        require("man")
        for name in "hailstone.1", "hailstone.toml.5":
            done = subprocess.run(["man", "--warnings", "-l", self.out / name], capture_output=True, text=True,
                                  env={**os.environ, "MANROFFSEQ": "", "MANWIDTH": "80", "LC_ALL": "C.UTF-8"})
            self.assertEqual(done.returncode, 0, done.stderr)
            serious = [line for line in done.stderr.splitlines() if "can't break line" not in line and "adjust line" not in line]
            self.assertEqual(serious, [])

    def test_bash_completes_commands_and_flags(self) -> None:
        script = f"source {self.out / 'hailstone.bash'}; " + \
            'complete_it() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _hailstone; echo "${COMPREPLY[@]}"; }; '
        self.assertEqual(run("bash", "-c", script + "complete_it hailstone det").stdout.strip(), "detect")
        self.assertEqual(run("bash", "-c", script + "complete_it hailstone detect --thr").stdout.strip(), "--threshold")

    def test_zsh_can_read_its_completion(self) -> None:
        require("zsh")
        self.assertEqual(run("zsh", "-n", self.out / "_hailstone").stderr, "")


class Changelog(unittest.TestCase):
    TEXT = "# Changelog\n\n## Unreleased\n\n- New: `x`\n  goes on ([docs](docs/x.md)).\n\n## 1.0.0 - 2026-01-31\n\n- First.\n"
    DATE = "Sat, 31 Jan 2026 00:00:00 -0000"

    def make(self, version: str) -> str:
        return changelog.make(self.TEXT, version, "12", "bookworm", ("41", "abc"), self.DATE)

    def test_what_is_not_released_sorts_before_the_release(self) -> None:
        require("dpkg")
        head = self.make("1.1.0").splitlines()[0]
        self.assertEqual(head, "hailstone (1.1.0~build41.gabc~deb12) bookworm; urgency=medium")
        for older, newer in (("1.0.0~deb12", "1.1.0~build41.gabc~deb12"), ("1.1.0~build41.gabc~deb12", "1.1.0~deb12"),
                             ("1.1.0~build9.gfff~deb12", "1.1.0~build41.gabc~deb12"), ("1.1.0~deb12", "1.1.0~deb13")):
            self.assertEqual(run("dpkg", "--compare-versions", older, "lt", newer).returncode, 0, (older, newer))

    def test_dpkg_reads_what_is_made(self) -> None:
        require("dpkg-parsechangelog")
        for version, point in (("1.1.0", "New: x goes on."), ("1.0.0", "First.")):
            with tempfile.NamedTemporaryFile("w", suffix=".changelog") as file:
                file.write(self.make(version))
                file.flush()
                done = run("dpkg-parsechangelog", "-l", file.name)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn(point, done.stdout)


class Units(unittest.TestCase):
    NAMES = ("hailstone.service", "hailstone.socket", "hailstone.target", "hailstone@.service",
             "hailstone.hailstone-setup.service", "../units/hailstone-port@.socket")

    def test_every_directive_of_the_sandbox_has_its_reason(self) -> None:
        """A comment above it, or above its block."""
        for name in "hailstone.service", "hailstone@.service":
            text = (PACKAGING / "debian" / name).read_text().split("[Service]")[1]
            for block in re.split(r"\n(?=#)", text)[1:]:
                self.assertTrue(block.startswith("#"), block)

    def test_the_instances_are_shut_in_as_the_service_is(self) -> None:
        def sandbox(name: str) -> list[str]:
            text = (PACKAGING / "debian" / name).read_text()
            return re.findall(r"^(?:Protect|Restrict|Private|System|Device|Capab|NoNew|Lock|Remove|Delegate).*$", text,
                              re.MULTILINE)
        self.assertEqual(sandbox("hailstone.service"), sandbox("hailstone@.service"))
        self.assertGreater(len(sandbox("hailstone.service")), 20)

    def test_an_upgrade_restarts_the_service_and_leaves_its_sockets_alone(self) -> None:
        """debhelper restarts what Also= names, too, and a socket that is restarted loses who waits in it."""
        self.assertNotIn("Also=", (PACKAGING / "debian/hailstone.service").read_text())
        self.assertRegex((PACKAGING / "debian/rules").read_text(), r"--no-stop-on-upgrade hailstone\.socket")

    def test_systemd_finds_no_fault(self) -> None:
        require("systemd-analyze")
        with tempfile.TemporaryDirectory() as folder:
            for name in self.NAMES:
                unit = Path(name).name.replace("hailstone.hailstone", "hailstone")
                text = (PACKAGING / "debian" / name).read_text().replace("/usr/bin/hailstone", "/bin/true")
                (Path(folder) / unit.replace("@", "@8080")).write_text(text)
            done = run("systemd-analyze", "verify", *sorted(Path(folder).iterdir()))
        faults = [line for line in done.stderr.splitlines() if folder in line]
        self.assertEqual(faults, [])


if __name__ == "__main__":
    unittest.main()
