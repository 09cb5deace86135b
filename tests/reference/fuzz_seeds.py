# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Writes the seeds of the decoders' fuzz targets, in the form that tests/fuzz/tensors.hpp reads: the
golden cases, and some networks for recognise()."""

import struct
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

import generate

TYPES = {"f4": 0, "f2": 1, "i1": 2, "u1": 3, "i4": 4, "i8": 5}
# In the order of vision::detectors().
DECODERS = ["boxes", "centernet", "detr", "lightface", "nanodet", "nms-by-class", "nms-by-score",
            "nms-with-byte-mask", "retinaface", "rtmo", "scrfd", "ssd", "yolov10", "yolov5", "yolov5-seg",
            "yolov7-nms", "yolov8", "yolov8-obb", "yolov8-pose", "yolov8-seg", "yolox", "yunet"]


def tensor(array):
    kind = TYPES[array.dtype.str[1:]]
    extents = b"".join(struct.pack("<H", n) for n in array.shape)
    return bytes([kind, array.ndim]) + extents + array.tobytes()


def detection_seeds():
    """One of each decoder."""
    seen = set()
    for make in (generate.yolov8_tables, generate.yolov8_maps, generate.yolov5,
                 generate.single_stage, generate.faces, generate.lists):
        for case in make():
            head = [DECODERS.index(case.decoder), *generate.INPUT, case.options.get("classes", 0),
                    76, 128, 50, len(case.outputs)]
            data = bytes(head) + b"".join(tensor(a) for _, a, _ in case.outputs)
            if len(data) < 6000 and case.decoder not in seen:
                seen.add(case.decoder)
                yield case.name, data
    record = struct.pack("<5fHQQQ", 0.25, 0.125, 0.375, 0.1875, 0.9, 1, 16, 0, 48)
    masks = np.frombuffer(struct.pack("<H", 1) + record + bytes([0, 1] * 8), np.uint8)
    yield "byte_mask", bytes([6, 64, 32, 0, 76, 128, 50, 1]) + tensor(masks)


def info(name, *shape):
    extents = b"".join(struct.pack("<H", n % 65536) for n in shape)
    return bytes([len(name)]) + name.encode() + bytes([0, len(shape)]) + extents


def network(inputs, outputs, task="", names=""):
    return (bytes([len(inputs)]) + b"".join(inputs) + bytes([len(outputs)]) + b"".join(outputs)
            + bytes([len(task)]) + task.encode() + names.encode())


def known_seeds():
    images = [info("images", 1, 3, 640, 640)]
    yield "yolov8", network(images, [info("output0", 1, 84, 8400)], "detect", "{0: 'a', 1: \"b\"}")
    yield "yolov8_seg", network(images, [info("output0", 1, 116, 8400),
                                         info("output1", 1, 32, 160, 160)])
    yield "scrfd", network([info("in", 640, 640, 3)],
                           [info("m", s, s, c) for s in (80, 40, 20) for c in (2, 8, 20)])
    yield "depth", network([info("image", 1, 3, -1, -1)], [info("disparity", 1, 1, -1, -1)])
    yield "text", network([info("x", -1, 3, 32, -1)], [info("y", -1, -1, 97)])
    yield "names", b"['a', 'b\\'c']"


def other_seeds():
    rng = np.random.default_rng(0)
    plane = (rng.random((1, 1, 12, 20)) > 0.4).astype(np.float32)
    line = rng.normal(size=(1, 6, 5)).astype(np.float32)
    yield "text/text_fuzz", "plane", tensor(plane)
    yield "text/text_fuzz", "line", tensor(line)
    yield "dense/dense_fuzz", "plane", bytes([3]) + tensor(plane)
    yield "dense/dense_fuzz", "classes", bytes([5]) + tensor(rng.random((1, 5, 4, 6), np.float32))
    yield "scores/scores_fuzz", "vector", tensor(line.reshape(1, -1))
    proto = tensor(rng.normal(size=(1, 8, 4, 6)).astype(np.float16))
    yield "masks/masks_fuzz", "prototypes", bytes([64, 32, 8, 60, 60, 20, 30]) + proto + proto
    yield "masks/masks_fuzz", "runs", b"321O1"


def all_seeds():
    yield from (("detect/detect_fuzz", *seed) for seed in detection_seeds())
    yield from (("known/known_fuzz", *seed) for seed in known_seeds())
    yield from other_seeds()


def main():
    for target, name, data in all_seeds():
        room, fuzzer = target.split("/")
        folder = generate.SRC / room / "testdata" / "fuzz" / fuzzer
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.bin").write_bytes(data)


if __name__ == "__main__":
    main()
