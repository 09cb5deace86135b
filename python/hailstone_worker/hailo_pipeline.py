# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
"""hailo-apps' GStreamer applications as stream workers: their class, without a display, on a thread
of its own, and its callback as events.

    def handle(request):
        yield from events("hailo_apps.python.pipeline_apps.detection.detection_pipeline",
                          "GStreamerDetectionApp", request)
"""

from __future__ import annotations

import contextlib
import importlib
import os
import queue
import re
import signal
import sys
import threading
import time
from typing import Any, Callable, Dict, Iterator, List, Optional

from .hailo import load_env
from .request import Failure, Request, Unsupported, Value

MOST_WAITING = 64  # events; of more the oldest goes
STOP_SECONDS = 5.0
SIGN_SECONDS = 1.0  # between two signs of life of a pipeline that sees nothing

Describe = Callable[[Any, Any, int], Optional[Any]]


class _Events:
    """From the pipeline's threads to ours, and never more than so many."""

    def __init__(self) -> None:
        self._queue: "queue.Queue[Any]" = queue.Queue(MOST_WAITING)

    def put(self, event: Any) -> None:
        while True:
            try:
                return self._queue.put_nowait(event)
            except queue.Full:
                with contextlib.suppress(queue.Empty):
                    self._queue.get_nowait()

    def take(self, seconds: float) -> Any:
        try:
            return self._queue.get(timeout=seconds)
        except queue.Empty:
            return None


# From the queue before the overlay to the sink with its properties; one for each source.
_DISPLAY = re.compile(r"(?:queue\b[^!]*!\s*)?hailooverlay\b.*?fpsdisplaysink\b((?:\s+[\w-]+=(?:\"[^\"]*\"|\S+))*)",
                      re.DOTALL)
_SINK = re.compile(r"\bfpsdisplaysink\b((?:\s+[\w-]+=(?:\"[^\"]*\"|\S+))*)")


def _sink_for(display: "re.Match[str]") -> str:
    name = re.search(r"\bname=(\S+)", display.group(1))
    return f"fakesink name={name.group(1) if name else 'hailo_display'} sync=false"


def without_display(pipeline: str) -> str:
    """What draws goes, and with it the need for a screen; what is drawn from goes on as it was."""
    return _SINK.sub(_sink_for, _DISPLAY.sub(_sink_for, pipeline))


@contextlib.contextmanager
def _no_signals() -> Iterator[None]:
    """The applications set handlers, which Python allows in its main thread alone."""
    real = signal.signal
    signal.signal = lambda number, handler: None  # type: ignore[assignment, return-value]
    try:
        yield
    finally:
        signal.signal = real


def objects_of(buffer: Any, hailo: Any) -> List[Dict[str, Any]]:
    """Of a buffer's metadata, whatever network made it. Boxes are parts of the picture, 0 to 1."""
    out = []
    for one in hailo.get_roi_from_buffer(buffer).get_objects_typed(hailo.HAILO_DETECTION):
        box = one.get_bbox()
        found: Dict[str, Any] = {"label": one.get_label(),
                                 "confidence": round(one.get_confidence(), 4),
                                 "bbox": [round(side, 5) for side in
                                          (box.xmin(), box.ymin(), box.width(), box.height())]}
        tracks = one.get_objects_typed(hailo.HAILO_UNIQUE_ID)
        if tracks:
            found["track"] = tracks[0].get_id()
        labels = one.get_objects_typed(hailo.HAILO_CLASSIFICATION)
        if labels:
            found["classes"] = [{"label": each.get_label(), "confidence": each.get_confidence()}
                                for each in labels]
        points = one.get_objects_typed(hailo.HAILO_LANDMARKS)
        if points:
            found["points"] = [[round(box.xmin() + each.x() * box.width(), 5),
                                round(box.ymin() + each.y() * box.height(), 5),
                                round(each.confidence(), 4)] for each in points[0].get_points()]
        out.append(found)
    return out


def detections(hailo: Any, buffer: Any, frame: int) -> Any:
    """The usual event: what was found in each frame where something was."""
    found = objects_of(buffer, hailo)
    return {"frame": frame, "objects": found} if found else None


def import_app(module: str, name: str) -> Any:
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise Unsupported(f"hailo-apps' {module}.{name} cannot be used here: {error}",
                          "the worker's python must be that of hailo-apps' environment "
                          "(venv_hailo_apps), and PYTHONPATH its folder") from error


class _NoWindow:
    """hailo-clip's window loads the words that it compares with; this does it without a screen."""

    def __init__(self, threshold: float, _fixed: bool, matcher: Any, words: str) -> None:
        matcher.load_embeddings(words)
        matcher.set_threshold(threshold)

    def __getattr__(self, name: str) -> Any:
        return lambda *_args, **_more: None


def _leave_out_windows(module: str) -> None:
    gui = getattr(importlib.import_module(module), "gui", None)
    if hasattr(gui, "AppWindow"):
        gui.AppWindow = _NoWindow


def options_of(request: Request, names: "tuple[str, ...]") -> List[str]:
    """--name value for the fields that have one."""
    out = []
    for name in names:
        value = request.get(name)
        option = "--" + name.replace("_", "-")
        if value is True:
            out.append(option)
        elif value not in (None, False, ""):
            out += [option, str(value)]
    return out


def events(module: str, name: str, request: Request, options: "tuple[str, ...]" = (),
           describe: Describe = detections) -> Iterator[Value]:
    """Runs the application on request["source"] until the client has left or the source has ended."""
    load_env()
    base = import_app(module, name)
    _leave_out_windows(module)
    hailo = importlib.import_module("hailo")
    user = import_app("hailo_apps.python.core.gstreamer.gstreamer_app", "app_callback_class")()
    waiting = _Events()
    frames = [0.0]  # when the last one came

    def callback(_element: Any, buffer: Any, data: Any) -> None:
        frames[0] = time.monotonic()
        event = describe(hailo, buffer, data.get_count())
        if event is not None:
            waiting.put(Value.of(event))

    class Headless(base):  # type: ignore[misc, valid-type]
        def get_pipeline_string(self) -> str:
            return without_display(super().get_pipeline_string())

        def on_eos(self) -> None:
            self.shutdown()  # theirs begins a file again and again

    source = ["--input", str(request["source"])] if "source" in request else []
    argv, sys.argv = sys.argv, [name, *source, "--disable-sync",
                                *options_of(request, ("arch", "hef_path", "labels_json", *options))]
    failure: List[BaseException] = []
    try:
        with _no_signals():
            app = Headless(callback, user)
    finally:
        sys.argv = argv

    def run() -> None:
        try:
            app.run()
        except SystemExit:  # how they end
            pass
        except BaseException as error:  # noqa: BLE001: for whoever waits
            failure.append(error)

    thread = threading.Thread(target=run, name="pipeline", daemon=True)
    thread.start()
    try:
        told = time.monotonic()
        while not request.stopped:
            event = waiting.take(0.2)
            if event is None and not thread.is_alive():
                break
            is_sign = event is None and frames[0] > told and time.monotonic() > told + SIGN_SECONDS
            if event is not None or is_sign:
                told = time.monotonic()
                yield event or Value()
        if failure:
            raise Failure(f"the pipeline failed: {failure[0]}") from failure[0]
    finally:
        stop(app, thread)


class App:
    """Any of the applications, as the settings say: module = "hailstone_worker.hailo_pipeline:App",
    and [settings] app = "package.module:Class". The request's fields are its options."""

    def start(self, context: Any) -> None:
        place = context.settings.get("app", "")
        self._module, _, self._name = place.partition(":")
        if not self._name:
            raise Failure(f"the setting app must be \"module:Class\", got '{place}'")

    def handle(self, request: Request) -> Iterator[Value]:
        options = tuple(name for name in request if name not in ("source", "arch", "hef_path",
                                                                 "labels_json"))
        yield from events(self._module, self._name, request, options)


def stop(app: Any, thread: threading.Thread) -> None:
    """A pipeline that does not end holds the chip: then the process goes with it, and whatever
    comes next starts in a new one."""
    ending = threading.Thread(target=_shut_down, args=(app,), daemon=True)
    ending.start()
    thread.join(STOP_SECONDS)
    if thread.is_alive():
        print("the pipeline does not stop; its process is ended", file=sys.stderr, flush=True)
        os._exit(70)


def _shut_down(app: Any) -> None:
    with contextlib.suppress(Exception, SystemExit), _no_signals():
        app.shutdown()
