# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""tools/repository with packages of nothing: apt takes what it signed, and nothing else."""

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("reprepro", "gpg", "dpkg-deb", "apt-get")


def run(*command: object, check: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120)
    if check and done.returncode != 0:
        raise AssertionError(done.stdout + done.stderr)
    return done


class Repository(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(subprocess.run, ["gpgconf", "--homedir", f"{folder.name}/repo.private/gnupg", "--kill", "all"])
        self.folder = Path(folder.name)
        self.repository = self.folder / "repo"

    def package(self, version: str) -> Path:
        tree = self.folder / "tree/DEBIAN"
        tree.mkdir(parents=True, exist_ok=True)
        (tree / "control").write_text(f"Package: hailstone\nVersion: {version}\nArchitecture: amd64\nSection: net\n"
                                      "Priority: optional\nMaintainer: Nobody <nobody@example.org>\nDescription: nothing\n")
        out = self.folder / f"hailstone_{version}_amd64.deb"
        run("dpkg-deb", "--root-owner-group", "-b", tree.parent, out)
        return out

    def candidate(self, keys: Path) -> str:
        """What an apt with nothing but this repository would install."""
        state = self.folder / "apt"
        for name in "lists/partial", "cache/archives/partial":
            (state / name).mkdir(parents=True, exist_ok=True)
        (state / "status").touch()
        (state / "sources").write_text(f"deb [arch=amd64 signed-by={keys}] file:{self.repository} bookworm main\n")
        options = [word for key, value in {
            "Dir::State": state, "Dir::State::lists": state / "lists", "Dir::State::status": state / "status",
            "Dir::Cache": state / "cache", "Dir::Etc::SourceList": state / "sources", "Dir::Etc::SourceParts": "/dev/null",
            "APT::Architecture": "amd64", "APT::Sandbox::User": "root", "APT::Update::Error-Mode": "any",
        }.items() for word in ("-o", f"{key}={value}")]
        if run("apt-get", *options, "update", check=False).returncode != 0:
            return "refused"
        return run("apt-cache", *options, "policy", "hailstone").stdout.split("Candidate: ")[1].split("\n")[0]

    def make(self, version: str) -> None:
        run(ROOT / "tools/repository", self.repository, "--suite", "bookworm", self.package(version))

    def test_apt_takes_the_newest_that_is_signed_with_the_repositorys_key(self) -> None:
        keys = self.repository / "hailstone-archive-keyring.pgp"
        self.make("1.0~deb12")
        self.assertEqual(self.candidate(keys), "1.0~deb12")
        self.make("1.1~deb12")
        self.assertEqual(self.candidate(keys), "1.1~deb12")
        stranger = self.folder / "stranger.pgp"
        shutil.copyfile("/usr/share/keyrings/debian-archive-keyring.gpg", stranger)
        self.assertEqual(self.candidate(stranger), "refused")

    def test_the_private_key_is_outside_of_what_is_offered(self) -> None:
        self.make("1.0~deb12")
        self.assertFalse([path for path in self.repository.rglob("*") if "private" in path.name or "gnupg" in path.name])
        self.assertEqual((self.folder / "repo.private/gnupg").stat().st_mode & 0o77, 0)


if __name__ == "__main__":
    if missing := [tool for tool in TOOLS if shutil.which(tool) is None]:
        print("skipped: missing are", *missing)
        sys.exit(77)
    unittest.main()
