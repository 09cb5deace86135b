# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Whisper models with random weights in ggml's format: as large and as slow as real ones, and with nothing to say. Header, mel
filters and vocabulary come from a file without weights, as whisper.cpp has for its tests. Needs NumPy."""

import argparse
import struct
from pathlib import Path
from typing import BinaryIO, Iterator

import numpy as np

SHAPES = {"tiny": (384, 6, 4), "base": (512, 8, 6)}  # width, heads, layers
MAGIC, AUDIO_CONTEXT, TEXT_CONTEXT, MELS = 0x67676D6C, 1500, 448, 80
F32, F16 = 0, 1
END_OF_TEXT = 50257
# From this many tokens on the end of the text becomes likely.
USUAL_LENGTH = 14


def read_head(path: Path) -> tuple[int, bytes]:
    """The size of the vocabulary; filters and vocabulary as they stand in the file."""
    data = path.read_bytes()
    header = struct.unpack_from("<12i", data)
    if header[0] != MAGIC:
        raise ValueError(f"{path} is no Whisper model in ggml's format")
    at = 48
    mels, fft = struct.unpack_from("<2i", data, at)
    at += 8 + mels * fft * 4
    count, = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(count):
        length, = struct.unpack_from("<I", data, at)
        at += 4 + length
    return header[1], data[48:at]


def tensors(width: int, layers: int, vocabulary: int, seed: int) -> Iterator[tuple[str, np.ndarray, int]]:
    """Name, values with the innermost dimension last, type."""
    random = np.random.default_rng(seed)
    ending = random.standard_normal(width).astype(np.float32)

    def weights(*shape: int) -> np.ndarray:
        fan_in = int(np.prod(shape[1:]))
        return (random.standard_normal(shape) / np.sqrt(fan_in)).astype(np.float32)

    def norm(name: str) -> Iterator[tuple[str, np.ndarray, int]]:
        yield f"{name}.weight", np.ones(width, np.float32), F32
        yield f"{name}.bias", np.zeros(width, np.float32), F32

    def linear(name: str, out: int, into: int, has_bias: bool = True) -> Iterator[tuple[str, np.ndarray, int]]:
        yield f"{name}.weight", weights(out, into), F16
        if has_bias:
            yield f"{name}.bias", np.zeros(out, np.float32), F32

    def attention(name: str) -> Iterator[tuple[str, np.ndarray, int]]:
        for part in ("query", "key", "value", "out"):
            yield from linear(f"{name}.{part}", width, width, part != "key")

    def block(name: str, has_cross: bool) -> Iterator[tuple[str, np.ndarray, int]]:
        yield from norm(f"{name}.attn_ln")
        yield from attention(f"{name}.attn")
        if has_cross:
            yield from norm(f"{name}.cross_attn_ln")
            yield from attention(f"{name}.cross_attn")
        yield from norm(f"{name}.mlp_ln")
        yield from linear(f"{name}.mlp.0", 4 * width, width)
        yield from linear(f"{name}.mlp.2", width, 4 * width)

    yield "encoder.positional_embedding", 0.1 * weights(AUDIO_CONTEXT, width), F32
    yield "encoder.conv1.weight", weights(width, MELS, 3), F16
    yield "encoder.conv1.bias", np.zeros((width, 1), np.float32), F32
    yield "encoder.conv2.weight", weights(width, width, 3), F16
    yield "encoder.conv2.bias", np.zeros((width, 1), np.float32), F32
    for layer in range(layers):
        yield from block(f"encoder.blocks.{layer}", False)
    yield from norm("encoder.ln_post")
    # Each further place leans more to the end: real models come to one, too.
    lean = np.maximum(0, np.arange(TEXT_CONTEXT) - USUAL_LENGTH).astype(np.float32)
    yield "decoder.positional_embedding", weights(TEXT_CONTEXT, width) + np.outer(lean, ending), F32
    embedding = weights(vocabulary, width)
    embedding[END_OF_TEXT] = ending / np.linalg.norm(ending) * 2
    yield "decoder.token_embedding.weight", embedding, F16
    for layer in range(layers):
        yield from block(f"decoder.blocks.{layer}", True)
    yield from norm("decoder.ln")


def write_tensor(file: BinaryIO, name: str, values: np.ndarray, kind: int) -> None:
    file.write(struct.pack("<3i", values.ndim, len(name), kind))
    file.write(struct.pack(f"<{values.ndim}i", *reversed(values.shape)))
    file.write(name.encode())
    file.write(values.astype(np.float16 if kind == F16 else np.float32).tobytes())


def write_model(path: Path, size: str, head: Path, seed: int = 1) -> None:
    width, heads, layers = SHAPES[size]
    vocabulary, tables = read_head(head)
    with open(path, "wb") as file:
        file.write(struct.pack("<12i", MAGIC, vocabulary, AUDIO_CONTEXT, width, heads, layers, TEXT_CONTEXT, width, heads, layers,
                               MELS, F16))
        file.write(tables)
        for name, values, kind in tensors(width, layers, vocabulary, seed):
            write_tensor(file, name, values, kind)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("head", type=Path, help="a model file whose header, filters and vocabulary are taken")
    parser.add_argument("output", type=Path)
    parser.add_argument("--size", choices=SHAPES, default="tiny")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write_model(options.output, options.size, options.head, options.seed)
