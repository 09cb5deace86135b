# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""A mesh of 468 points per face, in pixels of the picture."""

from hailstone_worker.hailo import Network, boxes_of, crop, decode, find_hef, fit

POINTS = 468


def start(context):
    global network
    network = Network(find_hef("face_landmarks_lite", context.settings))


def handle(request):
    picture = decode(request.file("picture"))
    height, width = network.shape[:2]
    faces = []
    for box in boxes_of(request.get("boxes"), picture):
        part = crop(picture, box)
        outputs = network.run(fit(network, part)).values()
        mesh = max(outputs, key=lambda one: one.size).reshape(-1)[:POINTS * 3].reshape(POINTS, 3)
        scores = [one for one in outputs if one.size == 1]
        x, y = max(0, box[0]), max(0, box[1])
        faces.append({
            "box": box,
            "score": float(scores[0].reshape(-1)[0]) if scores else None,
            "points": [[round(x + point[0] / width * part.shape[1], 2),
                        round(y + point[1] / height * part.shape[0], 2),
                        round(float(point[2]), 2)] for point in mesh.tolist()]})
    return {"faces": faces}
