// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reading by two networks of one model: one finds lines of text, the other, its recogniser, reads
// them (PP-OCR: DB and CTC).

#include <vector>

#include "inference/read_session.hpp"
#include "services/vision/picture/network.hpp"

namespace hailstone::ocr {

/// In reading order; pixels of the given picture. Throws Error(kUnsupported) where the model has no
/// recogniser, Error(kBadRequest) where its characters are not as many as the recogniser's classes,
/// and what TensorSession::run throws.
std::vector<inference::ReadLine> read_by_pair(picture::Network& network, const media::Image& image,
                                              const RunContext& run);

}  // namespace hailstone::ocr
