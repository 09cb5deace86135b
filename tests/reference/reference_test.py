# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""The committed golden files are what the reference makes today. Needs numpy; skipped without it."""

import sys
import unittest
from pathlib import Path

try:
    import numpy as np
except ImportError:
    print("numpy is not there: python3-numpy")
    sys.exit(77)

sys.path.insert(0, str(Path(__file__).parent))

import generate


class Golden(unittest.TestCase):
    def test_files_are_what_the_formulas_give(self) -> None:
        files = generate.all_files()
        present = {p.relative_to(generate.SRC).as_posix()
                   for p in generate.SRC.glob("*/testdata/golden/*/*")}
        self.assertEqual(present, set(files))
        for name, value in files.items():
            with self.subTest(name):
                path = generate.SRC / name
                if isinstance(value, str):
                    self.assertEqual(path.read_text(), value)
                    continue
                stored = np.load(path)
                self.assertEqual((stored.dtype, stored.shape), (value.dtype, value.shape))
                np.testing.assert_allclose(stored.astype(float), value.astype(float), rtol=1e-5,
                                           atol=1e-5)

    def test_golden_files_stay_small(self) -> None:
        for folder in generate.SRC.glob("*/testdata/golden"):
            size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
            self.assertLess(size, 200_000, folder)


if __name__ == "__main__":
    unittest.main()
