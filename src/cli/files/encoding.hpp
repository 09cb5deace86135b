// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text files as editors of all systems write them.

#include <string>
#include <string_view>

namespace hailstone::cli {

/// As UTF-8 with "\n" alone: a byte order mark is obeyed and gone, UTF-16 with one is converted,
/// and what is no character there becomes U+FFFD. Pure.
std::string decode_text(std::string_view bytes);

}  // namespace hailstone::cli
