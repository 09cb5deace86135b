# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""From a picture's file to what a network finds in it, with numpy and Pillow alone, written from the formulas: fitting,
network, decoding, suppression, masks. Results are in pixels of the upright picture."""

import numpy as np
from onnx_run import Network
from PIL import Image, ImageOps

STRIDES = (8, 16, 32)


def load(file, least=None):
    """least: (width, height) that is enough; a JPEG is then decoded at 1/2, 1/4 or 1/8 as libjpeg does it."""
    image = Image.open(file)
    if least:
        image.draft("RGB", least)
    return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))


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


def resize(picture, width, height):
    """Bytes, bilinear as cv2.resize does it, whose pictures networks are trained with: half-pixel centres, borders
    repeated, no smoothing before, weights of 11 bits."""
    def places(size, limit):
        at = (np.arange(size) + 0.5) * limit / size - 0.5
        low = np.floor(at).astype(int)
        part = np.where((low < 0) | (low >= limit - 1), 0, at - low)
        low = np.clip(low, 0, limit - 1)
        return low, np.minimum(low + 1, limit - 1), np.rint((1 - part) * 2048).astype(int), np.rint(part * 2048).astype(int)

    left, right, of_left, of_right = places(width, picture.shape[1])
    top, bottom, of_top, of_bottom = places(height, picture.shape[0])
    pixels = picture.astype(int)
    rows = (pixels[:, left] * of_left[None, :, None] + pixels[:, right] * of_right[None, :, None]) >> 4
    upper, lower = rows[top] * of_top[:, None, None] >> 16, rows[bottom] * of_bottom[:, None, None] >> 16
    return (upper + lower + 2) >> 2


def letterbox(picture, size, centred, pad=114):
    """The square input, the scale and the offset (x, y) of the picture in it."""
    h, w = picture.shape[:2]
    scale = size / max(w, h)
    width, height = round(w * scale), round(h * scale)
    left, top = ((size - width) // 2, (size - height) // 2) if centred else (0, 0)
    out = np.full((size, size, 3), float(pad))
    out[top:top + height, left:left + width] = resize(picture, width, height)
    return out, scale, np.array([left, top])


def planes(pixels):
    return pixels.transpose(2, 0, 1)[None].astype(np.float32)


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


def yolox_rows(raw, size):
    """[n,85] of the raw grid -> centres and sizes, scores per class."""
    grids, steps = [], []
    for stride in STRIDES:
        y, x = np.mgrid[:size // stride, :size // stride]
        grids.append(np.stack([x.ravel(), y.ravel()], 1))
        steps += [stride] * x.size
    step = np.array(steps)[:, None]
    places = np.hstack([(raw[:, :2] + np.vstack(grids)) * step, np.exp(raw[:, 2:4]) * step])
    return places, raw[:, 4:5] * raw[:, 5:]


def keep(places, scores, edge, scale, offset, options):
    """Rows of (class, score, box) and the index of each, best first. places: centres and sizes in the input."""
    threshold, limit, most = options
    low = np.clip((places[:, :2] - places[:, 2:] / 2 - offset) / scale, 0, edge)
    high = np.clip((places[:, :2] + places[:, 2:] / 2 - offset) / scale, 0, edge)
    boxes, found = np.hstack([low, high - low]), []
    best = scores.argmax(1)  # a box is one thing
    scores = np.where(np.arange(scores.shape[1]) == best[:, None], scores, 0)
    for kind in range(scores.shape[1]):
        rows = np.flatnonzero(scores[:, kind] >= threshold)
        for index in suppress(boxes[rows], scores[rows, kind], limit):
            found.append((kind, float(scores[rows[index], kind]), boxes[rows[index]].tolist(), rows[index]))
    return sorted(found, key=lambda f: -f[1])[:most]


def mask(coefficients, prototypes, box, picture, scale, offset, size):
    """Of the whole picture: prototypes weighed, sigmoid, bilinear, above one half, within the box."""
    _, h, w = prototypes.shape
    values = 1 / (1 + np.exp(-np.tensordot(coefficients, prototypes, 1)))
    whole = np.zeros(picture.shape[:2], bool)
    x0, y0 = int(np.floor(box[0])), int(np.floor(box[1]))
    x1, y1 = int(np.ceil(box[0] + box[2])), int(np.ceil(box[1] + box[3]))
    px = np.clip(((np.arange(x0, x1) + 0.5) * scale + offset[0]) * w / size - 0.5, 0, w - 1)
    py = np.clip(((np.arange(y0, y1) + 0.5) * scale + offset[1]) * h / size - 0.5, 0, h - 1)
    fx, fy = px.astype(int), py.astype(int)
    cx, cy = np.minimum(fx + 1, w - 1), np.minimum(fy + 1, h - 1)
    tx, ty = (px - fx)[None], (py - fy)[:, None]
    top = values[fy][:, fx] * (1 - tx) + values[fy][:, cx] * tx
    bottom = values[cy][:, fx] * (1 - tx) + values[cy][:, cx] * tx
    whole[y0:y1, x0:x1] = top * (1 - ty) + bottom * ty > 0.5
    return whole


class Detector:
    """kind: yolox, yolov5, yolov8, pose, seg. Finds dictionaries of class, score, bbox, and keypoints or mask."""

    def __init__(self, file, kind, size):
        self.network, self.kind, self.size = Network(file.read_bytes()), kind, size

    def find(self, file, threshold, limit, most):
        picture = load(file)
        pixels, scale, offset = letterbox(picture, self.size, centred=self.kind != "yolox")
        if self.kind == "yolox":
            outputs = self.network.run(planes(pixels[:, :, ::-1]))
            places, scores = yolox_rows(outputs[0][0].astype(float), self.size)
        else:
            outputs = self.network.run(planes(pixels / 255))
            rows = outputs[0][0].astype(float)
            rows = rows if self.kind == "yolov5" else rows.T
            classes = {"yolov5": rows[:, 4:5] * rows[:, 5:], "pose": rows[:, 4:5], "seg": rows[:, 4:84]}
            places, scores = rows[:, :4], classes.get(self.kind, rows[:, 4:])
        edge = np.array([picture.shape[1], picture.shape[0]])
        found = []
        for kind, score, box, row in keep(places, scores, edge, scale, offset, (threshold, limit, most)):
            each = {"class": kind, "score": score, "bbox": box}
            if self.kind == "pose":
                points = rows[row, 5:].reshape(17, 3).copy()
                points[:, :2] = (points[:, :2] - offset) / scale
                each["keypoints"] = points
            if self.kind == "seg":
                each["mask"] = mask(rows[row, 84:], outputs[1][0].astype(float), box, picture, scale, offset, self.size)
            found.append(each)
        return found


def class_shares(file, picture, size=257, least=None):
    """Of semantic segmentation: class -> share of the pixels. NHWC, -1 to 1, stretched."""
    pixels = resize(load(picture, least), size, size)[None] / 127.5 - 1
    scores = Network(file.read_bytes()).run(pixels.astype(np.float32))[0][0]
    classes, counts = np.unique(scores.argmax(-1), return_counts=True)
    return dict(zip(classes.tolist(), (counts / size ** 2).tolist()))


def relative_depth(file, picture, width, height):
    """As large as its input: 0 to 1, NCHW."""
    pixels = resize(load(picture), width, height) / 255
    return Network(file.read_bytes()).run(planes(pixels))[0][0, 0]
