// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads text in pictures with libtesseract and the language data that the system has. A model is a
// model card (inference/model_card.hpp) with the settings
//   language           what read() takes where it is not told: "eng", "deu+eng"; default eng
//   page_segmentation  Tesseract's number: 1, 3 to 13; default 3, fully automatic
//   dpi                the pictures' resolution, where it is known; else Tesseract estimates it
// Its libraries spin on a busy machine unless the process has OMP_THREAD_LIMIT=1.

#include <filesystem>
#include <memory>
#include <optional>

#include "inference/engine.hpp"

namespace hailstone::engines::tesseract {

struct TesseractOptions {
  /// Where *.traineddata stand. Nothing: TESSDATA_PREFIX, else where distributions put them.
  std::optional<std::filesystem::path> data;
};

std::unique_ptr<inference::Engine> make_tesseract_engine(const TesseractOptions& options = {});

}  // namespace hailstone::engines::tesseract
