// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The languages that the fake claims to hear and read, and what it hears and reads.

#include <string>

namespace hailstone::engines::fake {

inline constexpr const char* kDefaultWords = "hello world";

/// Throws Error(kUnsupported).
void check_language(const std::string& language);

}  // namespace hailstone::engines::fake
