#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""The product against the same weights run by tests/reference, which shares no code with it.

    bench/reference_accuracy.py [detect|pose|segment|semantic|depth|faces|ocr ...] [--pictures N]

Starts a daemon of its own, asks its services about the annotated pictures of HAILSTONE_TEST_ASSETS, runs the networks once more in
numpy, and prints the figures of both and how many points lie between them. Average precision as COCO defines it (bench/accuracy.py): of
boxes, of key points by OKS, of masks; for maps the share of the pixels, or the correlation of depths; for faces how well embeddings
tell people apart (area under the curve); for text the share of characters that are right. Needs Debian's python3-numpy and
python3-pil. All of it takes about a quarter of an hour.
"""

import argparse
import io
import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests/reference"), str(ROOT / "tests/support")]
from accuracy import evaluate  # noqa: E402
from daemon import BINARY, Daemon  # noqa: E402
from faces import FaceEmbedder, FaceFinder, area_under_curve  # noqa: E402
from masks import unpack_runs  # noqa: E402
from pictures import Detector, bilinear, class_shares, load, relative_depth  # noqa: E402
from printed_page import PAGE, edit_distance  # noqa: E402
from text import Reader  # noqa: E402

ASSETS = Path(os.environ.get("HAILSTONE_TEST_ASSETS", ""))
COCO = ASSETS / "media/coco"
LIMITS = {"detect": (0.001, 0.65, 100), "pose": (0.01, 0.65, 20), "segment": (0.01, 0.65, 50)}
# Of COCO's key points, each twice what annotators differ by.
SPREADS = 2 * np.array([26, 25, 25, 35, 35, 79, 79, 72, 72, 62, 62, 107, 107, 87, 87, 89, 89]) / 1000


class Product:
    def __init__(self, daemon: Daemon) -> None:
        self.url = f"http://127.0.0.1:{daemon.port}"

    def bring(self, file: Path, task: str, *more: str) -> str:
        name = file.stem.lower()
        subprocess.run([BINARY, "import", file, "--task", task, "--name", name, *more], check=True, capture_output=True,
                       env={**os.environ, "HAILSTONE_HOST": self.url})
        return name

    def ask(self, route: str, picture: Path, query: str) -> bytes:
        request = urllib.request.Request(f"{self.url}/api/{route}?{query}", picture.read_bytes())
        with urllib.request.urlopen(request, timeout=120) as reply:
            return reply.read()


def paint(truth: dict, width: int, height: int) -> np.ndarray:
    if isinstance(truth["segmentation"], dict):  # a crowd: runs that are not compressed
        counts = truth["segmentation"]["counts"]
        return np.repeat(np.arange(len(counts)) % 2, counts).astype(bool).reshape(width, height).T
    image = Image.new("1", (width, height))
    for polygon in truth["segmentation"]:
        ImageDraw.Draw(image).polygon(polygon, fill=1, outline=1)
    return np.asarray(image)


def mask_overlap(found: dict, truth: dict) -> float:
    shared = np.count_nonzero(found["mask"] & truth["mask"])
    if truth["iscrowd"]:
        return shared / max(np.count_nonzero(found["mask"]), 1)
    return shared / max(np.count_nonzero(found["mask"] | truth["mask"]), 1)


def point_likeness(found: dict, truth: dict) -> float:
    """OKS; where a person's points are not marked, how much of the found box lies in theirs."""
    points = np.array(truth["keypoints"], float).reshape(17, 3)
    seen = points[:, 2] > 0
    if not seen.any():
        x, y, w, h = truth["bbox"]
        centre = found["keypoints"][:, :2].mean(0)
        return float(x <= centre[0] <= x + w and y <= centre[1] <= y + h)
    distance = ((found["keypoints"][:, :2] - points[:, :2]) ** 2).sum(1)
    return float(np.exp(-distance / (2 * truth["area"] * SPREADS ** 2))[seen].mean())


def truths_of(task: str, pictures: list[Path]) -> tuple[list[dict], list[int]]:
    """And COCO's category of each class."""
    name = "person_keypoints_val2017.json" if task == "pose" else "instances_val2017.json"
    data = json.loads((COCO / "annotations" / name).read_text())
    shown = {int(picture.stem): picture for picture in pictures}
    truths = [truth for truth in data["annotations"] if truth["image_id"] in shown]
    for truth in truths:
        if task == "segment":
            truth["mask"] = paint(truth, *Image.open(shown[truth["image_id"]]).size)
        if task == "pose" and not truth["num_keypoints"]:
            truth["iscrowd"] = 1  # left out, as COCO does
    return truths, sorted(category["id"] for category in data["categories"])


def product_finds(product: Product, model: str, task: str, pictures: list[Path]) -> list[dict]:
    threshold, iou, most = LIMITS[task]
    found = []
    for picture in pictures:
        query = f"model={model}&format=coco&threshold={threshold}&iou={iou}&max={most}&image_id={int(picture.stem)}"
        for each in json.loads(product.ask(task, picture, query)):
            if task == "segment":
                each["mask"] = unpack_runs(each.pop("segmentation"))
            if task == "pose":
                each["keypoints"] = np.array(each["keypoints"], float).reshape(17, 3)
            found.append(each)
    return found


def reference_finds(detector: Detector, task: str, pictures: list[Path], categories: list[int]) -> list[dict]:
    found = []
    for picture in pictures:
        for each in detector.find(picture, *LIMITS[task]):
            found.append(each | {"image_id": int(picture.stem), "category_id": categories[each["class"]]})
    return found


def show(task: str, network: str, figure: str, product: float, reference: float) -> None:
    print(f"{task:9} {network:30} {figure:12} {product:8.4f} {reference:9.4f} {100 * (product - reference):+7.2f}",
          flush=True)


def compare_finders(product: Product, task: str, folder: str, networks: dict, pictures: list[Path]) -> None:
    likeness = {"pose": point_likeness, "segment": mask_overlap}
    truths, categories = truths_of(task, pictures)
    for name, (kind, size) in networks.items():
        file = ASSETS / "models" / folder / f"{name}.onnx"
        by_product = product_finds(product, product.bring(file, task), task, pictures)
        by_reference = reference_finds(Detector(file, kind, size), task, pictures, categories)
        extra = [likeness[task]] if task in likeness else []
        ours, theirs = evaluate(by_product, truths, *extra), evaluate(by_reference, truths, *extra)
        for figure, a, b in zip(("AP", "AP50"), ours, theirs):
            show(task, name, figure, a, b)


def compare_detect(product: Product, pictures: list[Path]) -> None:
    compare_finders(product, "detect", "detection",
                    {"yolox_nano": ("yolox", 416), "yolov8n_640_dequant_fp32": ("yolov8", 640),
                     "yolov5n_fp16": ("yolov5", 640)}, pictures)


def compare_pose(product: Product, pictures: list[Path]) -> None:
    compare_finders(product, "pose", "pose", {"yolo11n-pose_dequant_fp32": ("pose", 640)}, pictures)


def compare_segment(product: Product, pictures: list[Path]) -> None:
    compare_finders(product, "segment", "segmentation", {"yolov8n-seg_320_dequant_fp32": ("seg", 320)}, pictures)


def compare_semantic(product: Product, _: list[Path]) -> None:
    file, bus = ASSETS / "models/segmentation/deeplab_v3_voc.onnx", ASSETS / "media/images/bus.jpg"
    model = product.bring(file, "semantic")
    width, height = Image.open(bus).size
    # A region is cut out of all pixels; without one the picture is decoded smaller, which changes shares a little.
    for decoded, region, least in (("whole", f"&region=0,0,{width},{height}", None), ("small", "", (257, 257))):
        said = {each["label"]: each["share"]
                for each in json.loads(product.ask("segment", bus, f"model={model}{region}"))}
        shares = class_shares(file, bus, least=least)
        for kind, label in ((6, "bus"), (15, "person")):
            show("semantic", file.stem, f"{label}, {decoded}", said.get(label, 0), shares.get(kind, 0))


def compare_depth(product: Product, _: list[Path]) -> None:
    """The correlation of each with what was measured; the reference looks at the size that the product chooses."""
    file, folder = ASSETS / "models/depth/pydnetpp_dyn.onnx", ASSETS / "media/depth/nyu"
    truth, picture = np.load(folder / "depth.npy"), folder / "rgb.png"
    sides = np.array(load(picture).shape[1::-1])
    width, height = (np.round(sides * 640 / sides.max() / 64) * 64).astype(int)
    model = product.bring(file, "depth")
    ours = np.load(io.BytesIO(product.ask("depth", picture, f"model={model}&format=npy")))
    theirs = relative_depth(file, picture, width, height)

    def correlation(depth: np.ndarray) -> float:
        fitted = bilinear(np.nan_to_num(depth)[:, :, None], *truth.shape[::-1])
        low, high = np.percentile(fitted, (2, 98))
        return float(np.corrcoef(np.clip(fitted, low, high).ravel(), truth.ravel())[0, 1])

    show("depth", file.stem, "correlation", correlation(ours), correlation(theirs))


def compare_faces(product: Product, _: list[Path]) -> None:
    """Faces in three group pictures, which have 12; people told apart by five portraits of each."""
    folder, media = ASSETS / "models/face", ASSETS / "media/faces"
    product.bring(folder / "mobilefacenet.onnx", "face-embed")
    embedder = FaceEmbedder(folder / "mobilefacenet.onnx")
    groups = sorted(media.glob("*.jpg"))
    people = [person for person in sorted(media.iterdir()) if person.is_dir()]
    for kind, name in (("yunet", "face_detection_yunet_2023mar"), ("scrfd", "scrfd_500m_bnkps")):
        finder, model = FaceFinder(folder / f"{name}.onnx", kind), product.bring(folder / f"{name}.onnx", "face-detect")

        def said(picture: Path, options: str) -> list[dict]:
            return json.loads(product.ask("faces", picture, f"model={model}&identify=0{options}"))

        show("faces", name, "found of 12", sum(len(said(group, "")) for group in groups) / 12,
             sum(len(finder.find(load(group))) for group in groups) / 12)
        ours, theirs = {}, {}
        for person in people:
            crops = sorted(person.glob("*.png"))
            ours[person.name] = np.array([said(crop, "&embed=1")[0]["embedding"] for crop in crops])
            pictures = [load(crop) for crop in crops]
            theirs[person.name] = np.array([embedder.embed(picture, finder.find(picture, picture.shape[0] // 2)[0])
                                            for picture in pictures])
        show("faces", name, "AUC", area_under_curve(ours), area_under_curve(theirs))


def compare_ocr(product: Product, _: list[Path]) -> None:
    folder, page = ASSETS / "models/ocr", ASSETS / "media/ocr/en.jpg"
    finder, recogniser, alphabet = (folder / name for name in (
        "en_PP-OCRv3_det_infer.onnx", "en_number_mobile_v2.0_rec_infer.onnx", "en_dict.txt"))
    model = product.bring(finder, "ocr", "--file", f"recogniser={recogniser}", "--file", f"labels={alphabet}")
    ours = product.ask("ocr", page, f"model={model}&format=text").decode()
    theirs = " ".join(Reader(finder, recogniser, alphabet).read(page))
    right = [1 - edit_distance(" ".join(text.split()), PAGE) / len(PAGE) for text in (ours, theirs)]
    show("ocr", finder.stem, "characters", *right)


TASKS = {"detect": compare_detect, "pose": compare_pose, "segment": compare_segment, "semantic": compare_semantic,
         "depth": compare_depth, "faces": compare_faces, "ocr": compare_ocr}


def main() -> None:
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("tasks", nargs="*", choices=[*TASKS, []])
    parser.add_argument("--pictures", type=int, default=50)
    arguments = parser.parse_args()
    if not ASSETS.name:
        raise SystemExit(__doc__)
    pictures = sorted((COCO / "val2017").glob("*.jpg"))[:arguments.pictures]
    print(f"{'task':9} {'network':30} {'figure':12} {'product':>8} {'reference':>9} {'points':>7}")
    with Daemon(log_to_file=True) as daemon:
        for task in arguments.tasks or TASKS:
            TASKS[task](Product(daemon), pictures)


if __name__ == "__main__":
    main()
