// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/measurements/machine.hpp"
#include "core/measurements/wire.hpp"
#include "fuzz/attempt.hpp"

using namespace hailstone;
using namespace hailstone::core;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  hailstone::fuzz::attempt([&] {
    const auto measurements = parse_measurements(text);
    // What is read can be written, and is read alike again.
    if (parse_measurements(write_measurements(measurements)) != measurements) std::abort();
  });
  processor_in(text);
  return 0;
}
