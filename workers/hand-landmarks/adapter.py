# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""21 points per hand, in pixels of the picture."""

from hailstone_worker.hailo import Network, boxes_of, decode, find_hef, hand_points

NAMES = ["wrist"] + [f"{finger}_{part}" for finger in ("thumb", "index", "middle", "ring", "little")
                     for part in (1, 2, 3, 4)]


def start(context):
    global network
    network = Network(find_hef("hand_landmark_lite", context.settings))


def handle(request):
    picture = decode(request.file("picture"))
    return {"hands": [{"box": box, "points": [
        {"name": name, "x": round(x, 2), "y": round(y, 2)}
        for name, (x, y) in zip(NAMES, hand_points(network, picture, box))]}
        for box in boxes_of(request.get("boxes"), picture)]}
