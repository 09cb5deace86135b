#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Trains tokenizer and network on the output of make_text.py.

Needs Debian's python3-torch, python3-sentencepiece and libopenblas0-pthread (with the reference
BLAS it is a hundred times slower). Writes tokenizer.model and checkpoint.pt into the output folder
and continues from them when they exist. Seeded. Takes about an hour on two cores.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import os
import pathlib
import random
import time
from collections.abc import Iterator

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # spinning is 5x slower beside other work

import sentencepiece
import torch
from torch.nn import functional

import chat_format
from model import Llama, Shape

Example = tuple[list[int], list[int]]
SHORT_ANSWER = 8  # tokens
POOL = 4096  # examples sorted by length at a time


@dataclasses.dataclass
class Progress:
    step: int = 0
    tokens: int = 0
    seconds: float = 0.0


def make_tokenizer(text: pathlib.Path, folder: pathlib.Path, vocab: int) -> None:
    """BPE with byte fallback: what llama.cpp calls an SPM tokenizer."""
    with text.open(encoding="utf-8") as lines:
        sentences = [chat_format.spaced(role, part) for _, line in zip(range(60_000), lines)
                     for role, part in json.loads(line)]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences), model_prefix=str(folder / "tokenizer"),
        model_type="bpe", vocab_size=vocab, byte_fallback=True, character_coverage=1.0,
        normalization_rule_name="identity", remove_extra_whitespaces=False,
        add_dummy_prefix=False,
        control_symbols=chat_format.SPECIAL, num_threads=2, minloglevel=2)


def read_examples(text: pathlib.Path, tokenizer: sentencepiece.SentencePieceProcessor,
                  longest: int) -> list[Example]:
    with text.open(encoding="utf-8") as lines:
        examples = [chat_format.encode(json.loads(line), tokenizer) for line in lines]
    return [example for example in examples if len(example[0]) <= longest]


def shortened(example: Example, rng: random.Random) -> Example:
    """Most of the time only the beginning of the last answer: which answer it will be is decided
    there, and the rest of it is quickly learnt."""
    tokens, learn = example
    start = len(learn) - learn[::-1].index(0)
    if rng.random() < 0.25 or len(tokens) - start <= SHORT_ANSWER:
        return example
    return tokens[:start + SHORT_ANSWER], learn[:start + SHORT_ANSWER]


def batches(examples: list[Example], tokens: int, rng: random.Random) -> Iterator[list[Example]]:
    """For ever: batches of examples of similar length, so that little is padding."""
    while True:
        pool = [shortened(example, rng) for example in rng.sample(examples, POOL)]
        pool.sort(key=lambda example: len(example[0]))
        cut: list[list[Example]] = [[]]
        for example in pool:
            if (len(cut[-1]) + 1) * len(example[0]) > tokens:
                cut.append([])
            cut[-1].append(example)
        rng.shuffle(cut)
        yield from cut


def tensors(batch: list[Example], hide: int,
            rng: random.Random) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Inputs, targets and the mask of learnt targets. Some words of questions are hidden (`hide`
    stands for them), so that the model does not hang on single words."""
    length = max(len(tokens) for tokens, _ in batch)
    inputs = torch.zeros(len(batch), length - 1, dtype=torch.long)
    targets, learn = torch.zeros_like(inputs), torch.zeros_like(inputs)
    for row, (tokens, mask) in enumerate(batch):
        seen = [hide if not learnt and token > 10 and rng.random() < 0.05 else token
                for token, learnt in zip(tokens, mask)]
        inputs[row, :len(tokens) - 1] = torch.tensor(seen[:-1])
        targets[row, :len(tokens) - 1] = torch.tensor(tokens[1:])
        learn[row, :len(tokens) - 1] = torch.tensor(mask[1:])
    return inputs, targets, learn.bool()


def learning_rate(done: float, peak: float) -> float:
    """Warm-up over 2 % of the run, then a cosine down to 2 % of the peak."""
    if done < 0.02:
        return peak * (done + 0.001) / 0.021
    return peak * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, (done - 0.02) / 0.98))))


def make_optimizer(model: Llama, peak: float) -> torch.optim.Optimizer:
    matrices = [p for p in model.parameters() if p.dim() == 2]
    others = [p for p in model.parameters() if p.dim() != 2]
    return torch.optim.AdamW([{"params": matrices, "weight_decay": 0.1},
                              {"params": others, "weight_decay": 0.0}],
                             lr=peak, betas=(0.9, 0.97), eps=1e-8)


class Trainer:
    def __init__(self, args: argparse.Namespace) -> None:
        torch.set_num_threads(args.threads)
        torch.manual_seed(args.seed)
        self._args = args
        self._checkpoint = args.folder / "checkpoint.pt"
        args.folder.mkdir(parents=True, exist_ok=True)
        shape = Shape()
        if not (args.folder / "tokenizer.model").exists():
            make_tokenizer(args.text, args.folder, shape.vocab)
        self._tokenizer = sentencepiece.SentencePieceProcessor(
            model_file=str(args.folder / "tokenizer.model"))
        self._model = Llama(shape)
        self._optimizer = make_optimizer(self._model, args.rate)
        self._progress = Progress()
        if self._checkpoint.exists():
            self._resume()

    def run(self) -> None:
        args, progress = self._args, self._progress
        examples = read_examples(args.text, self._tokenizer, self._model.shape.context)
        rng = random.Random(args.seed + progress.step)
        print(f"{self._model.parameter_count()} parameters, {len(examples)} conversations, "
              f"{sum(len(e[0]) for e in examples) / len(examples):.1f} tokens each", flush=True)
        started, saved, average = time.monotonic(), time.monotonic(), 0.0
        before = progress.seconds
        for batch in batches(examples, args.batch, rng):
            done = progress.tokens / args.tokens
            if done >= 1.0:
                break
            loss = self._step(batch, learning_rate(done, args.rate), rng)
            average = loss if not average else 0.98 * average + 0.02 * loss
            progress.step += 1
            progress.tokens += sum(len(tokens) for tokens, _ in batch)
            progress.seconds = before + time.monotonic() - started
            if progress.step % 50 == 0:
                print(f"step {progress.step} tokens {progress.tokens} loss {average:.4f} "
                      f"tokens/s {progress.tokens / progress.seconds:.0f}", flush=True)
            if time.monotonic() - saved > args.save_every:
                self._save()
                saved = time.monotonic()
        self._save()
        print(f"done: {progress.tokens} tokens in {progress.seconds:.0f} s", flush=True)

    def _step(self, batch: list[Example], rate: float, rng: random.Random) -> float:
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        inputs, targets, learn = tensors(batch, self._tokenizer.unk_id(), rng)
        hidden = self._model(inputs)[learn]
        loss = functional.cross_entropy(self._model.logits(hidden), targets[learn])
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
        self._optimizer.step()
        return float(loss)

    def _save(self) -> None:
        part = self._checkpoint.with_suffix(".part")
        torch.save({"shape": dataclasses.asdict(self._model.shape),
                    "model": self._model.state_dict(),
                    "optimizer": self._optimizer.state_dict(),
                    "progress": dataclasses.asdict(self._progress),
                    "seed": self._args.seed}, part)
        part.replace(self._checkpoint)

    def _resume(self) -> None:
        state = torch.load(self._checkpoint)
        self._model.load_state_dict(state["model"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._progress = Progress(**state["progress"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text", type=pathlib.Path, help="output of make_text.py")
    parser.add_argument("folder", type=pathlib.Path, help="for tokenizer and checkpoint")
    parser.add_argument("--tokens", type=int, default=10_000_000, help="length of the training")
    parser.add_argument("--batch", type=int, default=1280, help="tokens per step")
    parser.add_argument("--rate", type=float, default=2e-3, help="peak learning rate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1, help="a second one hardly helps")
    parser.add_argument("--save-every", type=float, default=180, help="seconds")
    Trainer(parser.parse_args()).run()


if __name__ == "__main__":
    main()
