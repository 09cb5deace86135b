# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
# A stand-in for tests, written from what is known of the real one's behaviour: it has its names and
# shapes, and none of its code. What passes with it has not been seen on the chip.
"""Takes a recording, writes what it says."""

import argparse
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--audio-input-path", required=True)
parser.add_argument("--audio-output-path", required=True)
options = parser.parse_args()
Path(options.audio_output_path).write_bytes(b"RIFF----WAVE" + Path(options.audio_input_path).read_bytes()[:4])
