# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""How a conversation becomes tokens. TEMPLATE and encode() must stay the same thing.

Every message stands between its role's token and <|end|>, so that llama.cpp and sentencepiece
split the text at the same places. The tokenizer adds no space of its own: questions get one, so
that their first word is the same token as in mid-sentence; answers do not begin with one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

END = "<|end|>"
ROLES = {"system": "<|system|>", "user": "<|user|>", "assistant": "<|assistant|>"}
SPECIAL = [*ROLES.values(), END]

# The network has learnt conversations of four questions at most, and short ones: older messages
# and the tail of very long ones are left out rather than overflow its small context.
TEMPLATE = (
    "{%- for message in messages[-7:] -%}"
    "{%- set role = message['role'] -%}"
    "{%- if role in ['system', 'user', 'assistant'] and message['content'] -%}"
    "{{- '<|' + role + '|>' + ('' if role == 'assistant' else ' ') -}}"
    "{{- message['content'][:500] + '<|end|>' -}}"
    "{%- endif -%}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{- '<|assistant|>' -}}{%- endif -%}"
)


class Tokenizer(Protocol):
    """The part of sentencepiece's processor that is needed here."""

    def encode(self, text: str) -> list[int]: ...

    def piece_to_id(self, piece: str) -> int: ...

    def bos_id(self) -> int: ...


def encode(turns: Sequence[tuple[str, str]], tokenizer: Tokenizer) -> tuple[list[int], list[int]]:
    """The tokens of a conversation, and for each one 1 if the model has to learn to write it."""
    tokens, learn = [tokenizer.bos_id()], [0]
    for role, text in turns:
        body = [*tokenizer.encode(spaced(role, text)), tokenizer.piece_to_id(END)]
        tokens += [tokenizer.piece_to_id(ROLES[role]), *body]
        learn += [0, *[int(role == "assistant")] * len(body)]
    return tokens, learn


def encode_prompt(turns: Sequence[tuple[str, str]], tokenizer: Tokenizer) -> list[int]:
    return [*encode(turns, tokenizer)[0], tokenizer.piece_to_id(ROLES["assistant"])]


def spaced(role: str, text: str) -> str:
    return text if role == "assistant" else " " + text
