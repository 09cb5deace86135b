// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reading: a picture to text with boxes.

#include <string>
#include <vector>

#include "base/run_context.hpp"
#include "media/image.hpp"
#include "media/shapes.hpp"

namespace hailstone::inference {

using media::Box;  ///< in pixels of the given image

struct ReadWord {
  std::string text;
  Box box;
  double confidence = 0;  ///< 0 to 1
};

struct ReadLine {
  Box box;
  int block = 0;      ///< numbered from 0 in reading order
  int paragraph = 0;  ///< within the block
  std::vector<ReadWord> words;
};

/// Thread-safe.
class ReadSession {
 public:
  virtual ~ReadSession() = default;
  /// language as Tesseract names it ("eng", "deu+eng"); empty: the model's default. Throws
  /// kBadRequest, kUnsupported (language), kTimeout, kCancelled, kEngineFailed.
  virtual std::vector<ReadLine> read(const media::Image& image, const std::string& language,
                                     const RunContext& run) = 0;
};

}  // namespace hailstone::inference
