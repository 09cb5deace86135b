// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/error.hpp"
#include "engines/llama/gguf/facts.hpp"
#include "engines/llama/load_plan.hpp"

using namespace hailstone;
using namespace hailstone::engines::llama;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read_at = [&](std::uint64_t offset, std::span<char> into) {
    std::copy_n(data + offset, into.size(), into.begin());
  };
  for (const auto detail : {inference::FactDetail::kBrief, inference::FactDetail::kFull}) {
    try {
      const Gguf gguf = parse_gguf(size, read_at, detail);
      facts_of(gguf, HasProjector::kNo, detail);
      estimate_memory(gguf, make_plan(gguf, {}, 1), size);
    } catch (const Error&) {
    }
  }
  return 0;
}
