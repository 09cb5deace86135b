# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Masks, maps, text lines, embeddings, geometry: from the formulas, with numpy."""

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-np.asarray(x, np.float64)))


def softmax(x):
    e = np.exp(np.asarray(x, np.float64) - np.max(x, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def mask(proto, coefficients, box, placement, size):
    """proto [h,w,c]; box in picture pixels; placement (sx, sy, ox, oy); size of the input (w, h)."""
    h, w, _ = proto.shape
    values = sigmoid(proto @ coefficients)
    x0, y0 = int(np.floor(box[0])), int(np.floor(box[1]))
    x1, y1 = int(np.ceil(box[0] + box[2])), int(np.ceil(box[1] + box[3]))
    out = np.zeros((y1 - y0, x1 - x0), np.uint8)
    sx, sy, ox, oy = placement
    for y in range(y0, y1):
        for x in range(x0, x1):
            px = np.clip(((x + 0.5) * sx + ox) * w / size[0] - 0.5, 0, w - 1)
            py = np.clip(((y + 0.5) * sy + oy) * h / size[1] - 0.5, 0, h - 1)
            fx, fy = int(px), int(py)
            cx, cy = min(fx + 1, w - 1), min(fy + 1, h - 1)
            tx, ty = px - fx, py - fy
            v = ((values[fy, fx] * (1 - tx) + values[fy, cx] * tx) * (1 - ty)
                 + (values[cy, fx] * (1 - tx) + values[cy, cx] * tx) * ty)
            out[y - y0, x - x0] = v > 0.5
    return out


def runs(bits):
    """Column-major, zeros first."""
    flat = bits.T.ravel()
    counts, value = [0], 0
    for bit in flat:
        if bit != value:
            counts.append(0)
            value = bit
        counts[-1] += 1
    return counts


def compress(counts):
    text = ""
    for i, count in enumerate(counts):
        x = count - counts[i - 2] if i > 2 else count
        while True:
            c = x & 31
            x >>= 5
            more = x != -1 if c & 16 else x != 0
            text += chr((c | 32 if more else c) + 48)
            if not more:
                break
    return text


def ctc(probabilities, alphabet):
    best = probabilities.argmax(axis=1)
    text, kept = "", []
    for t, index in enumerate(best):
        if index != 0 and (t == 0 or index != best[t - 1]):
            text += alphabet[index]
            kept.append(probabilities[t, index])
    return text, float(np.mean(kept)) if kept else 0.0


def similarity(points, places):
    """Umeyama 1991 by singular values."""
    points, places = np.asarray(points, float), np.asarray(places, float)
    mp, mq = points.mean(0), places.mean(0)
    p, q = points - mp, places - mq
    u, s, vt = np.linalg.svd(q.T @ p / len(p))
    sign = np.diag([1, np.sign(np.linalg.det(u @ vt))])
    rotation = u @ sign @ vt
    scale = np.trace(np.diag(s) @ sign) / (p ** 2).sum(1).mean()
    a = scale * rotation
    t = mq - a @ mp
    return [a[0, 0], a[0, 1], t[0], a[1, 0], a[1, 1], t[1]]


def scdepth(x):
    return 1 / (10 * sigmoid(x) + 0.009)


def inverse_depth(x):
    x = np.asarray(x, np.float64)
    return 1 / (0.02 + 0.98 * (x - x.min()) / (x.max() - x.min()))
