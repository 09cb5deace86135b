# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
# A stand-in for tests, written from what is known of the real one's behaviour: it has its names and
# shapes, and none of its code. What passes with it has not been seen on the chip.
"""The base of hailo-apps' pipelines: options from sys.argv, a signal handler, a pipeline as a text,
a callback for each frame."""

import signal
import sys
import threading
import time

import hailo


class app_callback_class:
    def __init__(self):
        self.frame_count = 0

    def get_count(self):
        return self.frame_count


class GStreamerApp:
    sources = 1

    def __init__(self, app_callback, user_data):
        signal.signal(signal.SIGINT, self.shutdown)  # as the real one: in the main thread alone
        self.options = sys.argv[1:]
        self.callback, self.user_data = app_callback, user_data
        self.ended = threading.Event()

    def option(self, name):
        return self.options[self.options.index(name) + 1] if name in self.options else None

    def get_pipeline_string(self):
        return ("filesrc ! queue ! hailonet ! identity name=identity_callback ! queue name=o ! "
                "hailooverlay ! videoconvert ! fpsdisplaysink name=hailo_display")

    def run(self):
        pipeline = self.get_pipeline_string()
        assert "overlay" not in pipeline and "fpsdisplaysink" not in pipeline, pipeline
        assert pipeline.count("! fakesink name=hailo_display") == self.sources, pipeline
        assert self.option("--input") or self.option("--sources"), self.options
        while self.option("--input") == "hangs":  # as one that waits in the chip: it cannot be ended
            time.sleep(1)
        while self.option("--input") == "empty" and not self.ended.wait(0.02):
            self.callback(None, [], self.user_data)
        for frame in range(200):
            if self.ended.wait(0.02):
                break
            self.user_data.frame_count += 1
            down = frame % 50 / 50  # someone walks down, again and again
            self.callback(None, [hailo.Detection("person", 0.9, hailo.Box(0.4, down, 0.2, 0.1), frame // 50)],
                          self.user_data)
        time.sleep(0)
        sys.exit(0)

    def shutdown(self, *_):
        self.ended.set()
