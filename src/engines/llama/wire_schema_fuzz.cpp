// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any text is a schema that a server can obey in reasonable time, or an Error.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engines/llama/wire_schema.hpp"
#include "fuzz/attempt.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  hailstone::fuzz::attempt([&] {
    const auto schema = hailstone::engines::llama::parse_schema(text);
    hailstone::engines::llama::check_tools(schema);
  });
  return 0;
}
