#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Average precision of /api/detect on annotated pictures, as COCO defines it.

    bench/accuracy.py MODEL.onnx [MODEL.onnx ...]

Starts a daemon of its own, imports the networks, sends the pictures of HAILSTONE_TEST_ASSETS (media/coco) and compares
the replies (format=coco) with the annotations: AP at IoU 0.5 to 0.95 and at 0.5, 101 recall points, at most 100
detections a picture, crowds ignored. An evaluator of its own, so that nothing of ours judges itself.
"""

import json
import os
import subprocess
import sys
import urllib.request
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))
from daemon import BINARY, Daemon  # noqa: E402

LIMITS = [0.5 + 0.05 * i for i in range(10)]
OPTIONS = "format=coco&threshold=0.001&iou=0.65&max=100"

Box = list[float]


def overlap(found: Box, truth: Box, is_crowd: bool) -> float:
    """Intersection over union; over the found box alone where the truth is a crowd."""
    width = min(found[0] + found[2], truth[0] + truth[2]) - max(found[0], truth[0])
    height = min(found[1] + found[3], truth[1] + truth[3]) - max(found[1], truth[1])
    if width <= 0 or height <= 0:
        return 0.0
    area = found[2] * found[3]
    return width * height / (area if is_crowd else area + truth[2] * truth[3] - width * height)


def box_overlap(found: dict, truth: dict) -> float:
    return overlap(found["bbox"], truth["bbox"], bool(truth["iscrowd"]))


def match(found: list[dict], truths: list[dict], limit: float, similarity=box_overlap) -> list[tuple[float, bool]]:
    """(score, right) of each detection of one class in one picture; those of crowds are left out."""
    rows, taken = [], set()
    for detection in sorted(found, key=lambda d: -d["score"]):
        best, best_overlap = None, limit
        for index, truth in enumerate(truths):
            crowd = bool(truth["iscrowd"])
            if index in taken and not crowd:
                continue
            if best is not None and not truths[best]["iscrowd"] and crowd:
                break  # crowds stand last: a real match is not given up for one
            area = similarity(detection, truth)
            if area >= best_overlap:
                best, best_overlap = index, area
        if best is None:
            rows.append((detection["score"], False))
        elif not truths[best]["iscrowd"]:
            taken.add(best)
            rows.append((detection["score"], True))
    return rows


def average_precision(rows: list[tuple[float, bool]], total: int) -> float:
    """Mean of the best precision at 101 recalls."""
    rows.sort(key=lambda row: -row[0])
    right, curve = 0, []
    for count, (_, is_right) in enumerate(rows, 1):
        right += is_right
        curve.append((right / total, right / count))
    best, points = 0.0, []
    for recall, precision in reversed(curve):
        best = max(best, precision)
        points.append((recall, best))
    points.reverse()
    sums, at = 0.0, 0
    for step in range(101):
        while at < len(points) and points[at][0] < step / 100 - 1e-12:
            at += 1
        sums += points[at][1] if at < len(points) else 0.0
    return sums / 101


def evaluate(found: list[dict], truths: list[dict], similarity=box_overlap) -> tuple[float, float]:
    """AP and AP50, the mean over the classes that there are."""
    by_place = defaultdict(lambda: ([], []))
    for detection in found:
        by_place[detection["image_id"], detection["category_id"]][0].append(detection)
    for truth in truths:
        by_place[truth["image_id"], truth["category_id"]][1].append(truth)
    totals = defaultdict(int)
    for truth in truths:
        totals[truth["category_id"]] += not truth["iscrowd"]
    means = []
    for limit in LIMITS:
        rows = defaultdict(list)
        for (_, category), (detections, objects) in by_place.items():
            objects.sort(key=lambda truth: truth["iscrowd"])
            rows[category] += match(detections, objects, limit, similarity)
        scores = [average_precision(rows[c], total) for c, total in totals.items() if total]
        means.append(sum(scores) / len(scores))
    return sum(means) / len(means), means[0]


def detect(url: str, model: str, pictures: list[Path]) -> list[dict]:
    found = []
    for picture in pictures:
        address = f"{url}/api/detect?model={model}&{OPTIONS}&image_id={int(picture.stem)}"
        with urllib.request.urlopen(urllib.request.Request(address, picture.read_bytes()), timeout=120) as reply:
            found += json.load(reply)
    return found


def main() -> None:
    assets = os.environ.get("HAILSTONE_TEST_ASSETS")
    if not assets or len(sys.argv) < 2:
        raise SystemExit(__doc__)
    coco = Path(assets) / "media/coco"
    pictures = sorted((coco / "val2017").glob("*.jpg"))
    truths = json.loads((coco / "annotations/instances_val2017.json").read_text())["annotations"]
    shown = {int(picture.stem) for picture in pictures}
    truths = [truth for truth in truths if truth["image_id"] in shown]
    with Daemon(log_to_file=True) as daemon:
        url = f"http://127.0.0.1:{daemon.port}"
        for file in map(Path, sys.argv[1:]):
            name = file.stem.lower()
            subprocess.run([BINARY, "import", file, "--task", "detect", "--name", name], check=True,
                           env={**os.environ, "HAILSTONE_HOST": url}, capture_output=True)
            ap, ap50 = evaluate(detect(url, name, pictures), truths)
            print(f"{file.name:40} AP {ap:.3f}   AP50 {ap50:.3f}   on {len(pictures)} pictures", flush=True)


if __name__ == "__main__":
    main()
