// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "engines/espeak/phoneme_call.hpp"

namespace hailstone::engines::espeak {

using Json = nlohmann::json;

std::optional<PhonemeCall> read_phoneme_call(const std::string& json) {
  const Json given = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  const auto text_of = [&](const char* name) -> std::optional<std::string> {
    const auto found = given.find(name);
    if (found == given.end()) return std::string();
    if (!found->is_string()) return std::nullopt;
    return found->get<std::string>();
  };
  if (!given.is_object() || !given.contains("text")) return std::nullopt;
  auto text = text_of("text");
  auto voice = text_of("voice");
  if (!text || !voice) return std::nullopt;
  return PhonemeCall{*std::move(text), *std::move(voice)};
}

std::string write_phonemes(const std::string& phonemes) {
  return Json(phonemes).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace hailstone::engines::espeak
