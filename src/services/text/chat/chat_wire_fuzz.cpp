// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any body of a chat or generate request is a task or an Error.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/attempt.hpp"
#include "services/text/chat/wire_ollama.hpp"

using hailstone::fuzz::attempt;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  attempt([&] { hailstone::chat::parse_chat(body); });
  attempt([&] { hailstone::chat::parse_generate(body); });
  return 0;
}
