// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The two forms in which YOLOv8 and its successors come: one table (exported with its own decoding)
// or the raw maps of three strides (what a HEF gives).

#include <cstddef>
#include <cstdint>

#include "vision/detect/decoders.hpp"
#include "vision/detect/outputs.hpp"

namespace hailstone::vision {

enum class Yolov8Head : std::uint8_t { kBoxes, kPose, kSegment, kOriented };

inline constexpr std::size_t kMaskCoefficients = 32;

Detections decode_yolov8_table(const TableView& table, Yolov8Head head,
                               const DetectOptions& options);
Detections decode_yolov8_maps(const Outputs& outputs, Yolov8Head head,
                              const DetectOptions& options);

/// Finite, or 0.
void append_coefficient(std::vector<float>& coefficients, float value);

}  // namespace hailstone::vision
