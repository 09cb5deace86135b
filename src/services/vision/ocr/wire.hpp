// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reading requests, and results in the formats that people know. Pure.

#include <string>
#include <vector>

#include "services/vision/ocr/task.hpp"

namespace hailstone::ocr {

/// The names of the options that are read.
std::vector<std::string> task_options();

/// Fields: "model", "language" (also "lang"), "region", "format" (json, text, tsv, hocr). Throws
/// Error(kBadRequest) that names the field.
Task parse_task(const picture::PictureRequest& request);

/// {"text":"...","lines":[{"text","confidence","bbox":[x,y,width,height],"block","paragraph",
///   "words":[{"text","confidence","bbox"}]}]}
std::string write_json(const Result& result);

/// The lines; an empty line between paragraphs.
std::string write_text(const Result& result);

/// Tesseract's TSV: a header, then rows of level 1 (page) to 5 (word); confidence 0 to 100 for
/// words, -1 for all else.
std::string write_tsv(const Result& result);

/// hOCR 1.2 (http://kba.github.io/hocr-spec/1.2/): XHTML with ocr_page, ocr_carea, ocr_par,
/// ocr_line and ocrx_word; boxes as corners.
std::string write_hocr(const Result& result);

}  // namespace hailstone::ocr
