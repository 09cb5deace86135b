// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "fuzz/attempt.hpp"
#include "services/library/bench/wire.hpp"

using namespace hailstone;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  hailstone::fuzz::attempt([&] {
    const auto task = bench::parse_task(text);
    if (task.model.empty() || task.runs < 0 || task.runs > 1000) std::abort();
  });
  return 0;
}
