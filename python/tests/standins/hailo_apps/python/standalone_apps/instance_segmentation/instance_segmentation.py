# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
# A stand-in for tests, written from what is known of the real one's behaviour: it has its names and
# shapes, and none of its code. What passes with it has not been seen on the chip.
"""A standalone application: reads a file, writes one of the same name into a folder."""

import argparse
import shutil
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("-n")
parser.add_argument("-i", required=True)
parser.add_argument("-o", required=True)
parser.add_argument("-m")
parser.add_argument("--no-display", action="store_true", required=True)
parser.add_argument("--save-output", action="store_true", required=True)
parser.add_argument("--track", action="store_true")
options = parser.parse_args()
print(f"running {options.n}")
shutil.copyfile(options.i, Path(options.o) / f"output_{options.n}{Path(options.i).suffix}")
