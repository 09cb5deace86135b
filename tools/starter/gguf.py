# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Writes GGUF files (version 3), the model format of llama.cpp. Needs nothing but Python.

Tensor data is bytes in the type's own layout; quantise.py makes them from numbers.
"""

from __future__ import annotations

import dataclasses
import enum
import math
import struct
from collections.abc import Sequence
from typing import BinaryIO

ALIGNMENT = 32
VERSION = 3


class TensorType(enum.IntEnum):
    F32 = 0
    F16 = 1
    Q4_0 = 2
    Q8_0 = 8


BLOCK = {  # type: (numbers in a block, bytes of a block)
    TensorType.F32: (1, 4),
    TensorType.F16: (1, 2),
    TensorType.Q4_0: (32, 18),
    TensorType.Q8_0: (32, 34),
}


class ValueType(enum.IntEnum):
    UINT32 = 4
    INT32 = 5
    FLOAT32 = 6
    BOOL = 7
    STRING = 8
    ARRAY = 9


_FORMAT = {ValueType.UINT32: "<I", ValueType.INT32: "<i", ValueType.FLOAT32: "<f",
           ValueType.BOOL: "<?"}

Scalar = bool | int | float | str
Value = Scalar | Sequence[Scalar]


@dataclasses.dataclass(frozen=True)
class Tensor:
    """`shape` counts rows first, as numpy does; GGUF stores it the other way round."""

    name: str
    shape: tuple[int, ...]
    type: TensorType
    data: bytes

    def __post_init__(self) -> None:
        numbers, size = BLOCK[self.type]
        if self.shape[-1] % numbers or len(self.data) != math.prod(self.shape) // numbers * size:
            raise ValueError(f"{self.name}: {len(self.data)} bytes do not fit {self.shape}")


def write(out: BinaryIO, metadata: dict[str, Value], tensors: Sequence[Tensor]) -> None:
    """A bool is written as BOOL, an int as UINT32 (INT32 inside arrays), a float as FLOAT32."""
    out.write(b"GGUF" + struct.pack("<IQQ", VERSION, len(tensors), len(metadata)))
    for key, value in metadata.items():
        out.write(_string(key) + _typed(value))
    offset = 0
    for tensor in tensors:
        out.write(_tensor_info(tensor, offset))
        offset += _padded(len(tensor.data))
    out.write(bytes(_padded(out.tell()) - out.tell()))
    for tensor in tensors:
        out.write(tensor.data)
        out.write(bytes(_padded(len(tensor.data)) - len(tensor.data)))


def _padded(size: int) -> int:
    return -(-size // ALIGNMENT) * ALIGNMENT


def _tensor_info(tensor: Tensor, offset: int) -> bytes:
    shape = tuple(reversed(tensor.shape))
    return _string(tensor.name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape,
                                              tensor.type, offset)


def _typed(value: Value) -> bytes:
    if isinstance(value, (bool, int, float, str)):
        kind = _kind(value, ValueType.UINT32)
        return struct.pack("<I", kind) + _bare(value, kind)
    kind = _kind(value[0], ValueType.INT32)
    head = struct.pack("<IIQ", ValueType.ARRAY, kind, len(value))
    return head + b"".join(_bare(item, kind) for item in value)


def _kind(value: Scalar, integer: ValueType) -> ValueType:
    if isinstance(value, bool):
        return ValueType.BOOL
    if isinstance(value, int):
        return integer
    return ValueType.FLOAT32 if isinstance(value, float) else ValueType.STRING


def _bare(value: Scalar, kind: ValueType) -> bytes:
    if kind is ValueType.STRING:
        return _string(str(value))
    return struct.pack(_FORMAT[kind], value)


def _string(text: str) -> bytes:
    data = text.encode("utf-8")
    return struct.pack("<Q", len(data)) + data
