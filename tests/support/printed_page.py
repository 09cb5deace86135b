# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""What is written on the test page media/ocr/en.jpg, and how far a reading is from it."""

PAGE = ("3 MovieShots Dataset To facilitate the shot type analysis in videos, we collect MovieShots, a large-scale shot "
        "type annotation set that contains 46K shots from 7858 movies. The details of this dataset are specified as follows.")


def edit_distance(a: str, b: str) -> int:
    """Levenshtein's."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]
