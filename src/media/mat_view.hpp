// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Our pictures as OpenCV sees them, without a copy. For the rooms below media only.

#include <opencv2/core.hpp>

#include "media/image.hpp"
#include "media/plane.hpp"

namespace hailstone::media {

/// Every way to OpenCV begins here: it works on the caller's thread, as requests already share the
/// cores, and starts none of its own.
inline void keep_on_one_thread() {
  static const bool once = (cv::setNumThreads(0), true);
  static_cast<void>(once);
}

/// Valid as long as the image's pixels.
inline cv::Mat view(Image& image) {
  keep_on_one_thread();
  return {image.height, image.width, CV_8UC3, image.pixels.data()};
}

/// Not to be written to.
inline cv::Mat view(const Image& image) {
  return view(const_cast<Image&>(image));
}

inline cv::Mat view(Plane<std::uint8_t>& plane) {
  keep_on_one_thread();
  return {plane.height, plane.width, CV_8UC1, plane.values.data()};
}

}  // namespace hailstone::media
