# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""hailstone listen and hailstone voice, with a microphone that is ALSA's own plug-in for files."""

import os
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from typing import IO

from test_voice import VoiceTest
from daemon import BINARY
from sounds import wav
from talk import RATE

QUESTION = "how do i stop a model"
ANSWER = "hailstone stop"


class Microphone(VoiceTest):
    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.pcm = bytes(2 * RATE) + self.say(QUESTION, voice="rms") + bytes(4 * RATE)
        (self.folder / "in.raw").write_bytes(self.pcm)
        (self.folder / "question.wav").write_bytes(wav(self.pcm, RATE))
        (self.folder / "alsa.conf").write_text(
            'pcm.null { type null }\npcm.default { type file slave.pcm "null" format "raw" '
            f'file "{self.folder}/out.raw" infile "{self.folder}/in.raw" }}\n')

    def start(self, *args: str, stdin: "IO[bytes] | int" = subprocess.DEVNULL) -> "subprocess.Popen[str]":
        env = os.environ | {"HAILSTONE_HOST": f"127.0.0.1:{self.daemon.port}", "ALSA_CONFIG_PATH": str(self.folder / "alsa.conf")}
        return subprocess.Popen([str(BINARY), *args], env=env, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run_to_end(self, *args: str, stdin: "IO[bytes] | int" = subprocess.DEVNULL) -> tuple[int, str, str]:
        process = self.start(*args, stdin=stdin)
        out, err = process.communicate(timeout=90)
        return process.returncode, out, err

    def require_alsa(self) -> None:
        if "built without ALSA" in self.run_to_end("listen", "--devices")[2]:
            self.skipTest("the program was built without ALSA")

    def test_a_file_and_a_pipe_are_transcribed_live(self) -> None:
        for args, stdin in ((("listen", str(self.folder / "question.wav")), subprocess.DEVNULL),
                            (("listen", "-"), open(self.folder / "question.wav", "rb")),
                            (("listen", "-"), open(self.folder / "in.raw", "rb"))):
            code, out, err = self.run_to_end(*args, stdin=stdin)
            if not isinstance(stdin, int):
                stdin.close()
            self.assertEqual(code, 0, err)
            self.assertIn("stop", out)

    def test_what_the_microphone_hears_is_told_until_it_is_interrupted(self) -> None:
        self.require_alsa()
        process = self.start("listen")
        assert process.stdout
        line = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        self.assertIn("stop", line)
        self.assertEqual(process.returncode, 0, err)

    def test_a_missing_microphone_is_told_with_what_to_do(self) -> None:
        self.require_alsa()
        code, _, err = self.run_to_end("listen", "--device", "plughw:77")
        self.assertNotEqual(code, 0)
        self.assertIn("plughw:77", err)
        self.assertIn("--devices", err)

    def test_the_level_is_shown(self) -> None:
        self.require_alsa()
        code, out, err = self.run_to_end("listen", "--level", str(self.folder / "question.wav"))
        self.assertEqual(code, 0, err)
        levels = [int(line.split()[-2]) for line in out.splitlines()]
        self.assertLess(levels[0], -60)
        self.assertGreater(max(levels), -30)

    def test_a_talk_over_the_sound_card(self) -> None:
        self.require_alsa()
        process = self.start("voice")
        assert process.stdout
        lines = [process.stdout.readline(), process.stdout.readline()]
        time.sleep(1)  # some of the answer is played
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, err)
        self.assertIn("you:", lines[0])
        self.assertIn(ANSWER, lines[1])
        self.assertTrue(any((self.folder / "out.raw").read_bytes()), "the answer came out of the loudspeaker")

    def test_a_talk_from_a_file_ends_when_it_has_been_answered(self) -> None:
        self.require_alsa()
        code, out, err = self.run_to_end("voice", "--file", str(self.folder / "question.wav"), "--speaker", "null")
        self.assertEqual(code, 0, err)
        self.assertIn(ANSWER, out)


if __name__ == "__main__":
    unittest.main()
