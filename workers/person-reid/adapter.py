# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Re-identification: unit vectors; the cosine of two says whether they are of the same person."""

import numpy

from hailstone_worker.hailo import Network, boxes_of, crop, decode, find_hef, fit


def start(context):
    global network
    network = Network(find_hef("osnet_x1_0", context.settings))


def handle(request):
    picture = decode(request.file("picture"))
    vectors = []
    for box in boxes_of(request.get("boxes"), picture):
        vector = network.run_one(fit(network, crop(picture, box))).reshape(-1)
        vectors.append(vector / max(float(numpy.linalg.norm(vector)), 1e-9))
    likeness = [[round(float(a @ b), 4) for b in vectors] for a in vectors]
    return {"vectors": [numpy.round(vector, 6) for vector in vectors], "likeness": likeness}
