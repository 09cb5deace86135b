// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the detectors of faces and of people share: OpenCV's cascade of Haar features for faces.

#include <filesystem>
#include <opencv2/objdetect.hpp>
#include <vector>

#include "base/resource_pool.hpp"
#include "engines/opencv/pictures.hpp"

namespace hailstone::engines::opencv {

struct FaceSearch {
  int max_side = 640;      ///< the picture's longer side while it is worked on
  double most_growth = 1;  ///< a smaller picture is enlarged at most so much
  int min_face = 20;       ///< pixels of a side, while it is worked on
  double margin = 0;       ///< the picture is continued so far, as a part of its longer side
};

struct WeightedFace {
  cv::Rect2d box;     ///< pixels of the given picture
  double weight = 0;  ///< of the cascade's last stage, whose threshold is 105.76
};

/// Thread-safe: each run takes a cascade of its own, of at most `most`.
class FaceFinder {
 public:
  /// file: haarcascade_frontalface_alt.xml. Throws Error(kEngineFailed) where it is damaged.
  FaceFinder(const FaceSearch& search, const std::filesystem::path& file, std::size_t most);

  /// picture: 8 bits, R G B. In the cascade's order.
  std::vector<WeightedFace> find(const cv::Mat& picture, const RunContext& run);

 private:
  const FaceSearch search_;
  ResourcePool<cv::CascadeClassifier> cascades_;
};

}  // namespace hailstone::engines::opencv
