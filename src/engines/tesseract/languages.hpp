// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which languages Tesseract can read here.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hailstone::engines::tesseract {

/// TESSDATA_PREFIX if it is set and a folder; else the newest of the distributions' folders that
/// there is.
std::optional<std::filesystem::path> find_data_folder();

/// Sorted; without what is no language (osd, equ).
std::vector<std::string> installed_languages(const std::filesystem::path& data);

/// "deu+eng" to its parts. Throws Error(kUnsupported) unless each is one of installed; the detail
/// names those and how to install another.
std::vector<std::string> require_languages(const std::string& wanted,
                                           const std::vector<std::string>& installed);

}  // namespace hailstone::engines::tesseract
