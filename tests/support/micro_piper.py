# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""A voice with the inputs, the output and the file of Piper's, which does not speak: its samples tell what it was given.

A step of STEP samples for each number of the input, the first of them the number itself; then the three scales and the
length. Brought to the peak by whoever plays it, so that the length tells how far. RATE is that of raw PCM, which is then not resampled.
"""

import json
import struct
from pathlib import Path

from micro_clip import FLOAT, INT64, constant, field, network, node, value

STEP = 100
ALPHABET = "_^$ .,?!:;abcdefghijklmnopqrstuvwxyzæɐɑɒɔəɚɛɜɡɪŋɹɾʃʊʌʒθðːˈˌ"
RATE = 24_000


def integers(name: str, values: list[int]) -> bytes:
    return (field(1, len(values)) + field(2, INT64) + field(8, name)
            + field(9, struct.pack(f"<{len(values)}q", *values)))


def speaking_network() -> bytes:
    table = [float(row if column == 0 else 0) for row in range(len(ALPHABET)) for column in range(STEP)]
    nodes = [
        node("Gather", ["table", "input"], "steps", axis=0),
        node("Reshape", ["steps", "whole"], "sound"),
        node("Reshape", ["scales", "whole"], "told_scales"),
        node("Cast", ["input_lengths"], "length", to=FLOAT),
        node("Reshape", ["length", "whole"], "told_length"),
        field(1, "sound") + field(1, "told_scales") + field(1, "told_length") + field(2, "output")
        + field(4, "Concat") + field(5, field(1, "axis") + field(3, 2) + field(20, 2)),
    ]
    return network(nodes, [constant("table", [len(ALPHABET), STEP], table), integers("whole", [1, 1, -1])],
                   [value("input", INT64, ["batch", "phonemes"]), value("input_lengths", INT64, ["batch"]),
                    value("scales", FLOAT, [3])],
                   [value("output", FLOAT, ["batch", 1, "time"])])


def voice_file(language: str = "en_US", espeak: str = "en-us") -> dict:
    return {"audio": {"sample_rate": RATE, "quality": "low"}, "espeak": {"voice": espeak},
            "language": {"code": language}, "phoneme_type": "espeak", "num_speakers": 1, "num_symbols": len(ALPHABET),
            "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
            "phoneme_id_map": {symbol: [number] for number, symbol in enumerate(ALPHABET)}}


def write_voice(folder: Path, name: str) -> Path:
    """NAME.onnx with its NAME.onnx.json."""
    network_file = folder / f"{name}.onnx"
    network_file.write_bytes(speaking_network())
    (folder / f"{name}.onnx.json").write_text(json.dumps(voice_file()))
    return network_file


def told_by(samples: list[float]) -> tuple[str, list[float]]:
    """The symbols that the network was given, and its scales."""
    steps = (len(samples) - 4) // STEP
    peak = steps / samples[-1]
    symbols = "".join(ALPHABET[round(samples[i * STEP] * peak)] for i in range(steps))
    return symbols, [sample * peak for sample in samples[-4:-1]]
