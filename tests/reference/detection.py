# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Detection from a picture's file to boxes, with numpy and Pillow alone: letterbox, network, decoding, suppression."""

import numpy as np
from onnx_run import Network
from PIL import Image, ImageOps

STRIDES = (8, 16, 32)


def bilinear(picture, width, height):
    """Half-pixel centres, borders repeated, no smoothing before."""
    h, w = picture.shape[:2]
    ys = np.clip((np.arange(height) + 0.5) * h / height - 0.5, 0, h - 1)
    xs = np.clip((np.arange(width) + 0.5) * w / width - 0.5, 0, w - 1)
    y, x = ys.astype(int), xs.astype(int)
    below, right = np.minimum(y + 1, h - 1), np.minimum(x + 1, w - 1)
    ty, tx = (ys - y)[:, None, None], (xs - x)[None, :, None]
    top = picture[y][:, x] * (1 - tx) + picture[y][:, right] * tx
    bottom = picture[below][:, x] * (1 - tx) + picture[below][:, right] * tx
    return top * (1 - ty) + bottom * ty


def letterbox(picture, size, centred):
    """The square input (pad 114), the scale and the offset (x, y) of the picture in it."""
    h, w = picture.shape[:2]
    scale = size / max(w, h)
    width, height = round(w * scale), round(h * scale)
    left, top = ((size - width) // 2, (size - height) // 2) if centred else (0, 0)
    out = np.full((size, size, 3), 114.0)
    out[top:top + height, left:left + width] = np.round(bilinear(picture.astype(float), width, height))
    return out, scale, np.array([left, top])


def decode_yolox(raw, size):
    """[n,85] of the raw grid -> centres and sizes, scores per class."""
    grids, steps = [], []
    for stride in STRIDES:
        y, x = np.mgrid[:size // stride, :size // stride]
        grids.append(np.stack([x.ravel(), y.ravel()], 1))
        steps += [stride] * x.size
    step = np.array(steps)[:, None]
    places = np.hstack([(raw[:, :2] + np.vstack(grids)) * step, np.exp(raw[:, 2:4]) * step])
    return places, raw[:, 4:5] * raw[:, 5:]


def suppress(boxes, scores, limit):
    """Indices that stay, best first; boxes are x, y, width, height of one class."""
    order, kept = np.argsort(-scores, kind="stable"), []
    low, high, area = boxes[:, :2], boxes[:, :2] + boxes[:, 2:], boxes[:, 2] * boxes[:, 3]
    while order.size:
        best, order = order[0], order[1:]
        kept.append(best)
        shared = np.minimum(high[best], high[order]) - np.maximum(low[best], low[order])
        shared = np.clip(shared, 0, None).prod(1)
        order = order[shared <= limit * (area[best] + area[order] - shared)]
    return kept


class YoloxDetector:
    def __init__(self, file):
        self.network = Network(file.read_bytes())

    def detect(self, file, threshold, limit, most):
        """(class, score, [x, y, width, height] in pixels of the upright picture), best first."""
        rgb = np.asarray(ImageOps.exif_transpose(Image.open(file)).convert("RGB"))
        size = 416
        pixels, scale, offset = letterbox(rgb, size, centred=False)
        bgr = pixels[:, :, ::-1].transpose(2, 0, 1)[None].astype(np.float32)
        places, scores = decode_yolox(self.network.run(bgr)[0][0].astype(float), size)
        low = (places[:, :2] - places[:, 2:] / 2 - offset) / scale
        high = (places[:, :2] + places[:, 2:] / 2 - offset) / scale
        edge = np.array([rgb.shape[1], rgb.shape[0]])
        low, high = np.clip(low, 0, edge), np.clip(high, 0, edge)
        boxes, found = np.hstack([low, high - low]), []
        for kind in range(scores.shape[1]):
            rows = np.flatnonzero(scores[:, kind] >= threshold)
            for index in suppress(boxes[rows], scores[rows, kind], limit):
                found.append((kind, scores[rows[index], kind], boxes[rows[index]].tolist()))
        return sorted(found, key=lambda f: -f[1])[:most]
