# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""For workers that open the chip themselves: a network of a HEF file, and pictures for it.

Every program that shares the chip must open it with the same group; that of hailo-apps and of the
daemon's own engine is SHARED. What such a worker takes of the chip's memory is ``npu_bytes`` of its
manifest: nobody can measure it from outside. NumPy comes with HailoRT's Python package."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Tuple

from .request import BadRequest, Failure, File, Unsupported

GROUP = "SHARED"
RESOURCES = "/usr/local/hailo/resources"
WAIT_MS = 10_000

_device_lock = threading.Lock()
_device: Any = None


def find_hef(name: str, settings: Optional[Mapping[str, str]] = None) -> str:
    """The setting `hef` or `hef.NAME` (a path), or where hailo-apps puts its models. Raises Failure
    that says what brings the file."""
    settings = settings or {}
    given = settings.get(f"hef.{name}") or settings.get("hef")
    folder = Path(settings.get("resources") or RESOURCES, "models", settings.get("arch", "hailo10h"))
    path = Path(given) if given else folder / f"{name}.hef"
    if path.is_file():
        return str(path)
    raise Failure(f"the network {name} is not there: {path}",
                  f"hailo-download-resources --model {name} --arch hailo10h, or set hef.{name} in "
                  "the worker's [settings]")


def platform() -> Any:
    """HailoRT's Python package."""
    try:
        import hailo_platform  # noqa: PLC0415
    except ImportError as error:
        raise Unsupported("HailoRT's Python package hailo_platform is not there",
                          "install it into the worker's environment, or set system_packages = true "
                          f"where it is the system's ({error})") from error
    return hailo_platform


def device() -> Any:
    """The chip, shared with everybody who uses the same group; opened once."""
    global _device  # noqa: PLW0603: one process has one
    with _device_lock:
        if _device is None:
            hailo = platform()
            params = hailo.VDevice.create_params()
            params.group_id = GROUP
            params.scheduling_algorithm = hailo.HailoSchedulingAlgorithm.ROUND_ROBIN
            _device = hailo.VDevice(params)
        return _device


class Network:
    """One HEF on the chip. Thread-safe: one run at a time. float_inputs: so many of its last inputs
    are float32, which the library quantises; the others are pictures, uint8."""

    def __init__(self, hef: str, float_inputs: int = 0) -> None:
        hailo = platform()
        self._lock = threading.Lock()
        self._model = device().create_infer_model(hef)
        pictures = len(self._model.inputs) - float_inputs
        self._kinds = ["uint8"] * pictures + ["float32"] * float_inputs
        for one, kind in zip(self._model.inputs, self._kinds):
            one.set_format_type(hailo.FormatType[kind.upper()])
        for one in self._model.outputs:
            one.set_format_type(hailo.FormatType.FLOAT32)
        self._configured = self._model.configure()
        self.inputs: Dict[str, Tuple[int, ...]] = {
            one.name: tuple(one.shape) for one in self._model.inputs}
        self.outputs: Dict[str, Tuple[int, ...]] = {
            one.name: tuple(one.shape) for one in self._model.outputs}

    @property
    def shape(self) -> Tuple[int, ...]:
        """Of its first input: (height, width, channels)."""
        return next(iter(self.inputs.values()))

    def run(self, *tensors: Any) -> Dict[str, Any]:
        """Arrays in the order of the inputs -> float32 arrays by name. The library checks no shapes,
        so that is done here; extents of 1 may be left out or added."""
        import numpy  # noqa: PLC0415

        bindings = self._configured.create_bindings()
        for (name, shape), kind, tensor in zip(self.inputs.items(), self._kinds, tensors):
            array = numpy.ascontiguousarray(tensor, dtype=kind)
            if [n for n in array.shape if n != 1] != [n for n in shape if n != 1]:
                raise Failure(f"input {name}: {shape} expected, got {array.shape}")
            array = array.reshape(shape)
            bindings.input(name).set_buffer(array)
        found = {name: numpy.empty(shape, numpy.float32) for name, shape in self.outputs.items()}
        for name, array in found.items():
            bindings.output(name).set_buffer(array)
        with self._lock:
            self._configured.run([bindings], WAIT_MS)
        return found

    def run_one(self, *tensors: Any) -> Any:
        """The first output."""
        return next(iter(self.run(*tensors).values()))


# Pictures -----------------------------------------------------------------------------------------

def decode(file: File) -> Any:
    """RGB, uint8, (height, width, 3). Raises BadRequest."""
    import numpy  # noqa: PLC0415
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    try:
        return numpy.asarray(Image.open(io.BytesIO(file.data)).convert("RGB"))
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise BadRequest(f"{file.name or 'the upload'} is no picture that we can read") from error


def encode(picture: Any, kind: str = "JPEG") -> File:
    import numpy  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    space = io.BytesIO()
    Image.fromarray(numpy.ascontiguousarray(picture, dtype=numpy.uint8)).save(space, kind)
    return File(space.getvalue(), f"image/{kind.lower()}", "picture." + kind.lower())


def resize(picture: Any, width: int, height: int) -> Any:
    import numpy  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    return numpy.asarray(Image.fromarray(picture).resize((width, height), Image.BILINEAR))


def crop(picture: Any, box: "list[float]") -> Any:
    """box: [x, y, width, height] in pixels, cut to the picture. Raises BadRequest."""
    height, width = picture.shape[:2]
    left, top = max(0, int(box[0])), max(0, int(box[1]))
    right, bottom = min(width, int(box[0] + box[2])), min(height, int(box[1] + box[3]))
    if right <= left or bottom <= top:
        raise BadRequest(f"the box {list(box)} is outside of the picture of {width} x {height}")
    return picture[top:bottom, left:right]


def fit(network: Network, picture: Any) -> Any:
    """Stretched to the network's input."""
    height, width = network.shape[:2]
    return resize(picture, width, height)


def letterbox(network: Network, picture: Any) -> "tuple[Any, float, int, int]":
    """Scaled as a whole, with grey bars: the input, the scale, and the bars' left and top."""
    import numpy  # noqa: PLC0415

    height, width = network.shape[:2]
    scale = min(width / picture.shape[1], height / picture.shape[0])
    wide = max(1, round(picture.shape[1] * scale))
    high = max(1, round(picture.shape[0] * scale))
    out = numpy.full((height, width, 3), 114, numpy.uint8)
    left, top = (width - wide) // 2, (height - high) // 2
    out[top:top + high, left:left + wide] = resize(picture, wide, high)
    return out, scale, left, top


def boxes_of(field: Any, picture: Any) -> "list[list[float]]":
    """The field `boxes`: a list of [x, y, width, height]; nothing: the whole picture."""
    if field is None:
        return [[0, 0, picture.shape[1], picture.shape[0]]]
    valid = isinstance(field, list) and all(
        isinstance(box, list) and len(box) == 4
        and all(isinstance(side, (int, float)) for side in box) for box in field)
    if not valid or len(field) > 100:
        raise BadRequest("boxes must be a list of at most 100 [x, y, width, height]")
    return field


def hand_points(network: Network, picture: Any, box: "list[float]") -> "list[list[float]]":
    """MediaPipe's 21 points of the hand in the box, in pixels of the picture, each [x, y]."""
    height, width = network.shape[:2]
    part = crop(picture, box)
    outputs = list(network.run(fit(network, part)).values())
    mesh = next(one for one in outputs if one.size >= 63).reshape(-1)[:63].reshape(21, 3)
    x, y = max(0, box[0]), max(0, box[1])
    return [[x + point[0] / width * part.shape[1], y + point[1] / height * part.shape[0]]
            for point in mesh.tolist()]


def load_env(path: str = RESOURCES + "/.env") -> None:
    """What hailo-apps' own programs load at their start; what is set already stays."""
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return
    for line in lines:
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith("#"):
            os.environ.setdefault(name, value.strip("\"'"))
