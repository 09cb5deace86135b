# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""`hailstone import` of networks that others have trained, where HAILSTONE_TEST_ASSETS names them:
what each is taken for, or why it is not taken at all."""

import os
import subprocess
import unittest
from pathlib import Path

from support import DaemonTest

from daemon import BINARY

ASSETS = Path(os.environ.get("HAILSTONE_TEST_ASSETS", "/nonexistent"))

# File -> what the line says of it. Nothing of the files is used to say so but themselves.
KNOWN = {
    "models/detection/yolox_nano.onnx": "for detect: decoder yolox, input 416x416 bgr nchw, 80 labels",
    "models/detection/yolov5n_fp16.onnx":
        "for detect: decoder yolov5, input 640x640 rgb nchw, 80 labels",
    "models/detection/yolov8n_640_dequant_fp32.onnx":
        "for detect: decoder yolov8, input 640x640 rgb nchw, 80 labels; sure",
    "models/pose/yolo11n-pose_dequant_fp32.onnx": "for pose: decoder yolov8-pose, input 640x640",
    "models/segmentation/yolov8n-seg_320_dequant_fp32.onnx":
        "for segment: decoder yolov8-seg, input 320x320 rgb nchw, 80 labels; sure",
    "models/segmentation/deeplab_v3_voc.onnx":
        "for semantic: decoder class-map, input 257x257 rgb nhwc, 21 labels; likely",
    "models/depth/pydnetpp_dyn.onnx": "for depth: decoder depth, input anyxany rgb nchw; likely",
    "models/face/face_detection_yunet_2023mar.onnx": "for face-detect: decoder yunet",
    "models/face/scrfd_500m_bnkps.onnx": "for face-detect: decoder scrfd, input anyxany",
    "models/face/mobilefacenet.onnx": "for face-embed: decoder embedding, input 112x112 rgb nchw; likely",
    "models/vad/silero_vad.onnx": "for vad",
    "cases/vision/yolov8_dynamic_axes_ultralytics_metadata.onnx":
        "for detect: decoder yolov8, input anyxany rgb nchw, 2 labels; sure",
    "cases/vision/yolov8_helmet_person_320.onnx":
        "for detect: decoder yolov8, input 320x320 rgb nchw, 2 labels; sure",
    "cases/vision/yolov8_voc20_160.onnx": "for detect: decoder yolov8, input 160x160 rgb nchw, 20 labels",
    "cases/vision/yolov8_obb_160.onnx":
        "for detect-oriented: decoder yolov8-obb, input 160x160 rgb nchw, 15 labels; sure",
    "cases/vision/semantic_nchw_4_classes_no_labels.onnx":
        "for semantic: decoder class-map, input 96x64 rgb nchw; guess",
}

# File -> a part of the refusal.
REFUSED = {
    "models/detection/yolov8n_640_int8_dyn.onnx": "ConvInteger",
    "models/ocr/en_PP-OCRv3_det_infer.onnx": "--file recogniser=REC.onnx",
    "models/ocr/en_number_mobile_v2.0_rec_infer.onnx": "does not find any",
    "models/ocr/ch_ppocr_mobile_v2.0_cls_infer.onnx": "does not say what the model is for",
    "models/wake/embedding_model.onnx": "does not say what the model is for",
    "models/wake/hey_jarvis_v0.1.onnx": "does not say what the model is for",
    "cases/vision/landmarks68_112x112.onnx": "does not say what the model is for",
    "cases/vision/classifier_5_classes.onnx": "does not say what the model is for",
    "cases/vision/clip_image_encoder.onnx": "--file text-encoder=TEXT.onnx",
    "cases/vision/clip_text_encoder.onnx": "does not say what the model is for",
}


class Import(DaemonTest):
    MODELS = {}

    @classmethod
    def setUpClass(cls) -> None:
        if not ASSETS.exists():
            raise unittest.SkipTest("HAILSTONE_TEST_ASSETS is not set")
        super().setUpClass()
        cls.require_engine("onnx")

    def run_import(self, file: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        path = ASSETS / file
        if not path.exists():
            self.skipTest(f"{file} is not there")
        env = os.environ | {"HAILSTONE_HOST": f"127.0.0.1:{self.daemon.port}", "TERM": "dumb"}
        return subprocess.run([BINARY, "import", path, *arguments], env=env, timeout=120, check=False,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)

    def test_each_network_is_taken_for_what_it_is(self) -> None:
        for file, line in KNOWN.items():
            with self.subTest(file=file):
                done = self.run_import(file)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn(line, done.stdout)
                self.assertEqual(done.stdout.count("\n"), 1)
                self.assertEqual(done.stderr, "")

    def test_what_cannot_be_used_is_refused_with_the_reason(self) -> None:
        for file, reason in REFUSED.items():
            with self.subTest(file=file):
                done = self.run_import(file, "--name", "refused")
                self.assertNotEqual(done.returncode, 0, done.stdout)
                self.assertIn(reason, done.stderr)
        models = [each["name"] for each in self.daemon.json("GET", "/api/tags")[1]["models"]]
        self.assertNotIn("refused:latest", models)

    def test_an_own_classifier_needs_no_more_than_its_labels(self) -> None:
        labels = ASSETS / "cases/vision/labels5.txt"
        done = self.run_import("cases/vision/classifier_5_classes.onnx", "--name", "own", "--labels",
                               str(labels))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("for classify: decoder logits, input 224x224 rgb nchw, 5 labels", done.stdout)
        picture = (ASSETS / "cases/vision/picture.jpg").read_bytes()
        status, _, reply = self.daemon.request("POST", "/api/classify?model=own", picture,
                                               {"Content-Type": "image/jpeg"})
        self.assertEqual(status, 200, reply)
        self.assertIn(labels.read_text().split("\n")[0].encode(), reply)

    def test_a_pair_of_networks_reads_text(self) -> None:
        done = self.run_import("models/ocr/en_PP-OCRv3_det_infer.onnx", "--name", "reader", "--file",
                               f"recogniser={ASSETS / 'models/ocr/en_number_mobile_v2.0_rec_infer.onnx'}",
                               "--labels", str(ASSETS / "models/ocr/en_dict.txt"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("for ocr", done.stdout)

    def test_turned_boxes_have_an_angle_and_corners(self) -> None:
        done = self.run_import("cases/vision/yolov8_obb_160.onnx", "--name", "turned")
        self.assertEqual(done.returncode, 0, done.stderr)
        picture = (ASSETS / "cases/vision/picture.jpg").read_bytes()
        status, reply = self.daemon.json("POST", "/api/detect?model=turned&threshold=0.01", picture,
                                         headers={"Content-Type": "image/jpeg"})
        self.assertEqual(status, 200, reply)
        for found in reply:
            self.assertEqual(len(found["corners"]), 4)
            self.assertIn("angle", found)


if __name__ == "__main__":
    unittest.main()
