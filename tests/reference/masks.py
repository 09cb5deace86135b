# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Masks as COCO writes them, read again."""

import numpy as np


def unpack_runs(mask: dict) -> np.ndarray:
    """COCO's compressed run lengths, by cocoapi's maskApi.c."""
    counts, at, text = [], 0, mask["counts"]
    while at < len(text):
        value = shift = 0
        while True:
            code = ord(text[at]) - 48
            at += 1
            value |= (code & 31) << shift
            shift += 5
            if not code & 32:
                value -= (code & 16 and 1 << shift)
                break
        counts.append(value + (counts[-2] if len(counts) > 2 else 0))
    height, width = mask["size"]
    bits = np.repeat(np.arange(len(counts)) % 2, counts).astype(bool)
    return bits.reshape(width, height).T
