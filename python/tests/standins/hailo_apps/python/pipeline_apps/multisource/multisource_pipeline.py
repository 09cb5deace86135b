# SPDX-FileCopyrightText: 2026 The Hailstone authors
# SPDX-License-Identifier: Apache-2.0
# A stand-in for tests, written from what is known of the real one's behaviour: it has its names and
# shapes, and none of its code. What passes with it has not been seen on the chip.
from hailo_apps.python.core.gstreamer.gstreamer_app import GStreamerApp


class GStreamerMultisourceApp(GStreamerApp):
    sources = 2

    def get_pipeline_string(self):
        return "hailonet ! identity name=identity_callback ! hailostreamrouter name=router " + "".join(
            f"router.src_{one} ! queue name=q{one} ! hailooverlay name=hailo_display_{one}_overlay ! queue ! "
            f"fpsdisplaysink name=hailo_display_{one} video-sink=autovideosink sync=false " for one in range(2))
