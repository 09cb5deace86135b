// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// How much memory a setting allows: an amount, a part of what is there, or what the program thinks
// right.

#include <optional>
#include <string>
#include <string_view>

#include "base/byte_size.hpp"

namespace hailstone::core {

/// A value; automatic where neither is given.
struct MemoryAmount {
  std::optional<ByteSize> size;
  std::optional<double> percent;

  /// Of a whole; automatic: where the setting leaves it to the program.
  ByteSize resolve(ByteSize whole, ByteSize automatic) const noexcept;
};

/// Reads "auto", "60%", "512MiB". Throws Error(kBadRequest).
MemoryAmount parse_memory_amount(std::string_view text);

/// As parse_memory_amount reads it.
std::string to_string(const MemoryAmount& amount);

}  // namespace hailstone::core
