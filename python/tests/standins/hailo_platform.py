# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
# A stand-in for tests, written from what is known of the real one's behaviour: it has its names and
# shapes, and none of its code. What passes with it has not been seen on the chip.
"""HailoRT's InferModel: networks by the names of their files, with values that tests can know."""

import os
from enum import Enum
from pathlib import Path

import numpy

# name -> (inputs, outputs): shapes by name
NETWORKS = {
    "zero_dce": ({"image": (400, 600, 3)}, {"bright": (400, 600, 3)}),
    "face_landmarks_lite": ({"face": (192, 192, 3)}, {"mesh": (1, 1, 1404), "score": (1, 1, 1)}),
    "hand_landmark_lite": ({"hand": (224, 224, 3)}, {"score": (1,), "points": (63,)}),
    "person_attr_resnet_v1_18": ({"person": (224, 224, 3)}, {"logits": (35,)}),
    "osnet_x1_0": ({"person": (256, 128, 3)}, {"vector": (512,)}),
    "yolo_world_v2s": ({"picture": (640, 640, 3), "texts": (1, 80, 512)},
                       {f"{kind}{n}": (n, n, depth) for n in (80, 40, 20)
                        for kind, depth in (("scores", 80), ("sides", 4))}),
    "lprnet": ({"plate": (75, 300, 3)}, {"steps": (5, 19, 11)}),
}


class FormatType(Enum):
    UINT8 = 1
    FLOAT32 = 2


class HailoSchedulingAlgorithm(Enum):
    ROUND_ROBIN = 1


class _Params:
    group_id = ""
    scheduling_algorithm = None


class _Stream:
    def __init__(self, name, shape):
        self.name, self.shape, self.kind = name, shape, None

    def set_format_type(self, kind):
        self.kind = kind


class _Place:
    def __init__(self, stream):
        self.stream, self.buffer = stream, None

    def set_buffer(self, buffer):
        # The real one checks nothing and ends the process.
        assert buffer.shape == self.stream.shape, (self.stream.name, buffer.shape)
        self.buffer = buffer


class _Bindings:
    def __init__(self, model):
        self.inputs = {one.name: _Place(one) for one in model.inputs}
        self.outputs = {one.name: _Place(one) for one in model.outputs}

    def input(self, name=None):
        return self.inputs[name or next(iter(self.inputs))]

    def output(self, name=None):
        return self.outputs[name or next(iter(self.outputs))]


def compute(network, tensor):
    """Something of the right shape that depends on the input."""
    level = float(tensor.mean())
    if network == "zero_dce":
        return {"bright": numpy.clip(tensor / 255.0 * 2, 0, 1)}
    if network == "face_landmarks_lite":
        mesh = numpy.tile(numpy.array([96, 48, level], numpy.float32), 468)
        return {"mesh": mesh.reshape(1, 1, 1404), "score": numpy.full((1, 1, 1), 0.9)}
    if network == "hand_landmark_lite":
        return {"score": numpy.array([0.9]), "points": hand()}
    if network == "person_attr_resnet_v1_18":
        return {"logits": numpy.array([5.0] + [-5.0] * 34)}
    if network == "osnet_x1_0":
        vector = numpy.zeros(512)
        vector[int(level)] = 3
        return {"vector": vector}
    steps = numpy.full((19, 11), -5.0)
    for step, character in enumerate([10, 4, 4, 10, 2, 10, 7, 7] + [10] * 11):
        steps[step, character] = 5
    return {"steps": numpy.tile(steps, (5, 1, 1))}


def compute_world(texts):
    """One object of 64 x 32 around (328, 168), which is what the second text says."""
    out = {f"{kind}{n}": numpy.zeros((n, n, depth)) for n in (80, 40, 20)
           for kind, depth in (("scores", 80), ("sides", 4))}
    wanted = texts.reshape(80, 512)[1]
    out["scores40"][10, 20] = 0.9 * (texts.reshape(80, 512) @ wanted)
    out["sides40"][10, 20] = [2, 1, 2, 1]
    out["scores40"][10, 21] = 0.5 * out["scores40"][10, 20]
    out["sides40"][10, 21] = [3, 1, 1, 1]
    return out


def hand():
    """Index and middle finger stretched, the others not: "victory"."""
    points = numpy.zeros((21, 3))
    points[0] = [112, 200, 0]
    for finger, (base, is_long) in enumerate(((1, False), (5, True), (9, True), (13, False), (17, False))):
        x = 70 + finger * 20
        for joint in range(4):
            up = joint if is_long else min(joint, 1) - max(0, joint - 1)
            points[base + joint] = [x, 120 - up * 25, 0]
    points[4] = [112, 130, 0]  # the thumb lies across the palm
    return points.reshape(-1)


class _Configured:
    def __init__(self, model):
        self.model = model

    def create_bindings(self):
        return _Bindings(self.model)

    def run(self, bindings, timeout):
        assert timeout > 0
        for one in bindings:
            if self.model.name == "yolo_world_v2s":
                result = compute_world(one.input("texts").buffer)
            else:
                result = compute(self.model.name, one.input().buffer)
            for name, place in one.outputs.items():
                place.buffer[...] = result[name]


class _InferModel:
    def __init__(self, path):
        if not os.path.isfile(path):
            raise RuntimeError(f"HAILO_OPEN_FILE_FAILURE(13): {path}")
        self.name = Path(path).stem
        inputs, outputs = NETWORKS[self.name]
        self.inputs = [_Stream(name, shape) for name, shape in inputs.items()]
        self.outputs = [_Stream(name, shape) for name, shape in outputs.items()]

    def configure(self):
        for one in self.inputs:
            assert one.kind is (FormatType.FLOAT32 if one.name == "texts" else FormatType.UINT8)
        assert all(one.kind is FormatType.FLOAT32 for one in self.outputs)
        return _Configured(self)


class VDevice:
    """Who opens it without the shared group has it to himself: then nobody else gets it."""

    @staticmethod
    def create_params():
        return _Params()

    def __init__(self, params):
        if params.group_id != "SHARED":
            raise RuntimeError("HAILO_OUT_OF_PHYSICAL_DEVICES(74)")

    def create_infer_model(self, path):
        return _InferModel(path)
