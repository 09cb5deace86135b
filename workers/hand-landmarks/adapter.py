# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""21 points per hand, in pixels of the picture."""

from hailstone_worker.hailo import Network, boxes_of, crop, decode, find_hef, fit

NAMES = ["wrist"] + [f"{finger}_{part}" for finger in ("thumb", "index", "middle", "ring", "little")
                     for part in (1, 2, 3, 4)]
THUMB_TIP, INDEX_BASE, LITTLE_BASE = 4, 5, 17


def start(context):
    global network
    network = Network(find_hef("hand_landmark_lite", context.settings))


def points_of(picture, box):
    """Pixels of the picture, or nothing where the network sees no hand."""
    height, width = network.shape[:2]
    part = crop(picture, box)
    outputs = list(network.run(fit(network, part)).values())
    mesh = next(one for one in outputs if one.size >= 63).reshape(-1)[:63].reshape(21, 3)
    x, y = max(0, box[0]), max(0, box[1])
    return [[x + point[0] / width * part.shape[1], y + point[1] / height * part.shape[0]]
            for point in mesh.tolist()]


def handle(request):
    picture = decode(request.file("picture"))
    return {"hands": [{"box": box, "points": [
        {"name": name, "x": round(x, 2), "y": round(y, 2)}
        for name, (x, y) in zip(NAMES, points_of(picture, box))]}
        for box in boxes_of(request.get("boxes"), picture)]}
