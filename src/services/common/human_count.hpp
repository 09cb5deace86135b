// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Numbers of parameters as people and Ollama write them.

#include <cstdint>
#include <string>

namespace hailstone::services {

/// 1200000000 -> "1.2B", 4720000 -> "4.72M".
std::string human_count(std::uint64_t count);

}  // namespace hailstone::services
