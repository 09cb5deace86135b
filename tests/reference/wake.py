# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""openWakeWord's chain with numpy alone: sound to a spectrogram, to embeddings, to the score of a word every 80 ms. Made
from its description, sharing no code with the service."""

from pathlib import Path

import numpy as np

from onnx_run import Network

STEP, CONTEXT, FRAMES, WINDOW = 1280, 480, 76, 16


def noise(length):
    """What is heard before the first sound: the minimal standard generator, from 1 on."""
    out, state = np.empty(length, np.float32), 1
    for i in range(length):
        state = state * 48271 % 2147483647
        out[i] = state % 2000 - 1000
    return out


class WakeChain:
    def __init__(self, melspectrogram: Path, embedding: Path, classifier: Path):
        self.mel, self.embedding, self.classifier = (Network(path.read_bytes())
                                                     for path in (melspectrogram, embedding, classifier))

    def spectrogram(self, sound):
        return self.mel.run(sound[None].astype(np.float32))[0].reshape(-1, 32) / 10 + 2

    def embed(self, frames):
        return self.embedding.run(frames[None, :, :, None].astype(np.float32))[0].reshape(96)

    def scores(self, sound):
        """sound: int16 at 16 kHz. One score for each whole step."""
        before = self.spectrogram(noise((FRAMES + 8 * (WINDOW - 1) + 3) * 160))
        features = [self.embed(before[8 * i:8 * i + FRAMES]) for i in range(WINDOW)]
        frames = np.ones((FRAMES, 32), np.float32)
        out = []
        for end in range(STEP, len(sound) + 1, STEP):
            piece = sound[max(0, end - STEP - CONTEXT):end].astype(np.float32)
            frames = np.vstack([frames, self.spectrogram(piece)])[-FRAMES:]
            features = [*features, self.embed(frames)][-WINDOW:]
            score = self.classifier.run(np.stack(features)[None].astype(np.float32))[0].item()
            out.append(score if len(out) >= 5 else 0.0)
        return np.array(out)
