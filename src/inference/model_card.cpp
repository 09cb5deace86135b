// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "inference/model_card.hpp"

#include <charconv>
#include <fstream>
#include <string>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::inference {

void check_model_card(const ModelSpec& spec, std::string_view engine) {
  constexpr std::size_t kLongestLine = 80;
  std::error_code error;
  std::ifstream file;
  // Opening a pipe would wait for somebody to write.
  if (std::filesystem::is_regular_file(spec.weights, error))
    file.open(spec.weights, std::ios::binary);
  if (!file.is_open()) {
    throw Error(ErrorCode::kNotFound, "model " + spec.name + ": no file " + spec.weights.native());
  }
  std::string begin(kLongestLine, '\0');
  file.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  begin.resize(static_cast<std::size_t>(file.gcount()));
  const std::string wanted = "hailstone model card: " + std::string(engine);
  if (trim(std::string_view(begin).substr(0, begin.find('\n'))) == wanted) return;
  throw Error(
      ErrorCode::kBadRequest,
      "model " + spec.name + ": its file is no model card of the engine " + std::string(engine),
      "the first line should be: " + wanted);
}

std::string_view setting_or(const ModelSpec& spec, const char* name, std::string_view fallback) {
  const auto setting = spec.settings.find(name);
  return setting == spec.settings.end() ? fallback : std::string_view(setting->second);
}

int number_setting_or(const ModelSpec& spec, const char* name, int fallback, int least, int most) {
  const auto setting = spec.settings.find(name);
  if (setting == spec.settings.end()) return fallback;
  const std::string& text = setting->second;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  if (is_number && value >= least && value <= most) return value;
  throw Error(ErrorCode::kBadRequest, "model " + spec.name + ": setting " + name +
                                          ": a whole number from " + std::to_string(least) +
                                          " to " + std::to_string(most) + " expected, got '" +
                                          text + "'");
}

}  // namespace hailstone::inference
