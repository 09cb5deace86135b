// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any body of an embedding request is a task or an Error.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/attempt.hpp"
#include "services/text/embed/wire_ollama.hpp"

using hailstone::fuzz::attempt;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  attempt([&] { hailstone::embed::parse_embed(body); });
  attempt([&] { hailstone::embed::parse_embeddings(body); });
  return 0;
}
