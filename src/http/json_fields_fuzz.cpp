// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "http/json/repair.hpp"
#include "http/json_fields.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using hailstone::http::Fields;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto repaired = hailstone::http::repair_json(text)) {
    if (!hailstone::is_valid_utf8(*repaired)) std::abort();
    if (hailstone::http::repair_json(*repaired).value_or(*repaired) != *repaired) std::abort();
  }
  try {
    const auto body = hailstone::http::parse_json_object(text);
    const Fields fields(body);
    fields.required_string("model");
    fields.find_bool("stream");
    fields.find_strings("stop");
    for (const Fields& message : fields.find_objects("messages").value_or(std::vector<Fields>())) {
      message.required_string("role");
      message.find_string("content");
    }
    if (const auto options = fields.find_object("options")) {
      options->find_int("num_ctx", 0, 1 << 20);
      options->find_double("temperature", 0);
    }
    hailstone::http::to_text(body);
  } catch (const hailstone::Error&) {  // refused: that is an answer
  }
  return 0;
}
