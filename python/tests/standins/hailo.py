# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
# A stand-in for tests, written from what is known of the real one's behaviour: it has its names and
# shapes, and none of its code. What passes with it has not been seen on the chip.
"""TAPPAS' metadata on buffers."""

HAILO_DETECTION, HAILO_CLASSIFICATION, HAILO_LANDMARKS, HAILO_UNIQUE_ID = range(4)


class Box:
    def __init__(self, x, y, width, height):
        self._sides = (x, y, width, height)

    def xmin(self):
        return self._sides[0]

    def ymin(self):
        return self._sides[1]

    def width(self):
        return self._sides[2]

    def height(self):
        return self._sides[3]


class _Id:
    def __init__(self, number):
        self._number = number

    def get_id(self):
        return self._number


class Detection:
    def __init__(self, label, confidence, box, track):
        self._label, self._confidence, self._box, self._track = label, confidence, box, track

    def get_label(self):
        return self._label

    def get_confidence(self):
        return self._confidence

    def get_bbox(self):
        return self._box

    def get_objects_typed(self, kind):
        return [_Id(self._track)] if kind == HAILO_UNIQUE_ID else []


class _Roi:
    def __init__(self, objects):
        self._objects = objects

    def get_objects_typed(self, kind):
        return self._objects if kind == HAILO_DETECTION else []


def get_roi_from_buffer(buffer):
    return _Roi(buffer)
