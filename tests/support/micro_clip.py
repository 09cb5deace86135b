# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""A CLIP of a few hundred bytes, whose directions are red, green and blue: the real files in small.

The image encoder gives the mean of each channel, the text encoder the sum of what its tokens mean, of which only three
words mean anything. Written as onnx.proto numbers its fields.
"""

import json
import struct
from pathlib import Path

FLOAT, INT64 = 1, 7
COLOURS = ("red", "green", "blue")


def varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number: int, content: bytes | str | int) -> bytes:
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    data = content.encode() if isinstance(content, str) else content
    return varint(number << 3 | 2) + varint(len(data)) + data


def value(name: str, kind: int, shape: list[int | str]) -> bytes:
    sides = b"".join(field(1, field(2, side) if isinstance(side, str) else field(1, side)) for side in shape)
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, sides)))


def node(operator: str, inputs: list[str], output: str, **integers: int | list[int]) -> bytes:
    out = b"".join(field(1, name) for name in inputs) + field(2, output) + field(4, operator)
    for name, number in integers.items():
        if isinstance(number, int):
            out += field(5, field(1, name) + field(3, number) + field(20, 2))
        else:
            out += field(5, field(1, name) + b"".join(field(8, n) for n in number) + field(20, 7))
    return out


def constant(name: str, shape: list[int], values: list[float]) -> bytes:
    return (b"".join(field(1, side) for side in shape) + field(2, FLOAT) + field(8, name)
            + field(9, struct.pack(f"<{len(values)}f", *values)))


def network(nodes: list[bytes], constants: list[bytes], inputs: list[bytes], outputs: list[bytes]) -> bytes:
    graph = b"".join(field(1, each) for each in nodes) + field(2, "micro")
    graph += b"".join(field(5, each) for each in constants)
    graph += b"".join(field(11, each) for each in inputs) + b"".join(field(12, each) for each in outputs)
    return field(1, 8) + field(7, graph) + field(8, field(1, "") + field(2, 13))  # opset 13


def image_encoder(side: int = 8) -> bytes:
    return network([node("ReduceMean", ["pixel_values"], "image_embeds", axes=[2, 3], keepdims=0)], [],
                   [value("pixel_values", FLOAT, ["batch", 3, side, side])],
                   [value("image_embeds", FLOAT, ["batch", 3])])


def tokenizer() -> dict:
    """Each word is spelt out and merged letter by letter."""
    tokens = [chr(c) for c in range(33, 127)] + [chr(c) + "</w>" for c in range(33, 127)]
    merges = []
    for word in COLOURS:
        letters = [*word[:-1], word[-1] + "</w>"]
        while len(letters) > 1:
            merges.append(f"{letters[0]} {letters[1]}")
            letters[:2] = [letters[0] + letters[1]]
            tokens.append(letters[0])
    special = ["<|startoftext|>", "<|endoftext|>"]
    return {"added_tokens": [{"id": len(tokens) + i, "content": name} for i, name in enumerate(special)],
            "model": {"type": "BPE", "end_of_word_suffix": "</w>", "merges": merges,
                      "vocab": {token: i for i, token in enumerate(tokens)}}}


def text_encoder(vocabulary: dict[str, int], length: int | str) -> bytes:
    rows = [[0.0, 0.0, 0.0] for _ in range(len(vocabulary) + 2)]
    rows[vocabulary["a</w>"]] = [0.01, 0.01, 0.01]
    for axis, word in enumerate(COLOURS):
        rows[vocabulary[word + "</w>"]][axis] = 1.0
    return network([node("Gather", ["meaning", "input_ids"], "meant", axis=0),
                    node("ReduceSum", ["meant", "axis"], "text_embeds", keepdims=0)],
                   [constant("meaning", [len(rows), 3], [number for row in rows for number in row]),
                    field(1, 1) + field(2, INT64) + field(8, "axis") + field(9, struct.pack("<q", 1))],
                   [value("input_ids", INT64, ["batch", length])],
                   [value("text_embeds", FLOAT, ["batch", 3])])


def write(folder: Path, length: int | str = 77) -> tuple[Path, Path, Path]:
    """Image encoder, text encoder, tokenizer."""
    words = tokenizer()
    files = folder / "image.onnx", folder / "text.onnx", folder / "tokenizer.json"
    files[0].write_bytes(image_encoder())
    files[1].write_bytes(text_encoder(words["model"]["vocab"], length))
    files[2].write_text(json.dumps(words))
    return files
