# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""A reranker of some 100 KB: a two-layer BERT with a classifier of one output, as bge-reranker's and
jina-reranker's files have it, with random weights that are the same everywhere."""

from pathlib import Path

from micro_vlm import BOOL, F32, I32, TEXT, U32, Gguf, Weights

WIDTH, INNER, CONTEXT = 32, 64, 256


def vocabulary() -> list[str]:
    """Letters, at the beginning of a word and within one: every text of letters has tokens."""
    letters = [chr(c) for c in range(ord("a"), ord("z") + 1)]
    words = ["hail", "falls", "rain", "ice", "port", "cats"]
    return (["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + ["\u2581" + w for w in words + letters] +
            letters)


def write(path: Path) -> Path:
    gguf = Gguf()
    tokens = vocabulary()
    gguf.set("general.architecture", TEXT, "bert")
    gguf.set("general.name", TEXT, "micro reranker")
    for key, value in (("block_count", 2), ("context_length", CONTEXT), ("embedding_length", WIDTH),
                       ("feed_forward_length", INNER), ("attention.head_count", 2),
                       ("pooling_type", 4)):
        gguf.set("bert." + key, U32, value)
    gguf.set("bert.attention.layer_norm_epsilon", F32, 1e-5)
    gguf.set("bert.attention.causal", BOOL, 0)
    gguf.set("tokenizer.ggml.model", TEXT, "bert")
    gguf.set("tokenizer.ggml.token_type_count", U32, 1)
    gguf.set_list("tokenizer.ggml.tokens", TEXT, tokens)
    gguf.set_list("tokenizer.ggml.scores", F32, [0.0] * len(tokens))
    gguf.set_list("tokenizer.ggml.token_type", I32, [3, 2, 3, 3, 3] + [1] * (len(tokens) - 5))
    for key, value in (("padding", 0), ("unknown", 1), ("bos", 2), ("eos", 3), ("seperator", 3),
                       ("cls", 2), ("mask", 4)):
        gguf.set(f"tokenizer.ggml.{key}_token_id", U32, value)
    weights = Weights(gguf, 3)
    weights.noise("token_embd.weight", [WIDTH, len(tokens)])
    weights.noise("token_types.weight", [WIDTH, 1])
    weights.noise("position_embd.weight", [WIDTH, CONTEXT])
    norms = ["token_embd_norm"]
    for block in ("blk.0.", "blk.1."):
        for name, shape in (("attn_q", [WIDTH, WIDTH]), ("attn_k", [WIDTH, WIDTH]),
                            ("attn_v", [WIDTH, WIDTH]), ("attn_output", [WIDTH, WIDTH]),
                            ("ffn_up", [WIDTH, INNER]), ("ffn_down", [INNER, WIDTH])):
            weights.noise(f"{block}{name}.weight", shape)
            weights.same(f"{block}{name}.bias", shape[1:], 0)
        norms += [block + "attn_output_norm", block + "layer_output_norm"]
    for norm in norms:
        weights.same(norm + ".weight", [WIDTH], 1)
        weights.same(norm + ".bias", [WIDTH], 0)
    weights.noise("cls.weight", [WIDTH, WIDTH], 0.3)
    weights.same("cls.bias", [WIDTH], 0)
    weights.noise("cls.output.weight", [WIDTH, 1])
    weights.same("cls.output.bias", [1], 0)
    gguf.write(path)
    return path
