# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""The product finds in real pictures what the same weights find in a run of numpy's, from the file to the box, the joint
and the mask. bench/reference_accuracy.py does this for all pictures and more networks. Skipped without numpy, Pillow,
HAILSTONE_TEST_ASSETS or ONNX Runtime."""

import json
import os
import subprocess
import sys
import unittest
from pathlib import Path

try:
    import numpy as np
    from PIL import Image
except ImportError as missing:
    print(f"{missing}: python3-numpy, python3-pil")
    sys.exit(77)
if "HAILSTONE_TEST_ASSETS" not in os.environ:
    print("HAILSTONE_TEST_ASSETS is not set")
    sys.exit(77)

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "support")]

from daemon import BINARY, Daemon  # noqa: E402
from faces import FaceFinder  # noqa: E402
from masks import unpack_runs  # noqa: E402
from pictures import Detector, load  # noqa: E402
from printed_page import edit_distance  # noqa: E402
from text import Reader  # noqa: E402

ASSETS = Path(os.environ["HAILSTONE_TEST_ASSETS"])
OPTIONS = (0.3, 0.45, 100)  # score, overlap, number


def box_overlap(a: list[float], b: list[float]) -> float:
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    shared = max(width, 0) * max(height, 0)
    return shared / (a[2] * a[3] + b[2] * b[3] - shared)


class Agreement(unittest.TestCase):
    daemon: Daemon

    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = Daemon()
        cls.daemon.start()
        engines = cls.daemon.json("GET", "/api/health")[1]["engines"]
        if not any(engine["name"] == "onnx" and engine["usable"] for engine in engines):
            cls.daemon.__exit__()
            raise unittest.SkipTest("ONNX Runtime is not there")

    @classmethod
    def tearDownClass(cls) -> None:
        cls.daemon.__exit__()

    def bring(self, network: str, task: str, name: str, *more: str) -> Path:
        file = ASSETS / "models" / f"{network}.onnx"
        subprocess.run([BINARY, "import", file, "--task", task, "--name", name, *more], check=True, capture_output=True,
                       env=os.environ | {"HAILSTONE_HOST": f"127.0.0.1:{self.daemon.port}"})
        return file

    def both(self, task: str, network: str, kind: str, size: int, picture: str) -> list[tuple[dict, dict]]:
        """What the product found, and for each the reference's own; as many there as here."""
        photo = ASSETS / "media" / picture
        file = self.bring(network, task, kind)
        query = f"model={kind}&format=coco&threshold={OPTIONS[0]}&iou={OPTIONS[1]}"
        # A picture that is decoded smaller differs a little: the region makes it be decoded whole.
        with Image.open(photo) as image:
            width, height = image.size
        status, _, reply = self.daemon.request(
            "POST", f"/api/{task}?{query}&region=0,0,{width},{height}", photo.read_bytes())
        self.assertEqual(status, 200, reply)
        said, found = json.loads(reply), Detector(file, kind, size).find(photo, *OPTIONS)
        self.assertGreater(len(said), 2)
        self.assertEqual(len(said), len(found))
        pairs = []
        for each in said:
            twin = max(found, key=lambda other: box_overlap(each["bbox"], other["bbox"]))
            self.assertGreater(box_overlap(each["bbox"], twin["bbox"]), 0.95)
            self.assertAlmostEqual(each["score"], twin["score"], delta=0.02)
            pairs.append((each, twin))
        return pairs

    def test_objects_are_where_the_formulas_put_them(self) -> None:
        for name in ("000000000139", "000000018575"):
            self.both("detect", "detection/yolox_nano", "yolox", 416, f"coco/val2017/{name}.jpg")

    def test_joints_are_where_the_formulas_put_them(self) -> None:
        for said, found in self.both("pose", "pose/yolo11n-pose_dequant_fp32", "pose", 640, "images/bus.jpg"):
            points = np.array(said["keypoints"], float).reshape(17, 3)[:, :2]
            self.assertLess(np.abs(points - found["keypoints"][:, :2]).max(), 4)

    def test_masks_cover_what_the_formulas_cover(self) -> None:
        for said, found in self.both("segment", "segmentation/yolov8n-seg_320_dequant_fp32", "seg", 320,
                                     "images/bus.jpg"):
            mask = unpack_runs(said["segmentation"])
            shared = np.count_nonzero(mask & found["mask"])
            self.assertGreater(shared / np.count_nonzero(mask | found["mask"]), 0.95)

    def test_faces_look_where_the_formulas_look(self) -> None:
        for kind, network in (("yunet", "face_detection_yunet_2023mar"), ("scrfd", "scrfd_500m_bnkps")):
            file = self.bring(f"face/{network}", "face-detect", kind)
            photo = ASSETS / "media/faces/bbt3.jpg"
            status, said = self.daemon.json("POST", f"/api/faces?identify=0&model={kind}", photo.read_bytes(),
                                            headers={"Content-Type": "image/jpeg"})
            self.assertEqual(status, 200, said)
            ours = np.array([[(point["x"], point["y"]) for point in face["landmarks"]] for face in said])
            theirs = np.array(FaceFinder(file, kind).find(load(photo)))
            self.assertEqual(ours.shape, (5, 5, 2))
            self.assertEqual(theirs.shape, (5, 5, 2))
            by_x = [faces[faces[:, 2, 0].argsort()] for faces in (ours, theirs)]
            self.assertLess(np.abs(by_x[0] - by_x[1]).max(), 1, kind)

    def test_a_page_reads_as_the_formulas_read_it(self) -> None:
        folder, page = ASSETS / "models/ocr", ASSETS / "media/ocr/en.jpg"
        recogniser, alphabet = folder / "en_number_mobile_v2.0_rec_infer.onnx", folder / "en_dict.txt"
        finder = self.bring("ocr/en_PP-OCRv3_det_infer", "ocr", "page", "--file", f"recogniser={recogniser}",
                            "--file", f"labels={alphabet}")
        status, _, reply = self.daemon.request("POST", "/api/ocr?model=page&format=text", page.read_bytes())
        self.assertEqual(status, 200, reply)
        theirs = " ".join(Reader(finder, recogniser, alphabet).read(page))
        self.assertGreater(len(theirs), 200)
        self.assertLess(edit_distance(" ".join(reply.decode().split()), theirs), 4)


if __name__ == "__main__":
    unittest.main(verbosity=2)
