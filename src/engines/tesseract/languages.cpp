// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/tesseract/languages.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::engines::tesseract {
namespace fs = std::filesystem;
namespace {

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

/// Debian names the packages tesseract-ocr-chi-sim for chi_sim.
std::string package_of(std::string language) {
  std::replace(language.begin(), language.end(), '_', '-');
  return "tesseract-ocr-" + language;
}

bool is_plain(const std::string& language) {
  return !language.empty() && std::all_of(language.begin(), language.end(), [](char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

}  // namespace

std::optional<fs::path> find_data_folder() {
  if (const char* prefix = std::getenv("TESSDATA_PREFIX"); prefix != nullptr && is_folder(prefix)) {
    return fs::path(prefix);
  }
  for (const char* folder : {"/usr/local/share/tessdata", "/usr/share/tesseract-ocr/5/tessdata",
                             "/usr/share/tesseract-ocr/4.00/tessdata", "/usr/share/tessdata"}) {
    if (is_folder(folder) && !installed_languages(folder).empty()) return fs::path(folder);
  }
  return std::nullopt;
}

std::vector<std::string> installed_languages(const fs::path& data) {
  std::vector<std::string> languages;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(data, ignored)) {
    if (entry.path().extension() != ".traineddata") continue;
    std::string name = entry.path().stem();
    if (name != "osd" && name != "equ") languages.push_back(std::move(name));
  }
  std::sort(languages.begin(), languages.end());
  return languages;
}

std::vector<std::string> require_languages(const std::string& wanted,
                                           const std::vector<std::string>& installed) {
  auto languages = split(wanted, '+');
  for (const auto& language : languages) {
    if (std::find(installed.begin(), installed.end(), language) != installed.end()) continue;
    const std::string command =
        is_plain(language) ? "; for another: apt-get install " + package_of(language) : "";
    throw Error(
        ErrorCode::kUnsupported,
        "language '" + std::string(utf8_prefix(language, 40)) + "' is not installed",
        (installed.empty() ? "no language is installed" : "installed: " + join(installed, ", ")) +
            command);
  }
  return languages;
}

}  // namespace hailstone::engines::tesseract
