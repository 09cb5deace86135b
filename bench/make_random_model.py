#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Writes a GGUF of realistic size with random weights, to measure speed without a download:

    bench/make_random_model.py OUT.gguf          # the shape of a 0.5B model, Q4_0, some 300 MB

The text that it makes is noise; the work for the machine is the same. Needs python3-numpy.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools/starter"))
import gguf  # noqa: E402


@dataclass(frozen=True)
class Shape:
    """Qwen2.5-0.5B's dimensions, in the llama architecture."""

    layers: int = 24
    width: int = 896
    feed_forward: int = 4864
    heads: int = 14
    kv_heads: int = 2
    vocabulary: int = 151936
    context: int = 4096

    @property
    def kv_width(self) -> int:
        return self.width // self.heads * self.kv_heads


def random_q4_0(random: np.random.Generator, name: str, rows: int, columns: int) -> gguf.Tensor:
    """Blocks of 32 numbers: a half float scale, then 32 times 4 bits. The scale keeps sums near 1."""
    blocks = rows * columns // 32
    record = np.zeros(blocks, dtype=[("scale", "<f2"), ("numbers", "u1", 16)])
    record["scale"] = 0.2 / np.sqrt(columns)
    record["numbers"] = random.integers(0, 256, size=(blocks, 16), dtype=np.uint8)
    return gguf.Tensor(name, (rows, columns), gguf.TensorType.Q4_0, record.tobytes())


def ones(name: str, width: int) -> gguf.Tensor:
    return gguf.Tensor(name, (width,), gguf.TensorType.F32, np.ones(width, "<f4").tobytes())


def layer_tensors(random: np.random.Generator, shape: Shape, layer: int) -> list[gguf.Tensor]:
    matrices = {
        "attn_q": (shape.width, shape.width),
        "attn_k": (shape.kv_width, shape.width),
        "attn_v": (shape.kv_width, shape.width),
        "attn_output": (shape.width, shape.width),
        "ffn_gate": (shape.feed_forward, shape.width),
        "ffn_up": (shape.feed_forward, shape.width),
        "ffn_down": (shape.width, shape.feed_forward),
    }
    out = [ones(f"blk.{layer}.{name}.weight", shape.width) for name in ("attn_norm", "ffn_norm")]
    return out + [random_q4_0(random, f"blk.{layer}.{name}.weight", *size)
                  for name, size in matrices.items()]


def tokens(count: int) -> list[str]:
    special = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    letters = ["\u2581"] + [chr(c) for c in range(33, 127)]
    words = [f"\u2581w{i:x}" for i in range(count - len(special) - len(letters))]
    return special + letters + words


def token_types(count: int) -> list[int]:
    unknown, normal, control, byte = 2, 1, 3, 6
    return [unknown, control, control] + [byte] * 256 + [normal] * (count - 259)


def metadata(shape: Shape) -> dict[str, gguf.Value]:
    return {
        "general.architecture": "llama",
        "general.name": "random weights",
        "general.file_type": 2,
        "llama.vocab_size": shape.vocabulary,
        "llama.context_length": shape.context,
        "llama.embedding_length": shape.width,
        "llama.block_count": shape.layers,
        "llama.feed_forward_length": shape.feed_forward,
        "llama.attention.head_count": shape.heads,
        "llama.attention.head_count_kv": shape.kv_heads,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "llama.rope.dimension_count": shape.width // shape.heads,
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": tokens(shape.vocabulary),
        "tokenizer.ggml.scores": [float(-i) for i in range(shape.vocabulary)],
        "tokenizer.ggml.token_type": token_types(shape.vocabulary),
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.ggml.add_bos_token": True,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    out = parser.parse_args().out
    shape, random = Shape(), np.random.default_rng(1)
    tensors = [random_q4_0(random, "token_embd.weight", shape.vocabulary, shape.width),
               ones("output_norm.weight", shape.width)]
    for layer in range(shape.layers):
        tensors += layer_tensors(random, shape, layer)
    with open(out, "wb") as file:
        gguf.write(file, metadata(shape), tensors)
    print(f"{out}: {out.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
