// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One instance of Tesseract: reads one picture at a time.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/run_context.hpp"
#include "inference/read_session.hpp"

namespace tesseract {
class TessBaseAPI;
}

namespace hailstone::engines::tesseract {

struct ReaderSettings {
  std::filesystem::path data;
  int page_segmentation = 3;
  int dpi = 0;  ///< 0: unknown
};

/// Used by one thread at a time.
class Reader {
 public:
  explicit Reader(ReaderSettings settings);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  /// Makes ready for these languages ("deu+eng"), which are installed. Throws Error(kEngineFailed)
  /// where their files are damaged.
  void use(const std::string& languages);

  /// image: sizes checked. Boxes are within it; blocks without text are left out. Small text is
  /// enlarged first. Throws Error(kTimeout), Error(kCancelled), Error(kEngineFailed).
  std::vector<inference::ReadLine> read(const media::Image& image, const RunContext& run);

 private:
  double choose_scale(const media::Image& image);

  const ReaderSettings settings_;
  std::string languages_;  // empty: none is ready
  std::unique_ptr<::tesseract::TessBaseAPI> api_;
};

}  // namespace hailstone::engines::tesseract
