# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""People are enrolled, recognised and forgotten by the real program; DeepStack's clients are
answered as they expect. The last class runs real networks on real faces and is skipped where
HAILSTONE_TEST_ASSETS or ONNX Runtime is not there."""

import json
import os
import stat
import struct
import unittest
import zlib
from pathlib import Path
from typing import Any, Iterable

from support import FAKE, DaemonTest, Daemon, add_model

Part = tuple[str, bytes]  # what follows "Content-Disposition: form-data; ", and the content


def portrait(bright: str) -> bytes:
    """A PNG of 64 x 64 of which one half is bright."""
    def row(y: int) -> bytes:
        is_bright = {"left": lambda x: x < 32, "right": lambda x: x >= 32, "top": lambda x: y < 32}
        return b"\0" + b"".join(b"\xdc\xdc\xdc" if is_bright[bright](x) else b"\x05\x05\x05"
                                for x in range(64))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (struct.pack(">I", len(data)) + kind + data +
                struct.pack(">I", zlib.crc32(kind + data)))

    head = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) +
            chunk(b"IDAT", zlib.compress(b"".join(row(y) for y in range(64)))) + chunk(b"IEND", b""))


def scripted_face() -> str:
    """SCRFD's outputs for an input of 64 x 64 with one face in the middle."""
    tensors = []
    for stride in (8, 16, 32):
        rows = (64 // stride) ** 2 * 2
        for name, face in (("score", [0.9]), ("bbox", [1, 1, 1, 1]),
                           ("kps", [-0.5, -0.4, 0.5, -0.4, 0, 0, -0.4, 0.5, 0.4, 0.5])):
            values: list[float] = [0] * (rows * len(face))
            if stride == 8:
                at = (4 * 8 + 4) * 2 * len(face)
                values[at:at + len(face)] = face
            tensors.append(f"{name}_{stride}[1,{rows},{len(face)}]=" +
                           " ".join(str(value) for value in values))
    return ";".join(tensors)


def post_form(daemon: Daemon, path: str, parts: Iterable[Part],
              headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], Any]:
    body = b"".join(b"--B\r\nContent-Disposition: form-data; " + head.encode() + b"\r\n\r\n" +
                    content + b"\r\n" for head, content in parts) + b"--B--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=B"}
    status, reply_headers, reply = daemon.request("POST", path, body, {**kind, **(headers or {})})
    return status, reply_headers, json.loads(reply)


def field(name: str, value: str) -> Part:
    return f'name="{name}"', value.encode()


def image(data: bytes) -> Part:
    """As Frigate sends it: no content type, and a file name that is none."""
    return 'name="image"; filename="image"', data


class FacesTest(DaemonTest):
    MODELS: dict[str, tuple[str, dict[str, str]]] = {}

    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = Daemon(*cls.ARGS, env=cls.ENV)
        square = '{"width":64,"height":64,"resize":"letterbox"}'
        store = cls.daemon.store
        add_model(store, "eyes", engine=FAKE, task="face-detect", decoder="scrfd",
                  settings={"input": square, "outputs": scripted_face()})
        add_model(store, "memory", engine=FAKE, task="face-embed", decoder="embedding",
                  settings={"input": '{"width":8,"height":8,"resize":"stretch"}'})
        rows = " ".join(f"{i % 5 * 12} {i // 5 * 12} 8 8 {0.9 - i / 100} 0" for i in range(25))
        add_model(store, "objects", engine=FAKE, task="detect", decoder="boxes",
                  settings={"input": square, "outputs": f"boxes[25,6]={rows}"},
                  layers={"labels": "Person\n"})
        cls.daemon.start()


class People(FacesTest):
    ARGS = ("--people", "--log-level", "debug")

    def enrol(self, name: str, looks: str) -> tuple[int, Any]:
        status, _, reply = post_form(self.daemon, "/api/faces/people",
                                     [field("name", name), image(portrait(looks))])
        return status, reply

    def see(self, looks: str) -> Any:
        return self.daemon.json("POST", "/api/faces", portrait(looks))[1][0]

    def test_somebody_is_enrolled_recognised_and_forgotten(self) -> None:
        self.assertEqual(self.enrol("Zebulon", "left"),
                         (200, {"name": "Zebulon", "added": 1, "faces": 1}))
        self.assertEqual(self.see("left")["person"], "Zebulon")
        self.assertIsNone(self.see("right")["person"])
        listed = self.daemon.json("GET", "/api/faces/people")[1]["people"]
        self.assertEqual([person["name"] for person in listed], ["Zebulon"])
        exported = self.daemon.json("GET", "/api/faces/people?format=json")[1]["people"]
        self.assertEqual(len(exported[0]["faces"][0]["embedding"]), 192)
        self.assertEqual(self.daemon.json("PATCH", "/api/faces/people",
                                          {"name": "Zebulon", "new_name": "Zeb"})[0], 200)
        self.assertEqual(self.see("left")["person"], "Zeb")
        self.assertEqual(self.daemon.request("DELETE", "/api/faces/people?name=Zeb")[0], 200)
        self.assertIsNone(self.see("left")["person"])
        self.assertEqual(self.daemon.request("DELETE", "/api/faces/people?name=Zeb")[0], 404)

    def test_no_name_is_logged_and_the_file_is_private(self) -> None:
        self.enrol("Unmentionable", "left")
        self.see("left")
        self.daemon.request("DELETE", "/api/faces/people?name=Unmentionable")
        self.daemon.request("DELETE", "/api/faces/people?name=Unmentionable")
        self.assertTrue(any("/api/faces/people" in line for line in self.daemon.log))
        self.assertFalse([line for line in self.daemon.log if "Unmentionable" in line])
        mode = stat.S_IMODE((self.daemon.home / "people.db").stat().st_mode)
        self.assertEqual(mode, 0o600)

    def test_a_picture_without_exactly_one_face_is_refused(self) -> None:
        status, _, reply = post_form(
            self.daemon, "/api/faces/people",
            [field("name", "Nobody"), field("threshold", "0.95"), image(portrait("left"))])
        self.assertEqual((status, reply["error"]),
                         (400, "picture 1 of 1 must show exactly one face, found 0"))

    def test_deepstacks_clients_register_and_recognise(self) -> None:
        path = "/v1/vision/face/"
        status, _, reply = post_form(self.daemon, path + "register",
                                     [field("userid", "Dee"), image(portrait("top"))])
        self.assertEqual((status, reply["message"]), (200, "face added"))
        found = post_form(self.daemon, path + "recognize", [image(portrait("top"))])[2]
        self.assertEqual(found["predictions"][0]["userid"], "Dee")
        status, _, data = self.daemon.request(
            "POST", path + "delete", "userid=Dee",
            {"Content-Type": "application/x-www-form-urlencoded"})
        self.assertEqual((status, json.loads(data)["success"]), (200, True))
        self.assertEqual(post_form(self.daemon, path + "list", [])[2]["faces"], [])


class Off(FacesTest):
    def test_people_are_not_kept_unless_the_operator_says_so(self) -> None:
        for method in ("GET", "POST", "PATCH", "DELETE"):
            status, reply = self.daemon.json(method, "/api/faces/people")
            self.assertEqual(status, 403)
            self.assertIn("the setting people is off", reply["error"])
        self.assertNotIn("person", self.daemon.json("POST", "/api/faces", portrait("left"))[1][0])
        self.assertFalse((self.daemon.home / "people.db").exists())

    def test_frigate_gets_what_its_plugin_can_read(self) -> None:
        status, headers, reply = post_form(self.daemon, "/v1/vision/detection",
                                           [field("api_key", ""), image(portrait("left"))])
        self.assertEqual(status, 200)
        self.assertEqual(headers["x-hailstone-model"], "objects:latest")
        self.assertTrue(reply["success"])
        self.assertEqual(len(reply["predictions"]), 20)
        scores = [row["confidence"] for row in reply["predictions"]]
        self.assertEqual(scores, sorted(scores, reverse=True))
        for row in reply["predictions"]:
            self.assertEqual(row["label"], "person")
            for corner in ("x_min", "y_min", "x_max", "y_max"):
                self.assertIsInstance(row[corner], int)

    def test_errors_are_deepstacks_too(self) -> None:
        status, _, reply = post_form(self.daemon, "/v1/vision/detection", [])
        self.assertEqual((status, reply), (400, {"success": False, "duration": 0,
                                                 "error": "No valid image file found"}))
        status, _, reply = post_form(self.daemon, "/v1/vision/scene", [image(portrait("left"))])
        self.assertEqual((status, reply["success"]), (503, False))
        status, reply = self.daemon.json("GET", "/v1/vision/detection")
        self.assertEqual((status, reply["success"]), (405, False))


class Keys(FacesTest):
    ENV = {"HAILSTONE_API_KEY": "secret"}

    def test_the_key_may_stand_in_deepstacks_form_and_nowhere_else(self) -> None:
        path, picture = "/v1/vision/detection", image(portrait("left"))
        for key in ([], [field("api_key", "")], [field("api_key", "wrong")]):
            status, _, reply = post_form(self.daemon, path, [*key, picture])
            self.assertEqual((status, reply["success"]), (401, False))
        good = field("api_key", "secret")
        self.assertEqual(post_form(self.daemon, path, [good, picture])[0], 200)
        wrong = {"Authorization": "Bearer wrong"}
        self.assertEqual(post_form(self.daemon, path, [good, picture], wrong)[0], 401)
        self.assertEqual(post_form(self.daemon, "/api/detect", [good, picture])[0], 401)


class RealFaces(DaemonTest):
    ARGS = ("--people",)

    @classmethod
    def setUpClass(cls) -> None:
        folder = os.environ.get("HAILSTONE_TEST_ASSETS")
        if not folder:
            raise unittest.SkipTest("HAILSTONE_TEST_ASSETS is not set")
        assets = Path(folder)
        networks = assets / "models/face"
        if not networks.exists():
            raise unittest.SkipTest(f"{networks} is not there")
        cls.daemon = Daemon(*cls.ARGS)
        for name, file, decoder, picture in (
                ("yunet", "face_detection_yunet_2023mar.onnx", "yunet",
                 {"width": 640, "height": 640, "color": "bgr", "resize": "letterbox"}),
                ("scrfd", "scrfd_500m_bnkps.onnx", "scrfd",
                 {"width": 640, "height": 640, "resize": "letterbox", "mean": 127.5, "std": 128})):
            add_model(cls.daemon.store, name, networks / file, engine="onnx", task="face-detect",
                      decoder=decoder, settings={"input": json.dumps({**picture, "layout": "nchw"})})
        add_model(cls.daemon.store, "mobilefacenet", networks / "mobilefacenet.onnx", engine="onnx",
                  task="face-embed", decoder="embedding", settings={"input": json.dumps(
                      {"width": 112, "height": 112, "layout": "nchw", "resize": "stretch",
                       "mean": 127.5, "std": 127.5})})
        cls.daemon.start()
        cls.require_engine("onnx")
        cls.media = assets / "media/faces"
        cls.crops = {folder.name: [file.read_bytes() for file in sorted(folder.glob("*.png"))]
                     for folder in sorted(cls.media.iterdir()) if folder.is_dir()}

    def embed(self, crop: bytes, model: str) -> list[float]:
        status, found = self.daemon.json("POST", f"/api/faces?embed=1&identify=0&model={model}",
                                         crop, headers={"Content-Type": "image/png"})
        self.assertEqual(status, 200, found)
        self.assertEqual(len(found), 1)
        return found[0]["embedding"]

    def test_all_faces_of_the_group_pictures_are_found(self) -> None:
        for model in ("yunet", "scrfd"):
            for name, count in (("bbt1", 4), ("bbt2", 3), ("bbt3", 5)):
                status, found = self.daemon.json(
                    "POST", f"/api/faces?identify=0&model={model}",
                    (self.media / f"{name}.jpg").read_bytes(), headers={"Content-Type": "image/jpeg"})
                self.assertEqual((status, len(found)), (200, count), f"{model} {name}")

    def test_embeddings_tell_people_apart(self) -> None:
        for model in ("yunet", "scrfd"):
            faces = [(name, self.embed(crop, model)) for name, crops in self.crops.items()
                     for crop in crops]
            same, different = [], []
            for i, (name, one) in enumerate(faces):
                for other_name, other in faces[:i]:
                    cosine = sum(a * b for a, b in zip(one, other))
                    (same if name == other_name else different).append(cosine)
            wins = sum((s > d) + (s == d) / 2 for s in same for d in different)
            area = wins / (len(same) * len(different))
            if os.environ.get("HAILSTONE_SHOW_FIGURES"):
                print(model, "AUC", area, "same from", min(same), "different to", max(different),
                      sorted(same)[:8], sorted(different)[-8:])
            self.assertGreater(area, 0.99, model)

    def test_people_are_recognised_by_the_usual_threshold(self) -> None:
        for name, crops in self.crops.items():
            parts = [(f'name="image"; filename="{i}.png"', crop) for i, crop in enumerate(crops[:3])]
            status, _, reply = post_form(self.daemon, "/api/faces/people",
                                         [field("name", name), *parts])
            self.assertEqual((status, reply), (200, {"name": name, "added": 3, "faces": 3}))
        for name, crops in self.crops.items():
            for crop in crops[3:]:
                found = self.daemon.json("POST", "/api/faces", crop)[1]
                self.assertEqual(found[0]["person"], name, found[0]["similarity"])
        found = self.daemon.json("POST", "/api/faces", (self.media / "bbt3.jpg").read_bytes())[1]
        names = [face["person"] for face in found if face["person"]]
        self.assertEqual(len(names), len(set(names)), "nobody stands in a picture twice")
        self.assertGreaterEqual(len(names), 4)
        status, _, reply = post_form(
            self.daemon, "/v1/vision/face/recognize",
            [image(self.crops["amy"][4])])
        self.assertEqual(reply["predictions"][0]["userid"], "amy")
        self.assertGreater(reply["predictions"][0]["confidence"], 0.67)


if __name__ == "__main__":
    unittest.main()
