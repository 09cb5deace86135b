# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
# A stand-in for tests, written from what is known of the real one's behaviour: it has its names and
# shapes, and none of its code. What passes with it has not been seen on the chip.
from hailo_apps.python.core.gstreamer.gstreamer_app import GStreamerApp


class gui:
    class AppWindow:
        def __init__(self, *_):
            raise RuntimeError("Gtk couldn't be initialized")  # there is no screen


class Matcher:
    words = None
    threshold = 0

    def load_embeddings(self, file):
        self.words = file

    def set_threshold(self, threshold):
        self.threshold = threshold


class GStreamerClipApp(GStreamerApp):
    def __init__(self, app_callback, user_data):
        super().__init__(app_callback, user_data)
        self.matcher = Matcher()
        self.win = gui.AppWindow(0.5, True, self.matcher, "embeddings.json")
        assert self.matcher.words == "embeddings.json"

    def run(self):
        self.win.connect("delete-event", None)
        self.win.show_all()
        super().run()
