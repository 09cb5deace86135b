// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "vision/detect/candidates.hpp"
#include "vision/detect/decoders.hpp"
#include "vision/detect/outputs.hpp"
#include "vision/detect/scan.hpp"
#include "vision/detect/yolov8_parts.hpp"

// Ultralytics' YOLOv8 and YOLO11 as exported: each object has the middle and size of its box in
// pixels, its class scores (already through a sigmoid), and then what its head adds: 3 numbers per
// key point (pixels, confidence through a sigmoid), 32 mask coefficients, or an angle in radians.

namespace hailstone::vision {
namespace {

bool is_pose(std::size_t columns) noexcept {
  return columns >= 8 && (columns - 5) % 3 == 0;
}

std::size_t extra_columns(Yolov8Head head, std::size_t columns) noexcept {
  switch (head) {
    case Yolov8Head::kBoxes:
      return 0;
    case Yolov8Head::kPose:
      return columns - 5;
    case Yolov8Head::kSegment:
      return kMaskCoefficients;
    case Yolov8Head::kOriented:
      return 1;
  }
  return 0;
}

/// Pose networks know one class; their labels name the key points.
bool fits(Yolov8Head head, std::size_t columns, int class_count) noexcept {
  if (head == Yolov8Head::kPose) return is_pose(columns);
  const std::size_t other = 4 + extra_columns(head, columns);
  return class_count > 0 ? columns == other + static_cast<std::size_t>(class_count)
                         : columns > other;
}

void fill_extra(const TableView& table, std::size_t first, Yolov8Head head, std::size_t row,
                Detection& found) {
  if (head == Yolov8Head::kSegment) {
    found.mask_coefficients.reserve(kMaskCoefficients);
    for (std::size_t c = first; c < table.columns; ++c) {
      append_coefficient(found.mask_coefficients, table.at(row, c));
    }
  }
  if (head == Yolov8Head::kPose) {
    found.keypoints.reserve((table.columns - first) / 3);
    for (std::size_t c = first; c + 2 < table.columns; c += 3) {
      found.keypoints.push_back(
          make_keypoint(table.at(row, c), table.at(row, c + 1), table.at(row, c + 2)));
    }
  }
}

std::string expected_shape(Yolov8Head head, int class_count) {
  const std::string classes = class_count > 0 ? std::to_string(class_count) : "classes";
  switch (head) {
    case Yolov8Head::kBoxes:
      return "[1,4+" + classes + ",boxes], or per stride 64 and " + classes + " channels";
    case Yolov8Head::kPose:
      return "[1,5+3*points,boxes], or per stride 64, 1 and 3*points channels";
    case Yolov8Head::kSegment:
      return "[1,4+" + classes + "+32,boxes], or per stride 64, " + classes + " and 32 channels";
    case Yolov8Head::kOriented:
      return "[1,4+" + classes + "+1,boxes], or per stride 64, " + classes + " and 1 channels";
  }
  return {};
}

Detections decode(Tensors tensors, Yolov8Head head, const DetectOptions& options) {
  const Outputs outputs(tensors, options);
  const auto table = find_table(
      outputs, [&](std::size_t columns) { return fits(head, columns, options.class_count); });
  if (table) return decode_yolov8_table(*table, head, options);
  if (outputs.size() < 3) outputs.refuse(expected_shape(head, options.class_count));
  return decode_yolov8_maps(outputs, head, options);
}

}  // namespace

void append_coefficient(std::vector<float>& coefficients, float value) {
  coefficients.push_back(std::isfinite(value) ? value : 0.0F);
}

Detections decode_yolov8_table(const TableView& table, Yolov8Head head,
                               const DetectOptions& options) {
  const std::size_t first_extra = table.columns - extra_columns(head, table.columns);
  Candidates candidates(options);
  scan_columns(columns_of(table, 4, first_extra - 4), candidates.threshold(),
               [&](std::size_t row, std::size_t class_id, float score) {
                 Candidate candidate = from_centre(table.at(row, 0), table.at(row, 1),
                                                   table.at(row, 2), table.at(row, 3));
                 candidate.score = score;
                 candidate.class_id = static_cast<int>(class_id);
                 candidate.source = static_cast<std::uint32_t>(row);
                 if (head == Yolov8Head::kOriented) candidate.angle = table.at(row, first_extra);
                 candidates.add(candidate);
               });
  return to_detections(candidates.select(), [&](const Candidate& from, Detection& found) {
    fill_extra(table, first_extra, head, from.source, found);
  });
}

Detections decode_yolov8(Tensors outputs, const DetectOptions& options) {
  return decode(outputs, Yolov8Head::kBoxes, options);
}

Detections decode_yolov8_pose(Tensors outputs, const DetectOptions& options) {
  return decode(outputs, Yolov8Head::kPose, options);
}

Detections decode_yolov8_seg(Tensors outputs, const DetectOptions& options) {
  return decode(outputs, Yolov8Head::kSegment, options);
}

Detections decode_yolov8_obb(Tensors outputs, const DetectOptions& options) {
  return decode(outputs, Yolov8Head::kOriented, options);
}

}  // namespace hailstone::vision
