// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any body of a request in OpenAI's dialect is a call or an Error.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/attempt.hpp"
#include "services/text/openai/wire_chat_request.hpp"

using hailstone::fuzz::attempt;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  attempt([&] { hailstone::openai::parse_chat(body); });
  attempt([&] { hailstone::openai::parse_completion(body); });
  attempt([&] { hailstone::openai::parse_embeddings(body); });
  return 0;
}
