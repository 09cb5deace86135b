// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any text is base64 or is not.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/attempt.hpp"
#include "services/common/base64.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  hailstone::fuzz::attempt([&] { hailstone::services::find_base64(body); });
  return 0;
}
