// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any body of a show or unload request is a task or an Error, and a task can be shown.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/attempt.hpp"
#include "services/library/models/wire_ollama.hpp"
#include "services/library/models/wire_plan.hpp"

using hailstone::fuzz::attempt;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  attempt([&] {
    const auto task = hailstone::models::parse_show(body);
    hailstone::models::write_show(task, {});
  });
  attempt([&] { hailstone::models::parse_unload(body); });
  attempt([&] { hailstone::models::parse_plan(body); });
  return 0;
}
