// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/detect/detector.hpp"

#include <algorithm>

#include "vision/detect/decoders.hpp"

namespace hailstone::vision {
namespace {

// Name, function, usual score and overlap thresholds of whoever made the networks.
constexpr Detector kDetectors[] = {
    {"boxes", decode_boxes, 0.3, 0.45},
    {"centernet", decode_centernet, 0.3, 1.0},
    {"detr", decode_detr, 0.5, 1.0},
    {"lightface", decode_lightface, 0.6, 0.4},
    {"nanodet", decode_nanodet, 0.35, 0.6},
    {"nms-by-class", decode_nms_by_class, 0.25, 0.7},
    {"nms-by-score", decode_nms_by_score, 0.25, 0.7},
    {"nms-with-byte-mask", decode_nms_with_byte_mask, 0.25, 0.7},
    {"retinaface", decode_retinaface, 0.5, 0.4},
    {"rtmo", decode_rtmo, 0.3, 1.0},
    {"scrfd", decode_scrfd, 0.4, 0.4},
    {"ssd", decode_ssd, 0.3, 0.6},
    {"yolov10", decode_yolov10, 0.3, 1.0},
    {"yolov5", decode_yolov5, 0.25, 0.45},
    {"yolov5-seg", decode_yolov5_seg, 0.25, 0.45},
    {"yolov7-nms", decode_yolov7_nms, 0.25, 1.0},
    {"yolov8", decode_yolov8, 0.25, 0.7},
    {"yolov8-obb", decode_yolov8_obb, 0.25, 0.7},
    {"yolov8-pose", decode_yolov8_pose, 0.25, 0.7},
    {"yolov8-seg", decode_yolov8_seg, 0.25, 0.7},
    {"yolox", decode_yolox, 0.25, 0.45},
    {"yunet", decode_yunet, 0.6, 0.3},
};

}  // namespace

const Detector* find_detector(std::string_view name) noexcept {
  const auto* found = std::find_if(std::begin(kDetectors), std::end(kDetectors),
                                   [&](const Detector& detector) { return detector.name == name; });
  return found == std::end(kDetectors) ? nullptr : found;
}

std::span<const Detector> detectors() noexcept {
  return kDetectors;
}

}  // namespace hailstone::vision
