# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Detection decoders written from the published formulas with numpy, one object at a time. Shares no
code with the product: where both agree, the formula was understood the same way twice."""

import numpy as np

ANCHORS = [[(10, 13), (16, 30), (33, 23)], [(30, 61), (62, 45), (59, 119)],
           [(116, 90), (156, 198), (373, 326)]]


def sigmoid(x):
    return 1 / (1 + np.exp(-np.asarray(x, np.float64)))


def softmax(x):
    e = np.exp(np.asarray(x, np.float64) - np.max(x))
    return e / e.sum()


def det(x, y, w, h, score, cls, angle=0.0, extra=()):
    return {"box": (float(x), float(y), float(w), float(h)), "score": float(score), "cls": int(cls),
            "angle": float(angle), "extra": [float(v) for v in extra]}


def centre(cx, cy, w, h, *rest, **more):
    return det(cx - w / 2, cy - h / 2, w, h, *rest, **more)


def corners(x1, y1, x2, y2, *rest, **more):
    return det(x1, y1, x2 - x1, y2 - y1, *rest, **more)


def polygon(d):
    x, y, w, h = d["box"]
    c, s = np.cos(d["angle"]), np.sin(d["angle"])
    cx, cy = x + w / 2, y + h / 2
    return [(cx + u * w / 2 * c - v * h / 2 * s, cy + u * w / 2 * s + v * h / 2 * c)
            for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1))]


def inside(poly, p):
    signs = []
    for (ax, ay), (bx, by) in zip(poly, poly[1:] + poly[:1]):
        signs.append((bx - ax) * (p[1] - ay) - (by - ay) * (p[0] - ax))
    return all(v >= -1e-9 for v in signs)


def crossing(a, b, c, d):
    r, s = np.subtract(b, a), np.subtract(d, c)
    cross = r[0] * s[1] - r[1] * s[0]
    if abs(cross) < 1e-12:
        return None
    q = np.subtract(c, a)
    t, u = (q[0] * s[1] - q[1] * s[0]) / cross, (q[0] * r[1] - q[1] * r[0]) / cross
    return tuple(np.add(a, t * r)) if 0 <= t <= 1 and 0 <= u <= 1 else None


def area(points):
    """Of the convex hull of unordered points that are all on it: by angle about their middle."""
    if len(points) < 3:
        return 0.0
    p = np.array(points)
    m = p.mean(axis=0)
    p = p[np.argsort(np.arctan2(p[:, 1] - m[1], p[:, 0] - m[0]))]
    q = np.roll(p, -1, axis=0)
    return abs(np.sum(p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0])) / 2


def iou(a, b):
    """Of turned rectangles: corners of each within the other, and crossings of their sides."""
    pa, pb = polygon(a), polygon(b)
    points = [p for p in pa if inside(pb, p)] + [p for p in pb if inside(pa, p)]
    for e in zip(pa, pa[1:] + pa[:1]):
        for f in zip(pb, pb[1:] + pb[:1]):
            p = crossing(*e, *f)
            if p is not None:
                points.append(p)
    common = area(points)
    union = a["box"][2] * a["box"][3] + b["box"][2] * b["box"][3] - common
    return common / union if union > 0 else 0.0


def suppress(dets, options):
    dets = sorted(dets, key=lambda d: -d["score"])
    kept = []
    for d in dets:
        same = [k for k in kept if k["cls"] == d["cls"]]
        if all(iou(k, d) <= options["iou"] for k in same):
            kept.append(d)
    return kept[:options.get("max", 300)]


def keep(dets, options):
    return [d for d in dets if d["score"] >= options["score"]]


def grids(options, strides=(8, 16, 32)):
    w, h = options["input"]
    return [(-(-h // s), -(-w // s), s) for s in strides]


def real(array, quant):
    scale, zero = quant
    if array.dtype.kind == "f":
        return array.astype(np.float64)
    return (array.astype(np.float64) - zero) * scale


def yolov8_table(table, options, head):
    """table: [channels, boxes]."""
    n = {"boxes": 0, "segment": 32, "oriented": 1, "pose": table.shape[0] - 5}[head]
    dets = []
    for column in table.T:
        scores = column[4:len(column) - n]
        cls = int(np.argmax(scores))
        extra = column[len(column) - n:]
        angle = extra[0] if head == "oriented" else 0.0
        dets.append(centre(*column[:4], scores[cls], cls, angle=angle,
                           extra=[] if head == "oriented" else extra))
    return suppress(keep(dets, options), options)


def yolov8_maps(scales, options, head):
    """scales: (box [h,w,64], score [h,w,c], extra [h,w,e]) for the strides 8, 16, 32."""
    dets = []
    for (rows, columns, s), (box, score, extra) in zip(grids(options), scales):
        for r in range(rows):
            for c in range(columns):
                left, top, right, bottom = (
                    s * float(np.dot(softmax(box[r, c, 16 * k:16 * k + 16]), np.arange(16)))
                    for k in range(4))
                cx, cy = (c + 0.5) * s, (r + 0.5) * s
                cls = int(np.argmax(score[r, c]))
                p = score[r, c, cls]
                if head == "oriented":
                    angle = (sigmoid(extra[r, c, 0]) - 0.25) * np.pi
                    u, v = (right - left) / 2, (bottom - top) / 2
                    cx += u * np.cos(angle) - v * np.sin(angle)
                    cy += u * np.sin(angle) + v * np.cos(angle)
                    dets.append(centre(cx, cy, left + right, top + bottom, p, cls, angle=angle))
                    continue
                more = []
                if head == "segment":
                    more = extra[r, c]
                if head == "pose":
                    for vx, vy, v in extra[r, c].reshape(-1, 3):
                        more += [s * (2 * vx + c), s * (2 * vy + r), sigmoid(v)]
                dets.append(corners(cx - left, cy - top, cx + right, cy + bottom, p, cls,
                                    extra=more))
    return suppress(keep(dets, options), options)


def yolov5_table(table, options, coefficients):
    dets = []
    for row in table:
        scores = row[5:len(row) - coefficients]
        cls = int(np.argmax(scores))
        dets.append(centre(*row[:4], row[4] * scores[cls], cls,
                           extra=row[len(row) - coefficients:] if coefficients else []))
    return suppress(keep(dets, options), options)


def yolov5_maps(maps, options, coefficients):
    """maps: [h,w,3*(5+classes+coefficients)] for the strides 8, 16, 32."""
    dets = []
    for (rows, columns, s), values, anchors in zip(grids(options), maps, ANCHORS):
        for r in range(rows):
            for c in range(columns):
                for (aw, ah), v in zip(anchors, values[r, c].reshape(3, -1)):
                    x, y = ((2 * sigmoid(v[0]) - 0.5 + c) * s, (2 * sigmoid(v[1]) - 0.5 + r) * s)
                    w, h = (2 * sigmoid(v[2])) ** 2 * aw, (2 * sigmoid(v[3])) ** 2 * ah
                    scores = sigmoid(v[5:len(v) - coefficients])
                    cls = int(np.argmax(scores))
                    dets.append(centre(x, y, w, h, sigmoid(v[4]) * scores[cls], cls,
                                       extra=v[len(v) - coefficients:] if coefficients else []))
    return suppress(keep(dets, options), options)


def yolox(table, options):
    dets, i = [], 0
    for rows, columns, s in grids(options):
        for r in range(rows):
            for c in range(columns):
                v = table[i]
                i += 1
                cls = int(np.argmax(v[5:]))
                dets.append(centre((v[0] + c) * s, (v[1] + r) * s, np.exp(v[2]) * s,
                                   np.exp(v[3]) * s, v[4] * v[5 + cls], cls))
    return suppress(keep(dets, options), options)


def nanodet(scales, options, offset):
    """scales: (stride, classes [cells,c], sides [cells,32]); offset(stride): point in its cell."""
    w, dets = options["input"][0], []
    for s, classes, sides in scales:
        columns = -(-w // s)
        for i, (scores, side) in enumerate(zip(classes, sides)):
            x, y = i % columns * s + offset(s), i // columns * s + offset(s)
            d = [s * float(np.dot(softmax(side[8 * k:8 * k + 8]), np.arange(8))) for k in range(4)]
            cls = int(np.argmax(scores))
            dets.append(corners(x - d[0], y - d[1], x + d[2], y + d[3], scores[cls], cls))
    return suppress(keep(dets, options), options)


def detr(logits, boxes, options, focal):
    w, h = options["input"]
    dets = []
    for l, (cx, cy, bw, bh) in zip(logits, boxes):
        p = sigmoid(l) if focal else softmax(l)[:-1]
        cls = int(np.argmax(p))
        dets.append(centre(cx * w, cy * h, bw * w, bh * h, p[cls], cls))
    return sorted(keep(dets, options), key=lambda d: -d["score"])


def centernet(heat, size, offset, options):
    """heat [classes, rows, columns] of logits or probabilities, size and offset [2, rows, columns]."""
    p = heat if heat.min() >= 0 and heat.max() <= 1 else sigmoid(heat)
    padded = np.pad(p, ((0, 0), (1, 1), (1, 1)), constant_values=-1)
    dets = []
    for cls, row, column in np.ndindex(p.shape):
        if p[cls, row, column] < padded[cls, row:row + 3, column:column + 3].max():
            continue
        dx, dy = offset[:, row, column]
        w, h = size[:, row, column]
        dets.append(centre((column + dx) * 4, (row + dy) * 4, w * 4, h * 4, p[cls, row, column], cls))
    return sorted(keep(dets, options), key=lambda d: -d["score"])


def scrfd(scores, boxes, points, options):
    """Each: per stride [cells*2, 1 | 4 | 10]."""
    dets = []
    for (rows, columns, s), p, b, k in zip(grids(options), scores, boxes, points):
        for i in range(rows * columns * 2):
            cx, cy = i // 2 % columns * s, i // 2 // columns * s
            score = p[i, 0]
            more = []
            for px, py in k[i].reshape(5, 2):
                more += [cx + px * s, cy + py * s, score]
            dets.append(corners(cx - b[i, 0] * s, cy - b[i, 1] * s, cx + b[i, 2] * s,
                                cy + b[i, 3] * s, score, 0, extra=more))
    return suppress(keep(dets, options), options)


def yunet(classes, objectness, boxes, points, options):
    dets = []
    for (rows, columns, s), p, o, b, k in zip(grids(options), classes, objectness, boxes, points):
        for i in range(rows * columns):
            r, c = divmod(i, columns)
            score = np.sqrt(np.clip(p[i, 0], 0, 1) * np.clip(o[i, 0], 0, 1))
            more = []
            for px, py in k[i].reshape(5, 2):
                more += [(px + c) * s, (py + r) * s, score]
            dets.append(centre((c + b[i, 0]) * s, (r + b[i, 1]) * s, np.exp(b[i, 2]) * s,
                               np.exp(b[i, 3]) * s, score, 0, extra=more))
    return suppress(keep(dets, options), options)


def priors(options, sizes):
    """sizes: {stride: [size, ...]}. (cx, cy, size) in pixels."""
    for stride, each in sizes.items():
        (rows, columns, s), = grids(options, (stride,))
        for r in range(rows):
            for c in range(columns):
                for size in each:
                    yield (c + 0.5) * s, (r + 0.5) * s, size


def face_priors(boxes, scores, points, options, sizes):
    dets = []
    for i, (cx, cy, size) in enumerate(priors(options, sizes)):
        b, score = boxes[i], softmax(scores[i])[1]
        more = []
        if points is not None:
            for px, py in points[i].reshape(5, 2):
                more += [cx + 0.1 * px * size, cy + 0.1 * py * size, score]
        dets.append(centre(cx + 0.1 * b[0] * size, cy + 0.1 * b[1] * size,
                           size * np.exp(0.2 * b[2]), size * np.exp(0.2 * b[3]), score, 0,
                           extra=more))
    return suppress(keep(dets, options), options)


def ssd_anchors(boxes, scores, anchors, options):
    w, h = options["input"]
    dets = []
    for b, p, (ax, ay, aw, ah) in zip(boxes, scores, anchors):
        cls = int(np.argmax(p[1:]))
        dets.append(centre((ax + 0.1 * b[1] * aw) * w, (ay + 0.1 * b[0] * ah) * h,
                           aw * np.exp(0.2 * b[3]) * w, ah * np.exp(0.2 * b[2]) * h, p[1 + cls],
                           cls))
    return suppress(keep(dets, options), options)


def relative_corners(rows, options):
    """rows: (top, left, bottom, right, score, class), 0 to 1."""
    w, h = options["input"]
    dets = [corners(x1 * w, y1 * h, x2 * w, y2 * h, p, c) for y1, x1, y2, x2, p, c in rows]
    return suppress(keep(dets, options), options)
