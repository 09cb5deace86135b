// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any tensors are detections of finite numbers or an Error, for every decoder.

#include <cmath>

#include "fuzz/attempt.hpp"
#include "fuzz/tensors.hpp"
#include "vision/boxes/to_picture.hpp"
#include "vision/detect/detector.hpp"

using namespace hailstone;
using namespace hailstone::vision;

namespace {

DetectOptions make_options(fuzz::Bytes& bytes) {
  DetectOptions options;
  options.input_width = bytes.byte();
  options.input_height = bytes.byte();
  options.class_count = bytes.byte();
  options.score_threshold = bytes.byte() / 255.0;
  options.suppression.iou_threshold = bytes.byte() / 255.0;
  options.suppression.max_detections = 1 + bytes.byte();
  return options;
}

void check(const Detection& found) {
  fuzz::require(std::isfinite(found.box.x + found.box.y + found.box.width + found.box.height));
  fuzz::require(found.box.width > 0 && found.box.height > 0 && std::isfinite(found.angle));
  fuzz::require(found.score >= 0 && found.score <= 1 && found.class_id >= 0);
  for (const auto& point : found.keypoints) {
    fuzz::require(std::isfinite(point.x + point.y));
    fuzz::require(point.confidence >= 0 && point.confidence <= 1);
  }
  for (const float value : found.mask_coefficients) fuzz::require(std::isfinite(value));
  fuzz::require(found.mask.pixels.size() ==
                static_cast<std::size_t>(found.mask.width) * found.mask.height);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const Detector& detector = detectors()[bytes.byte() % detectors().size()];
  const DetectOptions options = make_options(bytes);
  std::vector<inference::Tensor> outputs;
  for (int count = bytes.byte() % 13; count > 0; --count) {
    outputs.push_back(fuzz::make_tensor(bytes));
  }
  fuzz::attempt([&] {
    const auto found = detector.decode(outputs, options);
    fuzz::require(found.size() <= static_cast<std::size_t>(options.suppression.max_detections));
    for (const auto& one : found) check(one);
    for (const auto& one : to_picture(found, {0.5, 0.25, 3, 4}, 100, 80)) check(one);
  });
  return 0;
}
