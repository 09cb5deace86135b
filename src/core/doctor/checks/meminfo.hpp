// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// /proc/meminfo.

#include <optional>
#include <string_view>

#include "base/byte_size.hpp"
#include "core/doctor/facts/box.hpp"

namespace hailstone::doctor {

/// "MemAvailable". Nothing where the kernel does not say it.
std::optional<ByteSize> find_meminfo(const Box& box, std::string_view name);

}  // namespace hailstone::doctor
