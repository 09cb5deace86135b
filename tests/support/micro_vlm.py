# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""A language model that sees, of some 300 KB: a two-layer llama and LLaVA's kind of projector, with
random weights that are the same everywhere. It is real to llama.cpp and talks nonsense, another
nonsense for another picture."""

import random
import struct
from pathlib import Path

CHAT_TEMPLATE = ("{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}"
                 "{% if add_generation_prompt %}[assistant] {% endif %}")

U32, I32, F32, BOOL, TEXT, LIST = 4, 5, 6, 7, 8, 9


class Gguf:
    """Writes a GGUF file of version 3; tensors are float32."""

    def __init__(self) -> None:
        self.entries: list[bytes] = []
        self.tensors: list[tuple[str, list[int], bytes]] = []

    @staticmethod
    def text(value: str) -> bytes:
        data = value.encode()
        return struct.pack("<Q", len(data)) + data

    def value(self, kind: int, value: object) -> bytes:
        if kind == TEXT:
            return self.text(value)
        return struct.pack({U32: "<I", I32: "<i", F32: "<f", BOOL: "<B"}[kind], value)

    def set(self, key: str, kind: int, value: object) -> None:
        self.entries.append(self.text(key) + struct.pack("<I", kind) + self.value(kind, value))

    def set_list(self, key: str, kind: int, values: list) -> None:
        head = struct.pack("<IIQ", LIST, kind, len(values))
        self.entries.append(self.text(key) + head + b"".join(self.value(kind, v) for v in values))

    def add(self, name: str, shape: list[int], values: list[float]) -> None:
        self.tensors.append((name, shape, struct.pack(f"<{len(values)}f", *values)))

    def write(self, path: Path) -> None:
        infos, data = b"", b""
        for name, shape, values in self.tensors:
            infos += self.text(name) + struct.pack("<I", len(shape))
            infos += struct.pack(f"<{len(shape)}Q", *shape) + struct.pack("<IQ", 0, len(data))
            data += values + b"\0" * (-len(values) % 32)
        head = b"GGUF" + struct.pack("<IQQ", 3, len(self.tensors), len(self.entries))
        body = head + b"".join(self.entries) + infos
        path.write_bytes(body + b"\0" * (-len(body) % 32) + data)


def count(shape: list[int]) -> int:
    product = 1
    for size in shape:
        product *= size
    return product


class Weights:
    """Fills tensors: with small random numbers, ones or zeros."""

    def __init__(self, gguf: Gguf, seed: int) -> None:
        self.gguf = gguf
        self.random = random.Random(seed)

    def noise(self, name: str, shape: list[int], scale: float = 1.0) -> None:
        values = [(self.random.randrange(2001) / 1000 - 1) * scale for _ in range(count(shape))]
        self.gguf.add(name, shape, values)

    def same(self, name: str, shape: list[int], value: float) -> None:
        self.gguf.add(name, shape, [value] * count(shape))


WIDTH = 32


def vocabulary() -> tuple[list[str], list[float], list[int]]:
    tokens = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    types = [2, 3, 3] + [6] * 256
    words = ["\u2581"] + [chr(c) for c in range(ord("!"), ord("~") + 1)]
    words += ["\u2581" + chr(c) for c in range(ord("a"), ord("z") + 1)]
    scores = [0.0] * len(tokens) + [-float(i) for i in range(len(words))]
    return tokens + words, scores, types + [1] * len(words)


def write_language_model(path: Path, context: int = 512) -> None:
    gguf = Gguf()
    tokens, scores, types = vocabulary()
    gguf.set("general.architecture", TEXT, "llama")
    gguf.set("general.name", TEXT, "micro that sees")
    for key, value in (("block_count", 2), ("context_length", context), ("embedding_length", WIDTH),
                       ("feed_forward_length", 64), ("attention.head_count", 2),
                       ("attention.head_count_kv", 2), ("rope.dimension_count", WIDTH // 2)):
        gguf.set("llama." + key, U32, value)
    gguf.set("llama.attention.layer_norm_rms_epsilon", F32, 1e-5)
    gguf.set("tokenizer.ggml.model", TEXT, "llama")
    gguf.set_list("tokenizer.ggml.tokens", TEXT, tokens)
    gguf.set_list("tokenizer.ggml.scores", F32, scores)
    gguf.set_list("tokenizer.ggml.token_type", I32, types)
    gguf.set("tokenizer.ggml.bos_token_id", U32, 1)
    gguf.set("tokenizer.ggml.eos_token_id", U32, 2)
    gguf.set("tokenizer.chat_template", TEXT, CHAT_TEMPLATE)
    weights = Weights(gguf, 1)
    weights.noise("token_embd.weight", [WIDTH, len(tokens)])
    for block in ("blk.0.", "blk.1."):
        weights.same(block + "attn_norm.weight", [WIDTH], 1)
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            weights.noise(f"{block}{name}.weight", [WIDTH, WIDTH])
        weights.same(block + "ffn_norm.weight", [WIDTH], 1)
        weights.noise(block + "ffn_gate.weight", [WIDTH, 64])
        weights.noise(block + "ffn_up.weight", [WIDTH, 64])
        weights.noise(block + "ffn_down.weight", [64, WIDTH])
    weights.same("output_norm.weight", [WIDTH], 1)
    # Bytes and marks are never as likely as words: what it says is text.
    silent = types.count(2) + types.count(3) + types.count(6)
    words = [weights.random.randrange(2001) / 1000 - 1
             for _ in range(WIDTH * (len(tokens) - silent))]
    gguf.add("output.weight", [WIDTH, len(tokens)], [0.0] * (WIDTH * silent) + words)
    gguf.write(path)


def write_projector(path: Path) -> None:
    side, patch, width, inner = 28, 14, 32, 64
    gguf = Gguf()
    gguf.set("general.architecture", TEXT, "clip")
    gguf.set("clip.has_vision_encoder", BOOL, 1)
    gguf.set("clip.projector_type", TEXT, "mlp")
    gguf.set("clip.use_gelu", BOOL, 1)
    for key, value in (("image_size", side), ("patch_size", patch), ("embedding_length", width),
                       ("feed_forward_length", inner), ("projection_dim", WIDTH),
                       ("block_count", 2), ("attention.head_count", 2)):
        gguf.set("clip.vision." + key, U32, value)
    gguf.set("clip.vision.attention.layer_norm_epsilon", F32, 1e-5)
    gguf.set_list("clip.vision.image_mean", F32, [0.5, 0.5, 0.5])
    gguf.set_list("clip.vision.image_std", F32, [0.5, 0.5, 0.5])
    weights = Weights(gguf, 2)
    weights.noise("v.patch_embd.weight", [patch, patch, 3, width], 0.1)
    weights.noise("v.class_embd", [width])
    weights.noise("v.position_embd.weight", [width, (side // patch) ** 2 + 1])
    weights.same("v.pre_ln.weight", [width], 1)
    weights.same("v.pre_ln.bias", [width], 0)
    for block in ("v.blk.0.", "v.blk.1."):
        for name, shape in (("attn_q", [width, width]), ("attn_k", [width, width]),
                            ("attn_v", [width, width]), ("attn_out", [width, width]),
                            ("ffn_up", [width, inner]), ("ffn_down", [inner, width])):
            weights.noise(f"{block}{name}.weight", shape, 0.3)
            weights.same(f"{block}{name}.bias", shape[1:], 0)
        for name in ("ln1", "ln2"):
            weights.same(f"{block}{name}.weight", [width], 1)
            weights.same(f"{block}{name}.bias", [width], 0)
    weights.noise("mm.0.weight", [width, WIDTH])
    weights.same("mm.0.bias", [WIDTH], 0)
    weights.noise("mm.2.weight", [WIDTH, WIDTH])
    weights.same("mm.2.bias", [WIDTH], 0)
    gguf.write(path)


def write(folder: Path) -> tuple[Path, Path]:
    """The model's file and its projector's."""
    model, projector = folder / "micro-vlm.gguf", folder / "micro-vlm-mmproj.gguf"
    write_language_model(model)
    write_projector(projector)
    return model, projector
