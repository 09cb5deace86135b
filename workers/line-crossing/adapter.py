# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Counts tracked objects that cross a line, by the side on which their feet are."""

from hailstone_worker import BadRequest
from hailstone_worker.hailo_pipeline import events, objects_of

MOST_TRACKS = 1000  # of which the side is remembered


class Counter:
    def __init__(self, line, label):
        is_line = (isinstance(line, list) and len(line) == 4
                   and all(isinstance(part, (int, float)) for part in line))
        if not is_line:
            raise BadRequest("line must be [x1, y1, x2, y2], parts of the picture from 0 to 1")
        self.line, self.label = line, label
        self.sides = {}
        self.counts = {"in": 0, "out": 0}

    def side(self, x, y):
        x1, y1, x2, y2 = self.line
        return (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1) > 0

    def crosses(self, x, y):
        """Beside the line's ends nobody crosses it."""
        x1, y1, x2, y2 = self.line
        length = (x2 - x1) ** 2 + (y2 - y1) ** 2 or 1e-9
        return 0 <= ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length <= 1

    def look(self, hailo, buffer, frame):
        for one in objects_of(buffer, hailo):
            if one["label"] != self.label or "track" not in one:
                continue
            x, y, width, height = one["bbox"]
            foot = (x + width / 2, y + height)
            now, before = self.side(*foot), self.sides.get(one["track"])
            self.sides[one["track"]] = now
            if len(self.sides) > MOST_TRACKS:
                self.sides.pop(next(iter(self.sides)))
            if before is not None and before != now and self.crosses(*foot):
                way = "in" if now else "out"
                self.counts[way] += 1
                return {"frame": frame, "track": one["track"], "way": way, **self.counts}
        return None


def start(context):
    global module, name
    module, _, name = context.settings["app"].partition(":")


def handle(request):
    counter = Counter(request["line"], request["label"])
    yield from events(module, name, request, describe=counter.look)
