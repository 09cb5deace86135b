#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""Average precision of yolox_nano run by tests/reference, to compare with bench/accuracy.py.

    bench/reference_accuracy.py

Same pictures, annotations, evaluator and limits as bench/accuracy.py; nothing else is shared with the product. Needs
HAILSTONE_TEST_ASSETS and Debian's python3-numpy and python3-pil.
"""

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/reference"))
from accuracy import evaluate  # noqa: E402
from detection import YoloxDetector  # noqa: E402


def main() -> None:
    assets = os.environ.get("HAILSTONE_TEST_ASSETS")
    if not assets:
        raise SystemExit(__doc__)
    coco = Path(assets) / "media/coco"
    pictures = sorted((coco / "val2017").glob("*.jpg"))
    annotations = json.loads((coco / "annotations/instances_val2017.json").read_text())
    shown = {int(picture.stem) for picture in pictures}
    truths = [truth for truth in annotations["annotations"] if truth["image_id"] in shown]
    categories = sorted(category["id"] for category in annotations["categories"])
    detector, found = YoloxDetector(Path(assets) / "models/detection/yolox_nano.onnx"), []
    for picture in pictures:
        found += [{"image_id": int(picture.stem), "category_id": categories[kind], "score": score, "bbox": box}
                  for kind, score, box in detector.detect(picture, 0.001, 0.65, 100)]
    ap, ap50 = evaluate(found, truths)
    print(f"yolox_nano.onnx, reference   AP {ap:.4f}   AP50 {ap50:.4f}   on {len(pictures)} pictures")


if __name__ == "__main__":
    main()
