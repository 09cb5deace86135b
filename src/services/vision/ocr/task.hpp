// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text in pictures, as plain values.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "inference/read_session.hpp"
#include "services/vision/picture/network.hpp"

namespace hailstone::ocr {

enum class Format : std::uint8_t { kJson, kText, kTsv, kHocr };

struct Task {
  std::string model;                 ///< empty: the task's default
  std::string language;              ///< as Tesseract names it: "deu+eng"; empty: the model's own
  std::optional<media::Box> region;  ///< pixels of the original picture; nothing: all of it
  Format format = Format::kJson;
};

struct Result {
  std::vector<inference::ReadLine> lines;  ///< in reading order; pixels of the original picture
  picture::Size size;                      ///< of the original picture
  std::string model;
  std::string engine;
  picture::Timings timings;
};

}  // namespace hailstone::ocr
