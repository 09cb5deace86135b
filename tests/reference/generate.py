# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""The cases that the product's decoders are compared with: seeded tensors and what the formulas make of
them. Run it to write src/vision/*/testdata/golden; a case is a folder of .npy files and options.txt."""

import shutil
import struct
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

import detectors as d
import other_cases

SRC = Path(__file__).resolve().parents[2] / "src" / "vision"
INPUT = (64, 32)  # not square: rows and columns must not be swapped
CELLS = [(4, 8), (2, 4), (1, 2)]


class Case:
    """decoder, options, outputs [(name, array, (scale, zero point))], expected detections."""

    def __init__(self, name, decoder, outputs, expected, **options):
        self.name, self.decoder = name, decoder
        self.outputs = [(o if len(o) == 3 else (*o, (1, 0))) for o in outputs]
        self.expected = expected
        self.options = options

    def files(self):
        lines = [f"decoder {self.decoder}"]
        for key, value in self.options.items():
            values = value if isinstance(value, tuple) else (value,)
            lines.append(" ".join([key, *map(str, values)]))
        files = {}
        for i, (name, array, (scale, zero)) in enumerate(self.outputs):
            lines.append(f"output {name} {scale} {zero}")
            files[f"output{i}.npy"] = np.ascontiguousarray(array)
        files["options.txt"] = "\n".join(lines) + "\n"
        rows = [[*x["box"], x["score"], x["cls"], x["angle"], *x["extra"]] for x in self.expected]
        assert len(rows) > 1, f"{self.name} finds nothing worth comparing"
        files["expected.npy"] = np.array(rows, np.float32)
        return files


def quantize(array, low, high):
    scale = (high - low) / 255
    zero = round(-low / scale)
    return np.clip(np.round(array / scale + zero), 0, 255).astype(np.uint8), (scale, zero)


def scores(rng, *shape):
    """Mostly low, some high."""
    return rng.random(shape) ** 4


def boxes(rng, count):
    """Middles and sizes in pixels of the input."""
    return np.stack([rng.uniform(0, INPUT[0], count), rng.uniform(0, INPUT[1], count),
                     rng.uniform(4, 30, count), rng.uniform(4, 20, count)], 1)


def options(**more):
    return {"input": INPUT, "score": 0.3, "iou": 0.5, **more}


def yolov8_tables():
    rng = np.random.default_rng(8)
    o = options(classes=3)
    head = np.concatenate([boxes(rng, 84), scores(rng, 84, 3)], 1)
    table = head.T.astype(np.float32)
    yield Case("yolov8", "yolov8", [("output0", table[None])],
               d.yolov8_table(table.astype(float), o, "boxes"), **o)
    half = head.astype(np.float16)
    yield Case("yolov8_half_rows", "yolov8", [("output0", half[None])],
               d.yolov8_table(half.T.astype(float), o, "boxes"), **o)
    few = dict(o, max=3, iou=1.0)
    yield Case("yolov8_few", "yolov8", [("output0", table[None])],
               d.yolov8_table(table.astype(float), few, "boxes")[:3], **few)
    points = np.concatenate([boxes(rng, 24), scores(rng, 24, 1), rng.uniform(0, 60, (24, 3 * 5))], 1)
    points[:, 7::3] = rng.random((24, 5))
    table = points.T.astype(np.float32)
    o = options()
    yield Case("yolov8_pose", "yolov8-pose", [("output0", table[None])],
               d.yolov8_table(table.astype(float), o, "pose"), **o)
    turned = np.concatenate([boxes(rng, 84), scores(rng, 84, 2),
                             rng.uniform(-np.pi / 4, 3 * np.pi / 4, (84, 1))], 1)
    table = turned.T.astype(np.float32)
    o = options(classes=2, iou=0.3)
    yield Case("yolov8_obb", "yolov8-obb", [("output0", table[None])],
               d.yolov8_table(table.astype(float), o, "oriented"), **o)
    masks = np.concatenate([boxes(rng, 39), scores(rng, 39, 3), rng.normal(size=(39, 32))], 1)
    table = masks.T.astype(np.float32)
    o = options(classes=3)
    yield Case("yolov8_seg", "yolov8-seg",
               [("output0", table[None]), ("output1", np.zeros((1, 32, 2, 2), np.float32))],
               d.yolov8_table(table.astype(float), o, "segment"), **o)


def yolov8_maps():
    for seed, (name, head, classes, extra) in enumerate([
            ("boxes", "boxes", 3, 0), ("pose", "pose", 1, 51), ("seg", "segment", 3, 32),
            ("obb", "oriented", 2, 1)]):
        rng = np.random.default_rng(80 + seed)
        outputs, scales = [], []
        for h, w in CELLS:
            box, q = quantize(rng.normal(0, 2, (h, w, 64)), -8, 8)
            score = scores(rng, h, w, classes).astype(np.float32)
            more, m = quantize(rng.normal(0, 1, (h, w, extra)), -4, 4)
            outputs += [(f"box{h}", box, q), (f"score{h}", score)]
            if extra:
                outputs.append((f"extra{h}", more, m))
            scales.append((d.real(box, q), score.astype(float), d.real(more, m)))
        if head == "boxes":  # the same, channels first and with a batch
            outputs = [(n, a.transpose(2, 0, 1)[None], *q) for n, a, *q in outputs]
        o = options(classes=classes)
        decoder = "yolov8" if head == "boxes" else f"yolov8-{name}"
        yield Case(f"yolov8_maps_{name}", decoder, outputs, d.yolov8_maps(scales, o, head), **o)


def yolov5():
    rng = np.random.default_rng(5)
    o = options(classes=3)
    rows = np.concatenate([boxes(rng, 126), scores(rng, 126, 1) ** 0.3, scores(rng, 126, 3) ** 0.5],
                          1).astype(np.float16)
    yield Case("yolov5", "yolov5", [("output0", rows[None])],
               d.yolov5_table(rows.astype(float), o, 0), **o)
    rows = np.concatenate([boxes(rng, 41), scores(rng, 41, 1) ** 0.3, scores(rng, 41, 3) ** 0.5,
                           rng.normal(size=(41, 32))], 1).astype(np.float16)
    yield Case("yolov5_seg", "yolov5-seg", [("output0", rows[None])],
               d.yolov5_table(rows.astype(float), o, 32), **o)
    for name, decoder, coefficients in [("yolov5_maps", "yolov5", 0),
                                        ("yolov5_maps_seg", "yolov5-seg", 32)]:
        outputs, maps, o = [], [], options(classes=3, score=0.5 if coefficients else 0.3)
        for h, w in CELLS:
            values, q = quantize(rng.normal(0, 2, (h, w, 3 * (8 + coefficients))), -8, 8)
            outputs.append((f"map{h}", values, q))
            maps.append(d.real(values, q))
        yield Case(name, decoder, outputs, d.yolov5_maps(maps, o, coefficients), **o)


def single_stage():
    rng = np.random.default_rng(10)
    o = options(classes=4)
    rows = np.concatenate([rng.normal(0, 1, (42, 4)), scores(rng, 42, 1) ** 0.3,
                           scores(rng, 42, 4) ** 0.5], 1).astype(np.float32)
    yield Case("yolox", "yolox", [("output", rows[None])], d.yolox(rows.astype(float), o), **o)
    cells = [32, 8, 2, 1]
    rows = np.concatenate([scores(rng, 43, 4), rng.normal(0, 2, (43, 32))], 1).astype(np.float32)
    parts = np.split(rows.astype(float), np.cumsum(cells)[:-1])
    scales = [(s, p[:, :4], p[:, 4:]) for s, p in zip((8, 16, 32, 64), parts)]
    yield Case("nanodet_plus", "nanodet", [("output", rows[None])],
               d.nanodet(scales, o, lambda s: 0), **o)
    parts = parts[:3]
    outputs = [(f"cls_{len(p)}", p[None, :, :4].astype(np.float32)) for p in parts]
    outputs += [(f"dis_{len(p)}", p[None, :, 4:].astype(np.float32)) for p in parts]
    yield Case("nanodet_zoo", "nanodet", outputs,
               d.nanodet(scales[:3], o, lambda s: 0.5 * (s - 1)), **o)
    logits = rng.normal(0, 3, (20, 5)).astype(np.float32)
    places = rng.uniform(0.1, 0.9, (20, 4)).astype(np.float32)
    o = options(classes=4, score=0.5)
    yield Case("detr", "detr", [("logits", logits[None]), ("boxes", places[None])],
               d.detr(logits.astype(float), places.astype(float), o, False), **o)
    o = options(classes=5, score=0.5)
    yield Case("detr_focal", "detr", [("boxes", places[None]), ("logits", logits[None])],
               d.detr(logits.astype(float), places.astype(float), o, True), **o)


def points():
    rng = np.random.default_rng(4)
    o = options(classes=3)
    heat = rng.normal(-2, 2, (3, 8, 16)).astype(np.float32)
    size = rng.uniform(1, 6, (2, 8, 16)).astype(np.float32)
    offset = rng.random((2, 8, 16)).astype(np.float32)
    wanted = d.centernet(heat.astype(float), size, offset, o)
    yield Case("centernet", "centernet",
               [("hm", heat[None]), ("wh", size[None]), ("reg", offset[None])], wanted, **o)
    ready = (1 / (1 + np.exp(-heat))).astype(np.float32).transpose(1, 2, 0)
    outputs = [("conv1", ready), ("conv2", size.transpose(1, 2, 0)), ("conv3", offset.transpose(1, 2, 0))]
    yield Case("centernet_zoo", "centernet", outputs,
               d.centernet(ready.transpose(2, 0, 1).astype(float), size, offset, o), **o)


def faces():
    rng = np.random.default_rng(1)
    o = options()
    per_stride = lambda anchors, channels, make: [
        make((h * w * anchors, channels)).astype(np.float32) for h, w in CELLS]
    p = per_stride(2, 1, lambda s: scores(rng, *s))
    b = per_stride(2, 4, lambda s: rng.uniform(0.2, 2, s))
    k = per_stride(2, 10, lambda s: rng.normal(0, 1, s))
    expected = d.scrfd(*[[a.astype(float) for a in each] for each in (p, b, k)], o)
    yield Case("scrfd_rows", "scrfd", [(str(i), a) for i, a in enumerate([*p, *b, *k])], expected, **o)
    maps = [(f"m{i}", a.reshape(h, w, -1)) for i, each in enumerate((p, b, k))
            for a, (h, w) in zip(each, CELLS)]
    yield Case("scrfd_maps", "scrfd", maps, expected, **o)
    c = per_stride(1, 1, lambda s: scores(rng, *s))
    j = per_stride(1, 1, lambda s: rng.random(s))
    b = per_stride(1, 4, lambda s: rng.normal(0, 0.7, s))
    k = per_stride(1, 10, lambda s: rng.normal(0, 1, s))
    outputs = [(f"{n}{len(a)}", a[None]) for n, each in (("cls", c), ("obj", j), ("bbox", b),
                                                         ("kps", k)) for a in each]
    yield Case("yunet", "yunet", outputs,
               d.yunet(*[[a.astype(float) for a in each] for each in (c, j, b, k)], o), **o)
    sizes = {8: [16, 32], 16: [64, 128], 32: [256, 512]}
    b, p, k = (rng.normal(0, 1, (84, n)).astype(np.float32) for n in (4, 2, 10))
    o = options(score=0.6)
    outputs = [("loc", b[None]), ("conf", p[None]), ("landms", k[None])]
    yield Case("retinaface", "retinaface", outputs, d.face_priors(b, p, k, o, sizes), **o)
    sizes = {8: [10, 16, 24], 16: [32, 48], 32: [64, 96], 64: [128, 192, 256]}
    outputs, at, bs, ps = [], 0, [], []
    for (h, w), n in zip([*CELLS, (1, 1)], (3, 2, 2, 3)):
        b, p = (rng.normal(0, 1, (h * w * n, c)).astype(np.float32) for c in (4, 2))
        bs.append(b)
        ps.append(p)
        outputs += [(f"b{h}{w}", b.reshape(h, w, -1)), (f"p{h}{w}", p.reshape(h, w, -1))]
    yield Case("lightface", "lightface", outputs,
               d.face_priors(np.concatenate(bs), np.concatenate(ps), None, o, sizes), **o)


def lists():
    rng = np.random.default_rng(3)
    o = options(classes=4)
    w, h = INPUT
    b = boxes(rng, 30)
    rel = np.stack([(b[:, 1] - b[:, 3] / 2) / h, (b[:, 0] - b[:, 2] / 2) / w,
                    (b[:, 1] + b[:, 3] / 2) / h, (b[:, 0] + b[:, 2] / 2) / w], 1).astype(np.float32)
    p = rng.random(30).astype(np.float32)
    c = rng.integers(0, 4, 30)
    rows = [(*map(float, r), float(s), int(k)) for r, s, k in zip(rel, p, c)]
    tf = [("detection_boxes", rel[None]), ("detection_classes", (c + 1)[None].astype(np.float32)),
          ("detection_scores", p[None]), ("num_detections", np.array([25], np.float32))]
    yield Case("ssd_tensorflow", "ssd", tf, d.relative_corners(rows[:25], o), **o)
    lite = [("a:0", rel[None]), ("a:1", c[None].astype(np.float32)), ("a:2", p[None])]
    yield Case("ssd_lite", "ssd", lite, d.relative_corners(rows, o), **o)
    raw, share = rng.normal(0, 1, (30, 4)).astype(np.float32), scores(rng, 30, 5).astype(np.float32)
    anchors = rng.uniform(0.1, 0.6, (30, 4)).round(3)
    more = {f"anchor{i}": tuple(a) for i, a in enumerate(anchors)}
    yield Case("ssd_anchors", "ssd", [("boxes", raw[None]), ("scores", share[None])],
               d.ssd_anchors(raw.astype(float), share.astype(float), anchors, o), **o, **more)
    flat = []
    for k in range(4):
        mine = [r for r in rows if r[5] == k]
        flat += [len(mine), *[v for r in mine for v in r[:5]]]
    flat = np.array(flat + [0.0] * (4 * (1 + 5 * 20) - len(flat)), np.float32)
    yield Case("nms_by_class", "nms-by-class", [("nms", flat)],
               d.relative_corners(sorted(rows, key=lambda r: r[5]), o), **o)
    packed = struct.pack("<H", 30) + b"".join(struct.pack("<5fH", *r) for r in rows) + bytes(44)
    yield Case("nms_by_score", "nms-by-score", [("nms", np.frombuffer(packed, np.uint8))],
               d.relative_corners(rows, o), **o)
    six = np.concatenate([b[:, :2] - b[:, 2:] / 2, b[:, 2:], p[:, None], c[:, None]],
                         1).astype(np.float32)
    dets = [d.det(*map(float, r[:5]), r[5]) for r in six]
    yield Case("boxes", "boxes", [("boxes", six)], d.suppress(d.keep(dets, o), o), **o)
    corner = six.copy()
    corner[:, 2:4] += corner[:, :2]
    dets = [d.corners(*map(float, r[:5]), r[5]) for r in corner]
    yield Case("yolov10", "yolov10", [("output0", corner[None])],
               sorted(d.keep(dets, o), key=lambda x: -x["score"]), **o)
    seven = np.concatenate([np.zeros((len(corner), 1)), corner[:, :4], corner[:, 5:], corner[:, 4:5]],
                           1).astype(np.float32)
    yield Case("yolov7_nms", "yolov7-nms", [("output", seven)],
               sorted(d.keep(dets, o), key=lambda x: -x["score"]), **o)
    points = rng.uniform(0, 60, (1, 12, 5, 3)).astype(np.float32)
    points[..., 2] = rng.random((12, 5))
    dets = [d.corners(*map(float, r[:5]), 0, extra=k.ravel()) for r, k in zip(corner[:12], points[0])]
    yield Case("rtmo", "rtmo", [("dets", corner[None, :12, :5]), ("keypoints", points)],
               sorted(d.keep(dets, o), key=lambda x: -x["score"]), **o)


def all_files():
    """{path below src/vision: array or text}"""
    files = {}
    for make in (yolov8_tables, yolov8_maps, yolov5, single_stage, points, faces, lists):
        for case in make():
            for name, value in case.files().items():
                files[f"detect/testdata/golden/{case.name}/{name}"] = value
    files.update(other_cases.all_files())
    return files


def main():
    for folder in SRC.glob("*/testdata/golden"):
        shutil.rmtree(folder)
    for name, value in all_files().items():
        path = SRC / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(value, str):
            path.write_text(value)
        else:
            np.save(path, value)


if __name__ == "__main__":
    main()
