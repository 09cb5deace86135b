# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Writes GGUF, and reads it (and the shipped model) with a reader of its own."""

from __future__ import annotations

import io
import math
import pathlib
import struct
import unittest
from typing import Any, BinaryIO

import chat_format
import gguf

SHIPPED = pathlib.Path(__file__).parents[2] / "models" / "starter" / "starter-chat.gguf"
SIMPLE = {4: "<I", 5: "<i", 6: "<f", 7: "<?"}


class Reader:
    """Just enough of GGUF to check what gguf.py writes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        magic, version, tensors, values = struct.unpack("<4sIQQ", file.read(24))
        assert (magic, version) == (b"GGUF", 3)
        self.metadata: dict[str, Any] = {self._string(): self._typed() for _ in range(values)}
        self.tensors = dict(self._tensor() for _ in range(tensors))
        self.start = -(-file.tell() // gguf.ALIGNMENT) * gguf.ALIGNMENT

    def data(self, name: str) -> bytes:
        shape, kind, offset = self.tensors[name]
        numbers, size = gguf.BLOCK[kind]
        self._file.seek(self.start + offset)
        return self._file.read(math.prod(shape) // numbers * size)

    def _unpack(self, layout: str) -> Any:
        return struct.unpack(layout, self._file.read(struct.calcsize(layout)))[0]

    def _string(self) -> str:
        return self._file.read(self._unpack("<Q")).decode("utf-8")

    def _typed(self) -> Any:
        return self._value(self._unpack("<I"))

    def _value(self, kind: int) -> Any:
        if kind == gguf.ValueType.STRING:
            return self._string()
        if kind == gguf.ValueType.ARRAY:
            item = self._unpack("<I")
            return [self._value(item) for _ in range(self._unpack("<Q"))]
        return self._unpack(SIMPLE[kind])

    def _tensor(self) -> tuple[str, tuple[tuple[int, ...], gguf.TensorType, int]]:
        name = self._string()
        shape = tuple(self._unpack("<Q") for _ in range(self._unpack("<I")))
        kind = gguf.TensorType(self._unpack("<I"))
        return name, (shape, kind, self._unpack("<Q"))


class GgufTest(unittest.TestCase):
    def test_what_is_written_can_be_read(self) -> None:
        metadata: dict[str, gguf.Value] = {
            "name": "Häil", "count": 7, "base": 0.5, "yes": True,
            "words": ["a", "bc"], "scores": [0.0, -1.5], "kinds": [1, 2]}
        first = gguf.Tensor("first", (2, 3), gguf.TensorType.F32, bytes(range(24)))
        second = gguf.Tensor("second", (1, 32), gguf.TensorType.Q8_0, bytes(range(34)))
        file = io.BytesIO()
        gguf.write(file, metadata, [first, second])
        file.seek(0)
        reader = Reader(file)
        self.assertEqual(reader.metadata, metadata)
        self.assertEqual(reader.tensors["first"][0], (3, 2))
        self.assertEqual(reader.data("first"), first.data)
        self.assertEqual(reader.data("second"), second.data)
        self.assertEqual(len(file.getvalue()) % gguf.ALIGNMENT, 0)

    def test_data_that_does_not_fit_the_shape_is_refused(self) -> None:
        with self.assertRaises(ValueError):
            gguf.Tensor("x", (2, 3), gguf.TensorType.F32, bytes(20))
        with self.assertRaises(ValueError):
            gguf.Tensor("x", (1, 31), gguf.TensorType.Q8_0, bytes(34))


class ShippedModelTest(unittest.TestCase):
    def test_the_shipped_model_is_small_and_carries_its_template(self) -> None:
        self.assertLessEqual(SHIPPED.stat().st_size, 12_000_000)
        with SHIPPED.open("rb") as file:
            metadata = Reader(file).metadata
        self.assertEqual(metadata["tokenizer.chat_template"], chat_format.TEMPLATE)
        self.assertEqual(metadata["general.license"], "Apache-2.0")
        tokens = metadata["tokenizer.ggml.tokens"]
        self.assertEqual(tokens[metadata["tokenizer.ggml.eos_token_id"]], chat_format.END)
        self.assertLessEqual(set(chat_format.SPECIAL), set(tokens))


if __name__ == "__main__":
    unittest.main()
