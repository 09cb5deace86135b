// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text as Flite takes it: ASCII. Pure.

#include <string>
#include <string_view>

namespace hailstone::engines::flite {

/// Letters without their accents, quotation marks and dashes as typewriters have them; what has no
/// such form becomes a blank. What is no UTF-8 likewise.
std::string to_ascii(std::string_view text);

}  // namespace hailstone::engines::flite
