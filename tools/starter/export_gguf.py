#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Turns tokenizer.model and checkpoint.pt into a Q8_0 GGUF with the chat template inside."""

from __future__ import annotations

import argparse
import pathlib

import numpy as np
import sentencepiece
import torch

import chat_format
import gguf
import quantise

NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6  # llama.cpp's token types
MOSTLY_Q8_0 = 7


def token_type(tokenizer: sentencepiece.SentencePieceProcessor, token: int) -> int:
    if tokenizer.is_unknown(token):
        return UNKNOWN
    if tokenizer.is_control(token):
        return CONTROL
    return BYTE if tokenizer.is_byte(token) else NORMAL


def tokenizer_metadata(tokenizer: sentencepiece.SentencePieceProcessor) -> dict[str, gguf.Value]:
    ids = range(tokenizer.get_piece_size())
    end = tokenizer.piece_to_id(chat_format.END)
    return {
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.pre": "default",
        "tokenizer.ggml.tokens": [tokenizer.id_to_piece(i) for i in ids],
        "tokenizer.ggml.scores": [float(tokenizer.get_score(i)) for i in ids],
        "tokenizer.ggml.token_type": [token_type(tokenizer, i) for i in ids],
        "tokenizer.ggml.bos_token_id": tokenizer.bos_id(),
        "tokenizer.ggml.eos_token_id": end,
        "tokenizer.ggml.eot_token_id": end,
        "tokenizer.ggml.unknown_token_id": tokenizer.unk_id(),
        "tokenizer.ggml.padding_token_id": end,
        "tokenizer.ggml.add_bos_token": True,
        "tokenizer.ggml.add_eos_token": False,
        "tokenizer.ggml.add_space_prefix": False,
        "tokenizer.chat_template": chat_format.TEMPLATE,
    }


def shape_metadata(shape: dict, parameters: int) -> dict[str, gguf.Value]:
    return {
        "general.architecture": "llama",
        "general.type": "model",
        "general.name": "Hailstone starter chat",
        "general.author": "The Hailstone authors",
        "general.license": "Apache-2.0",
        "general.description": "Knows Hailstone's manual and nothing else.",
        "general.size_label": f"{parameters / 1e6:.1f}M",
        "general.languages": ["en"],
        "general.file_type": MOSTLY_Q8_0,
        "general.quantization_version": 2,
        "llama.vocab_size": shape["vocab"],
        "llama.context_length": shape["context"],
        "llama.embedding_length": shape["width"],
        "llama.block_count": shape["layers"],
        "llama.feed_forward_length": shape["hidden"],
        "llama.attention.head_count": shape["heads"],
        "llama.attention.head_count_kv": shape["heads"],
        "llama.attention.layer_norm_rms_epsilon": shape["epsilon"],
        "llama.rope.dimension_count": shape["width"] // shape["heads"],
        "llama.rope.freq_base": shape["rope_base"],
    }


def tensors(weights: dict[str, np.ndarray], layers: int) -> list[gguf.Tensor]:
    """Without output.weight: llama.cpp then uses the embedding for the output too."""
    out = [quantise.q8_0("token_embd.weight", weights["token_embd.weight"])]
    for layer in range(layers):
        out += _block_tensors(weights, f"blocks.{layer}", f"blk.{layer}")
    return [*out, quantise.f32("output_norm.weight", weights["output_norm.weight"])]


def _block_tensors(weights: dict[str, np.ndarray], ours: str, theirs: str) -> list[gguf.Tensor]:
    matrices: dict[str, np.ndarray] = {}
    qkv = np.split(weights[f"{ours}.attn_qkv.weight"], 3)
    matrices.update(zip(("attn_q", "attn_k", "attn_v"), qkv))
    gate_up = np.split(weights[f"{ours}.ffn_gate_up.weight"], 2)
    matrices.update(zip(("ffn_gate", "ffn_up"), gate_up))
    for name in ("attn_output", "ffn_down"):
        matrices[name] = weights[f"{ours}.{name}.weight"]
    norms = [quantise.f32(f"{theirs}.{name}.weight", weights[f"{ours}.{name}.weight"])
             for name in ("attn_norm", "ffn_norm")]
    return norms + [quantise.q8_0(f"{theirs}.{name}.weight", matrix)
                    for name, matrix in matrices.items()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path, help="output folder of train.py")
    parser.add_argument("output", type=pathlib.Path)
    args = parser.parse_args()
    state = torch.load(args.folder / "checkpoint.pt", map_location="cpu")
    weights = {name: tensor.numpy() for name, tensor in state["model"].items()}
    tokenizer = sentencepiece.SentencePieceProcessor(
        model_file=str(args.folder / "tokenizer.model"))
    parameters = sum(weight.size for weight in weights.values())
    metadata = {**shape_metadata(state["shape"], parameters), **tokenizer_metadata(tokenizer)}
    part = args.output.with_suffix(".part")
    with part.open("wb") as out:
        gguf.write(out, metadata, tensors(weights, state["shape"]["layers"]))
    part.replace(args.output)
    print(f"{args.output}: {args.output.stat().st_size} bytes, {parameters} parameters, "
          f"{state['progress']['tokens']} tokens seen")


if __name__ == "__main__":
    main()
