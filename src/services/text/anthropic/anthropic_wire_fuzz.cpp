// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any body of a request for a message is a task or an Error.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/attempt.hpp"
#include "services/text/anthropic/wire_request.hpp"

using hailstone::fuzz::attempt;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  attempt([&] { hailstone::anthropic::parse_messages(body); });
  attempt([&] { hailstone::anthropic::parse_count(body); });
  return 0;
}
