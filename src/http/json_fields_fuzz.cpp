// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "http/json_fields.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using hailstone::http::Fields;
  try {
    const auto body =
        hailstone::http::parse_json_object({reinterpret_cast<const char*>(data), size});
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
