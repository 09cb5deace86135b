# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""The network: a Llama (RMSNorm, rotary positions on adjacent pairs, SwiGLU, tied output)."""

from __future__ import annotations

import dataclasses
import math

import torch
from torch import nn
from torch.nn import functional


@dataclasses.dataclass(frozen=True)
class Shape:
    """Every width is a multiple of 32, the block size of Q8_0."""

    vocab: int = 2048
    width: int = 256
    layers: int = 4
    heads: int = 8
    hidden: int = 704
    context: int = 512
    rope_base: float = 10000.0
    epsilon: float = 1e-5


class RmsNorm(nn.Module):
    def __init__(self, width: int, epsilon: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.epsilon) * self.weight


class Block(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.attn_norm = RmsNorm(shape.width, shape.epsilon)
        self.attn_qkv = nn.Linear(shape.width, 3 * shape.width, bias=False)
        self.attn_output = nn.Linear(shape.width, shape.width, bias=False)
        self.ffn_norm = RmsNorm(shape.width, shape.epsilon)
        self.ffn_gate_up = nn.Linear(shape.width, 2 * shape.hidden, bias=False)
        self.ffn_down = nn.Linear(shape.hidden, shape.width, bias=False)

    def forward(self, x: torch.Tensor, rope: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        x = x + self._attend(self.attn_norm(x), rope, mask)
        gate, up = self.ffn_gate_up(self.ffn_norm(x)).chunk(2, -1)
        return x + self.ffn_down(functional.silu(gate) * up)

    def _attend(self, x: torch.Tensor, rope: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        batch, length, width = x.shape
        parts = self.attn_qkv(x).view(batch, length, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        query, key = rotate(query, rope), rotate(key, rope)
        scores = query @ key.transpose(-1, -2) / math.sqrt(width // self.heads) + mask
        mixed = scores.softmax(-1) @ value
        return self.attn_output(mixed.transpose(1, 2).reshape(batch, length, width))


class Llama(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.token_embd = nn.Embedding(shape.vocab, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.output_norm = RmsNorm(shape.width, shape.epsilon)
        self.register_buffer("rope", rope_table(shape), persistent=False)
        self._initialise()

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Hidden states; logits() turns those that matter into logits."""
        length = tokens.shape[1]
        mask = torch.full((length, length), -torch.inf).triu(1)
        x = self.token_embd(tokens)
        for block in self.blocks:
            x = block(x, self.rope[:length], mask)
        return self.output_norm(x)

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        return hidden @ self.token_embd.weight.T

    def parameter_count(self) -> int:
        return sum(parameter.numel() for parameter in self.parameters())

    def _initialise(self) -> None:
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                is_residual = name.endswith(("attn_output.weight", "ffn_down.weight"))
                shrink = math.sqrt(2 * self.shape.layers) if is_residual else 1.0
                nn.init.normal_(parameter, std=0.04 / shrink)


def rope_table(shape: Shape) -> torch.Tensor:
    """[context, head width / 2, 2]: cosine and sine of each pair's angle."""
    head = shape.width // shape.heads
    frequency = shape.rope_base ** (-torch.arange(0, head, 2).float() / head)
    angle = torch.outer(torch.arange(shape.context).float(), frequency)
    return torch.stack((angle.cos(), angle.sin()), -1)


def rotate(x: torch.Tensor, rope: torch.Tensor) -> torch.Tensor:
    even, odd = x[..., 0::2], x[..., 1::2]
    cos, sin = rope[..., 0], rope[..., 1]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1).flatten(-2)
