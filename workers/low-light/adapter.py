# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Zero-DCE: a dark picture in, a bright one of the same size out."""

import numpy

from hailstone_worker.hailo import Network, decode, encode, find_hef, fit, resize


def start(context):
    global network
    network = Network(find_hef("zero_dce", context.settings))


def handle(request):
    picture = decode(request.file("picture"))
    bright = network.run_one(fit(network, picture))
    if bright.max() <= 1.5:  # some builds give parts of one, others bytes
        bright = bright * 255
    bright = numpy.clip(bright, 0, 255).astype(numpy.uint8)
    return encode(resize(bright, picture.shape[1], picture.shape[0]))
