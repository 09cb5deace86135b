# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""21 points per hand, in pixels of the picture, and what they mean."""

from hailstone_worker.hailo import Network, boxes_of, decode, find_hef, hand_points

THUMB_TIP, INDEX_BASE, LITTLE_BASE = 4, 5, 17
GESTURES = {(0, 0, 0, 0, 0): "fist", (1, 1, 1, 1, 1): "open hand", (0, 1, 0, 0, 0): "pointing",
            (0, 1, 1, 0, 0): "victory", (1, 0, 0, 0, 0): "thumb", (1, 0, 0, 0, 1): "call",
            (0, 1, 0, 0, 1): "horns", (0, 1, 1, 1, 0): "three", (0, 1, 1, 1, 1): "four"}


def start(context):
    global network
    network = Network(find_hef("hand_landmark_lite", context.settings))


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
        fingers = stretched(hand_points(network, picture, box))
        name = GESTURES.get(tuple(int(finger) for finger in fingers), "other")
        hands.append({"box": box, "gesture": name, "stretched": dict(zip(
            ("thumb", "index", "middle", "ring", "little"), fingers))})
    return {"hands": hands}
