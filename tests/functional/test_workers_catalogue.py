# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""The catalogue's workers, end to end against stand-ins of HailoRT and hailo-apps: what they answer
is what adapters make of a known output, not what a chip has seen."""

import io
import json
import re
import shutil
import subprocess
import unittest
from pathlib import Path
from typing import Any

from support import DaemonTest, eventually

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE, STANDINS = ROOT / "workers", ROOT / "python/tests/standins"
PYTHON = "/usr/bin/python3"


def has_numpy() -> bool:
    return subprocess.run([PYTHON, "-c", "import numpy, PIL"], capture_output=True,
                          check=False).returncode == 0


@unittest.skipUnless(Path(PYTHON).exists() and has_numpy(), "needs python3-numpy and python3-pil")
class Catalogue(DaemonTest):
    MODELS = {}

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.apps = cls.daemon.home / "hailo-apps"
        shutil.copytree(STANDINS, cls.apps, ignore=shutil.ignore_patterns("__pycache__"))
        (cls.apps / "venv_hailo_apps/bin").mkdir(parents=True)
        (cls.apps / "venv_hailo_apps/bin/python").symlink_to(PYTHON)
        models = cls.apps / "resources/models/hailo10h"
        models.mkdir(parents=True)
        for name in ("zero_dce", "face_landmarks_lite", "hand_landmark_lite", "lprnet",
                     "person_attr_resnet_v1_18", "osnet_x1_0", "yolo_world_v2s"):
            (models / f"{name}.hef").write_bytes(b"HEF")
        words = [{"text": word, "embedding": [2.0 if i == number else 0.0 for i in range(512)]}
                 for number, word in enumerate(("cat", "red car"))]
        (cls.apps / "words.json").write_text(json.dumps({"entries": words}))
        for manifest in sorted(CATALOGUE.glob("*/worker.toml")):
            cls.install(manifest.parent)
        (cls.daemon.home / "workers.d").mkdir(exist_ok=True)
        for native in CATALOGUE.glob("*.toml"):
            shutil.copy(native, cls.daemon.home / "workers.d")
        status, reply = cls.daemon.json("GET", "/api/workers")
        assert status == 200 and not reply["problems"], reply

    @classmethod
    def install(cls, folder: Path) -> None:
        """As on a box, but that hailo-apps is elsewhere, and that the stand-ins are HailoRT."""
        target = cls.daemon.home / "workers.d" / folder.name
        shutil.copytree(folder, target, ignore=shutil.ignore_patterns("__pycache__"))
        file = target / "worker.toml"
        text = file.read_text().replace("/opt/hailo-apps", str(cls.apps))
        text = text.replace("stall_limit = 60", "stall_limit = 3")
        text = re.sub(r"^npu_bytes = .*", "npu_bytes = 1000", text, flags=re.MULTILINE)
        if "[environment]" not in text:
            text = text.replace("\n[", "\n[environment]\n\n[", 1)
        text = text.replace("[environment]\n", f'[environment]\nHOMELESS = "1"\n', 1)
        if "PYTHONPATH" not in text:
            text = text.replace('HOMELESS = "1"\n', f'PYTHONPATH = "{cls.apps}"\n')
        if "[settings]" not in text:
            text += "\n[settings]\n"
        text = text.replace("[settings]\n", f'[settings]\nresources = "{cls.apps}/resources"\n'
                            f'vectors = "{cls.apps}/words.json"\n')
        file.write_text(text)

    def picture(self, width: int = 40, height: int = 30, level: int = 50) -> bytes:
        """A grey PNG, without a library."""
        from test_engines import picture
        return picture(width, height, (0, 0, width, height)) if level == 255 else \
            subprocess.run([PYTHON, "-c", "import sys;from PIL import Image;"
                            f"Image.new('RGB',({width},{height}),({level},)*3).save(sys.stdout.buffer,'PNG')"],
                           capture_output=True, check=True).stdout

    def post(self, name: str, body: bytes, kind: str = "image/png", query: str = "") -> Any:
        status, headers, reply = self.daemon.request("POST", f"/api/{name}{query}", body,
                                                     {"Content-Type": kind})
        self.assertEqual(status, 200, reply)
        return json.loads(reply) if "json" in headers["content-type"] else (headers["content-type"], reply)

    def watch(self, name: str, query: str, count: int = 3) -> list[Any]:
        status, reply = self.daemon.json("POST", f"/api/{name}{query}", {})
        self.assertEqual(status, 201, reply)
        self.assertTrue(eventually(
            lambda: self.daemon.json("GET", f"/api/{name}/{reply['id']}")[1]["events"] >= count))
        self.daemon.json("DELETE", f"/api/{name}/{reply['id']}")
        lines = self.daemon.request("GET", reply["events_url"], b"",
                                    {"Accept": "application/x-ndjson"})[2].splitlines()
        return [json.loads(line) for line in lines]

    # Networks -------------------------------------------------------------------------------------

    def test_low_light(self) -> None:
        kind, reply = self.post("low-light", self.picture(level=50))
        self.assertEqual(kind, "image/jpeg")
        size = subprocess.run([PYTHON, "-c", "import sys,io;from PIL import Image;"
                               "i=Image.open(io.BytesIO(sys.stdin.buffer.read()));"
                               "print(i.size, i.getpixel((5,5))[0])"],
                              input=reply, capture_output=True, check=True).stdout.decode()
        self.assertRegex(size, r"\(40, 30\) (9[89]|10[012])")

    def test_face_landmarks(self) -> None:
        faces = self.post("face-landmarks", self.picture(), query="?boxes=[[10,10,20,10]]")["faces"]
        self.assertEqual(len(faces[0]["points"]), 468)
        self.assertEqual(faces[0]["points"][0][:2], [20.0, 12.5], "the middle of the box, a quarter down")
        self.assertAlmostEqual(faces[0]["score"], 0.9, places=3)

    def test_hand_landmarks_and_gestures(self) -> None:
        hands = self.post("hand-landmarks", self.picture(224, 224))["hands"]
        self.assertEqual((hands[0]["points"][0]["name"], hands[0]["points"][0]["x"]), ("wrist", 112.0))
        hands = self.post("gesture", self.picture(224, 224))["hands"]
        self.assertEqual(hands[0]["gesture"], "victory", hands)

    def test_person_attributes(self) -> None:
        persons = self.post("person-attributes", self.picture())["persons"]
        self.assertEqual([each["name"] for each in persons[0]["attributes"]], ["attribute 0"])

    def test_person_reid(self) -> None:
        found = self.post("person-reid", self.picture(), query="?boxes=[[0,0,20,30],[20,0,20,30]]")
        self.assertEqual(found["likeness"], [[1.0, 1.0], [1.0, 1.0]])
        self.assertAlmostEqual(sum(part ** 2 for part in found["vectors"][0]), 1, places=4)

    def test_licence_plates(self) -> None:
        plates = self.post("licence-plates", self.picture())["plates"]
        self.assertEqual(plates[0]["text"], "427")
        self.assertGreater(plates[0]["confidence"], 0.9)

    def test_objects_by_words(self) -> None:
        found = self.post("yolo-world", self.picture(320, 320), query="?prompts=cat,red%20car")
        self.assertEqual(found, [{"label": "red car", "confidence": 0.9, "bbox": [148.0, 76.0, 32.0, 16.0]}],
                         "half as large as in the input; the weaker one lies over it")
        status, _, reply = self.daemon.request("POST", "/api/yolo-world?prompts=zebra", self.picture(),
                                               {"Content-Type": "image/png"})
        self.assertEqual(status, 400, reply)
        self.assertIn(b"no vector for 'zebra'", reply)
        status, _, reply = self.daemon.request("POST", "/api/yolo-world?prompts=,", self.picture(),
                                               {"Content-Type": "image/png"})
        self.assertEqual(status, 400, reply)

    def test_a_box_outside_of_the_picture_is_the_clients_mistake(self) -> None:
        status, _, reply = self.daemon.request("POST", "/api/person-reid?boxes=[[90,90,5,5]]",
                                               self.picture(), {"Content-Type": "image/png"})
        self.assertEqual(status, 400, reply)
        status, _, reply = self.daemon.request("POST", "/api/person-reid", b"\x89PNG\r\n nonsense",
                                               {"Content-Type": "image/png"})
        self.assertEqual(status, 400, reply)

    def test_several_look_at_one_picture(self) -> None:
        status, _, reply = self.daemon.request(
            "POST", "/api/analyze?tasks=person-attributes,licence-plates", self.picture(),
            {"Content-Type": "image/png"})
        self.assertEqual(status, 200, reply)
        results = json.loads(reply)["results"]
        self.assertEqual(results["licence-plates"]["plates"][0]["text"], "427")
        self.assertIn("persons", results["person-attributes"])

    # Programs -------------------------------------------------------------------------------------

    def test_standalone_programs(self) -> None:
        picture = self.picture()
        for name in ("super-resolution", "lane-detection", "fast-sam", "track-objects"):
            kind, reply = self.post(name, picture)
            self.assertEqual((kind, reply), ("image/png", picture), name)

    def test_voice_to_action(self) -> None:
        kind, reply = self.post("voice-to-action", b"RIFF1234WAVE", "audio/wav")
        self.assertEqual((kind, reply), ("audio/wav", b"RIFF----WAVERIFF"))

    def test_hardware_tools(self) -> None:
        tools = self.post("hardware-tools", b"", "application/json")["tools"]
        self.assertEqual([each["function"]["name"] for each in tools], ["servo"],
                         "one without its hardware is left out")
        reply = self.post("hardware-tools", b'{"tool":"servo","arguments":{"angle":30}}', "application/json")
        self.assertEqual(reply["result"], {"ok": True, "angle": 30})

    # Pipelines ------------------------------------------------------------------------------------

    def test_pipelines_tell_events(self) -> None:
        for name in ("watch-objects", "watch-poses", "watch-small", "clip-crops"):
            events = self.watch(name, "?source=file.mp4")
            self.assertEqual(events[0]["objects"][0]["label"], "person", name)
            self.assertEqual(events[0]["objects"][0]["track"], 0)

    def test_a_pipeline_that_hangs_is_started_anew_in_another_process(self) -> None:
        stream = self.daemon.json("POST", "/api/watch-objects?source=hangs", {})[1]
        state = f"/api/watch-objects/{stream['id']}"
        self.assertTrue(eventually(lambda: self.daemon.json("GET", state)[1]["restarts"] >= 1))
        self.assertIn("no sign of life for 3 s", self.daemon.json("GET", state)[1]["error"])
        self.daemon.json("DELETE", state)

    def test_a_pipeline_that_sees_nothing_is_alive(self) -> None:
        stream = self.daemon.json("POST", "/api/watch-poses?source=empty", {})[1]
        state = f"/api/watch-poses/{stream['id']}"
        self.assertFalse(eventually(lambda: self.daemon.json("GET", state)[1]["restarts"] > 0, 5))
        ended = self.daemon.json("DELETE", state)[1]
        self.assertEqual((ended["state"], ended.get("error"), ended["events"]), ("ended", None, 0), ended)

    def test_several_cameras(self) -> None:
        self.assertTrue(self.watch("watch-several", "?sources=a,b"))

    def test_line_crossing(self) -> None:
        events = self.watch("line-crossing", "?source=file.mp4&line=[0,0.5,1,0.5]", 2)
        self.assertEqual([(each["way"], each["in"]) for each in events[:2]], [("in", 1), ("in", 2)])
        status, reply = self.daemon.json("POST", "/api/line-crossing?line=[0]", {})
        self.assertEqual(status, 201, reply)
        state = f"/api/line-crossing/{reply['id']}"
        self.assertTrue(eventually(lambda: "line must be" in self.daemon.json("GET", state)[1].get("error", "")))
        self.daemon.json("DELETE", state)

    # The list -------------------------------------------------------------------------------------

    def test_every_application_has_an_answer(self) -> None:
        workers = {each["name"]: each for each in self.daemon.json("GET", "/api/workers")[1]["workers"]}
        applications = {each.get("application") for each in workers.values()}
        for name in ("detection", "detection_simple", "pose_estimation", "instance_segmentation", "depth",
                     "clip", "tiling", "multisource", "reid_multisource", "face_recognition", "paddle_ocr",
                     "voice_assistant", "agent_tools_example", "v2a_demo", "simple_llm_chat",
                     "simple_vlm_chat", "simple_whisper_chat", "hailo_ollama", "object_detection",
                     "lane_detection", "super_resolution", "speech_recognition",
                     "oriented_object_detection", "yolo26", "line_crossing_counter",
                     "license_plate_recognition", "yolo_world", "onnxrt_hailo_pipeline", "classification"):
            self.assertIn(name, applications)
        for worker in workers.values():
            self.assertTrue(worker["description"], worker["name"])
            if worker["state"] == "native":
                status = self.daemon.request("OPTIONS", worker["route"].partition("?")[0])[0]
                self.assertLess(status, 400, worker["route"])
            else:
                self.assertTrue(worker["needs"], worker["name"])


if __name__ == "__main__":
    unittest.main()
