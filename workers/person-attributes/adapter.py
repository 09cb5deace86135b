# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Attributes of persons. Their names depend on what the network was trained with: a text file with
one a line, as the setting `labels`; without it they are numbers."""

from pathlib import Path

import numpy

from hailstone_worker.hailo import Network, boxes_of, crop, decode, find_hef, fit


def start(context):
    global network, labels
    network = Network(find_hef("person_attr_resnet_v1_18", context.settings))
    file = context.settings.get("labels")
    labels = Path(file).read_text().splitlines() if file else []


def name_of(index):
    return labels[index] if index < len(labels) else f"attribute {index}"


def handle(request):
    picture = decode(request.file("picture"))
    persons = []
    for box in boxes_of(request.get("boxes"), picture):
        values = network.run_one(fit(network, crop(picture, box))).reshape(-1)
        if values.min() < 0 or values.max() > 1:
            values = 1 / (1 + numpy.exp(-values))
        persons.append({"box": box, "attributes": [
            {"name": name_of(i), "confidence": round(float(value), 4)}
            for i, value in enumerate(values) if value >= request["threshold"]]})
    return {"persons": persons}
