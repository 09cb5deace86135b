// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Some engines bring what they need along: OpenCV its detectors, Tesseract its languages. The file
// of such a model is a model card, a text for people; its first line says which engine it is for.

#include <string_view>

#include "inference/model_spec.hpp"

namespace hailstone::inference {

/// Throws Error(kNotFound) where there is no such file, and Error(kBadRequest) unless it begins
/// with the line "hailstone model card: ENGINE".
void check_model_card(const ModelSpec& spec, std::string_view engine);

/// The setting, or fallback where there is none.
std::string_view setting_or(const ModelSpec& spec, const char* name, std::string_view fallback);

/// The setting as a whole number, or fallback where there is none. Throws Error(kBadRequest) that
/// names the setting for anything but a number from least to most.
int number_setting_or(const ModelSpec& spec, const char* name, int fallback, int least, int most);

}  // namespace hailstone::inference
