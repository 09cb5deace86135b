// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any body of a ranking request is a call or an Error.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/attempt.hpp"
#include "services/text/rerank/wire_rerank.hpp"

using hailstone::fuzz::attempt;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  attempt([&] {
    const auto call = hailstone::rerank::parse_rerank(body);
    hailstone::rerank::Result result;
    for (std::size_t i = 0; i < call.task.documents.size(); ++i) result.ranked.push_back({i, 0.5});
    hailstone::rerank::write_rerank(call, result, "id");
  });
  return 0;
}
