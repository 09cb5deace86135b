#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""What /api/detect costs over the bare network: starts a daemon of its own and detect_bench.

    bench/detect.py NETWORK.onnx PICTURE...
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))
from daemon import BINARY, Daemon  # noqa: E402

BENCH = ROOT / "build/bench/bin/detect_bench"


def main() -> None:
    if len(sys.argv) < 3 or not BENCH.exists():
        sys.exit(__doc__ + f"\nneeds {BENCH.relative_to(ROOT)}, which the target detect_bench makes")
    network, pictures = sys.argv[1], sys.argv[2:]
    with Daemon(log_to_file=True) as daemon:
        address = f"127.0.0.1:{daemon.port}"
        subprocess.run([BINARY, "import", network, "--name", "net", "--task", "detect"], check=True,
                       env=os.environ | {"HAILSTONE_HOST": address}, capture_output=True)
        subprocess.run([BENCH, address, "net", network, *pictures], check=True)


if __name__ == "__main__":
    main()
