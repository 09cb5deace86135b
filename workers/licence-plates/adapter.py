# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""LPRNet: a picture of a plate in, its characters out (CTC: repeats count once, blanks not at all).
The characters depend on the network: the setting `characters`; Hailo's own knows digits."""

import numpy

from hailstone_worker.hailo import Network, boxes_of, crop, decode, find_hef, fit


def start(context):
    global network, characters
    network = Network(find_hef("lprnet", context.settings))
    characters = context.settings.get("characters", "0123456789")


def read(steps):
    """steps: one row of scores per step; the last class is the blank."""
    steps = numpy.exp(steps - steps.max(axis=1, keepdims=True))
    steps /= steps.sum(axis=1, keepdims=True)
    text, confidence, before = "", [], None
    for best, score in zip(steps.argmax(axis=1), steps.max(axis=1)):
        if best != before and best < len(characters):
            text += characters[best]
            confidence.append(float(score))
        before = best
    return text, round(min(confidence, default=0.0), 4)


def handle(request):
    picture = decode(request.file("picture"))
    plates = []
    for box in boxes_of(request.get("boxes"), picture):
        output = network.run_one(fit(network, crop(picture, box)))
        steps = output.reshape(-1, output.shape[-2], output.shape[-1]).mean(axis=0)
        text, confidence = read(steps)
        plates.append({"box": box, "text": text, "confidence": confidence})
    return {"plates": plates}
