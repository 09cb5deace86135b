// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/speak/piper/wire_phonemes.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace hailstone::speak {

using Json = nlohmann::json;

std::string write_phoneme_request(const std::string& text, const std::string& voice) {
  return Json{{"text", text}, {"voice", voice}}.dump(-1, ' ', false,
                                                     Json::error_handler_t::replace);
}

std::string read_phonemes(const std::string& json) {
  const Json answer = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (answer.is_string()) return answer.get<std::string>();
  throw Error(ErrorCode::kEngineFailed, "espeak answered something else than phonemes");
}

}  // namespace hailstone::speak
