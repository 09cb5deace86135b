// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "inference/engine.hpp"

namespace hailstone::inference {

/// At the end of the description of an engine whose hardware is simulated.
inline constexpr std::string_view kStandInMark = " (stand-in)";

/// What people are told who did the work: "onnx"; "hailo (stand-in)".
inline std::string shown_name(const Engine& engine) {
  const bool is_stand_in = engine.descriptor().description.ends_with(kStandInMark);
  return std::string(engine.name()) + (is_stand_in ? std::string(kStandInMark) : "");
}

}  // namespace hailstone::inference
