// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A float as Go writes it. Pure.

#include <string>

namespace hailstone::go_template {

/// style: 'e', 'f', 'g' as in fmt, where %v is 'g'; 'j' as in JSON. precision: negative means the
/// fewest digits that give the number again, in 'e' and 'f' six behind the point.
std::string float_text(double value, char style, int precision);

}  // namespace hailstone::go_template
