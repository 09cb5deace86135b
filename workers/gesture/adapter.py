# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""21 points per hand, in pixels of the picture, and what they mean."""

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


GESTURES = {(0, 0, 0, 0, 0): "fist", (1, 1, 1, 1, 1): "open hand", (0, 1, 0, 0, 0): "pointing",
            (0, 1, 1, 0, 0): "victory", (1, 0, 0, 0, 0): "thumb", (1, 0, 0, 0, 1): "call",
            (0, 1, 0, 0, 1): "horns", (0, 1, 1, 1, 0): "three", (0, 1, 1, 1, 1): "four"}


def distance(a, b):
    return ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5


def stretched(points):
    """A finger is where its tip is farther from the wrist than its middle joint; a thumb, where its
    tip is away from the palm."""
    wrist = points[0]
    palm = distance(points[INDEX_BASE], points[LITTLE_BASE])
    thumb = distance(points[THUMB_TIP], points[LITTLE_BASE]) > 1.3 * palm
    fingers = [distance(points[base + 3], wrist) > 1.1 * distance(points[base + 1], wrist)
               for base in (5, 9, 13, 17)]
    return [thumb, *fingers]


def handle(request):
    picture = decode(request.file("picture"))
    hands = []
    for box in boxes_of(request.get("boxes"), picture):
        fingers = stretched(points_of(picture, box))
        name = GESTURES.get(tuple(int(finger) for finger in fingers), "other")
        hands.append({"box": box, "gesture": name, "stretched": dict(zip(
            ("thumb", "index", "middle", "ring", "little"), fingers))})
    return {"hands": hands}
