# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Numbers to the block formats of GGUF tensors."""

from __future__ import annotations

import numpy as np

from gguf import Tensor, TensorType

BLOCK = 32


def f32(name: str, values: np.ndarray) -> Tensor:
    return Tensor(name, values.shape, TensorType.F32, values.astype("<f4").tobytes())


def q8_0(name: str, values: np.ndarray) -> Tensor:
    """Blocks of 32 numbers: a half float scale, then 32 signed bytes."""
    blocks = values.astype(np.float32).reshape(-1, BLOCK)
    scale = np.abs(blocks).max(axis=1, keepdims=True) / 127
    inverse = np.divide(1, scale, out=np.zeros_like(scale), where=scale > 0)
    record = np.zeros(len(blocks), dtype=[("scale", "<f2"), ("numbers", "i1", BLOCK)])
    record["scale"] = scale[:, 0]
    record["numbers"] = np.rint(blocks * inverse)
    return Tensor(name, values.shape, TensorType.Q8_0, record.tobytes())
