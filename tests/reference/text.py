# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""From a page's file to what is written there, with numpy and Pillow alone: DB (Liao et al. 2020) finds lines, a recogniser with
CTC reads each. Thresholds, preparation and order are PaddleOCR's."""

import numpy as np
from formulas import ctc
from onnx_run import Network
from pictures import load, planes, resize

MEAN, DEVIATION = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])


def components(mask):
    """Lists of (x, y) that touch each other, also at corners."""
    left = set(zip(*np.nonzero(mask.T)))
    while left:
        waiting, found = [left.pop()], []
        while waiting:
            x, y = waiting.pop()
            found.append((x, y))
            near = {(x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)} & left
            left -= near
            waiting.extend(near)
        yield np.array(found, float)


def hull(points):
    """Andrew's monotone chain."""
    points, halves = sorted(map(tuple, points)), []
    for ordered in (points, points[::-1]):
        half = []
        for p in ordered:
            while len(half) > 1 and np.cross(np.subtract(half[-1], half[-2]), np.subtract(p, half[-2])) <= 0:
                half.pop()
            half.append(p)
        halves += half[:-1]
    return np.array(halves or points)


def smallest_rectangle(points):
    """(middle, axes [2,2], sizes [2]): a side lies on one of the hull (Freeman & Shapira 1975)."""
    corners, best = hull(points), None
    for side in np.roll(corners, -1, 0) - corners:
        along = side / max(np.hypot(*side), 1e-9)
        axes = np.array([along, (-along[1], along[0])])
        spread = corners @ axes.T
        sizes = np.ptp(spread, 0)
        if best is None or sizes.prod() < best[2].prod():
            best = ((spread.max(0) + spread.min(0)) / 2 @ axes, axes, sizes)
    return best


def upright(axes, sizes):
    """Along the line first, from left to right, then down."""
    if sizes[0] < sizes[1]:
        axes, sizes = axes[::-1], sizes[::-1]
    axes = axes.copy()
    axes[0] *= np.sign(axes[0, 0]) or 1
    axes[1] *= np.sign(axes[1, 1]) or 1
    return axes, sizes


def regions(probabilities, threshold=0.3, least_score=0.6, ratio=1.5, least_side=3):
    """Of each line, from the top: (middle, axes, sizes) in cells of the map."""
    y, x = np.mgrid[:probabilities.shape[0], :probabilities.shape[1]]
    out = []
    for points in components(probabilities > threshold):
        if len(points) < 3:
            continue
        middle, axes, sizes = smallest_rectangle(points)
        if sizes.min() < least_side:
            continue
        away = np.abs(np.stack([x - middle[0], y - middle[1]], -1) @ axes.T)
        if probabilities[(away <= sizes / 2).all(-1)].mean() < least_score:
            continue
        distance = sizes.prod() * ratio / (2 * sizes.sum())
        out.append((middle, *upright(axes, sizes + 2 * distance)))
    return sorted(out, key=lambda region: region[0][1])


def cubic(distance):
    """Keys 1981 with a = -0.75, as OpenCV has it."""
    t, a = np.abs(distance), -0.75
    near, far = (a + 2) * t**3 - (a + 3) * t**2 + 1, a * (t**3 - 5 * t**2 + 8 * t - 4)
    return np.where(t <= 1, near, np.where(t < 2, far, 0))


def straightened(picture, region, height):
    """The line alone, height pixels high; cubic, borders repeated."""
    middle, axes, sizes = region
    width = max(1, int(np.ceil(height * sizes[0] / sizes[1])))
    u = ((np.arange(width) + 0.5) / width - 0.5) * sizes[0]
    v = ((np.arange(height) + 0.5) / height - 0.5) * sizes[1]
    at = middle + u[None, :, None] * axes[0] + v[:, None, None] * axes[1] - 0.5
    low, out = np.floor(at).astype(int), np.zeros((height, width, 3))
    for i in range(-1, 3):
        for j in range(-1, 3):
            x, y = low[..., 0] + i, low[..., 1] + j
            weight = cubic(at[..., 0] - x) * cubic(at[..., 1] - y)
            rows, columns = np.clip(y, 0, picture.shape[0] - 1), np.clip(x, 0, picture.shape[1] - 1)
            out += weight[..., None] * picture[rows, columns]
    return np.clip(np.round(out), 0, 255)


class Reader:
    def __init__(self, finder, recogniser, alphabet, height=32):
        """alphabet: a file with a character in each line."""
        self.finder, self.recogniser = Network(finder.read_bytes()), Network(recogniser.read_bytes())
        self.alphabet, self.height = ["", *alphabet.read_text().rstrip("\n").split("\n"), " "], height

    def find(self, picture, most=960):
        h, w = picture.shape[:2]
        scale = min(1, most / max(w, h))
        width, height = (max(1, round(side * scale / 32)) * 32 for side in (w, h))
        pixels = resize(picture, width, height)[:, :, ::-1] / 255
        found = regions(self.finder.run(planes((pixels - MEAN) / DEVIATION))[0][0, 0])
        grow = np.array([w / width, h / height])
        for middle, axes, sizes in found:
            lengths = np.hypot(*(axes * grow).T)
            yield (middle + 0.5) * grow, axes * grow / lengths[:, None], sizes * lengths

    def read(self, file):
        picture, lines = load(file), []
        for region in self.find(picture):
            strip = straightened(picture, region, self.height)
            width = -(-max(strip.shape[1], 10 * self.height) // 8) * 8
            pixels = np.zeros((self.height, width, 3))
            pixels[:, :strip.shape[1]] = strip[:, :, ::-1] / 127.5 - 1
            lines.append(ctc(self.recogniser.run(planes(pixels))[0][0], self.alphabet)[0])
        return lines
