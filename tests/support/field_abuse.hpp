// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What every integer field of every request has to survive: numbers that no such field can hold,
// and what is no number at all. The refusal names the field.

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace hailstone::test_support {

/// body: a request in which "@" stands for the value of the field. Negative numbers are tried
/// unless the field may have them.
template <typename Parse>
void expect_integers_are_checked(const Parse& parse, const std::string& body,
                                 std::string_view field, bool may_be_negative = false) {
  for (const std::string_view value : std::array<std::string_view, 8>{
           "-1", "2147483648", "9223372036854775808", "1e308", "\"5\"", "1.5", "true", "[1]"}) {
    const bool fits_64_bits = may_be_negative && (value == "-1" || value == "2147483648");
    if (fits_64_bits) continue;
    std::string text = body;
    text.replace(text.find('@'), 1, value);
    try {
      parse(text);
      ADD_FAILURE() << field << " takes " << value;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadRequest) << text;
      const std::string_view last = field.substr(field.rfind('.') + 1);
      EXPECT_NE(std::string_view(error.what()).find(last), std::string_view::npos)
          << error.what() << " does not name " << field;
    }
  }
}

}  // namespace hailstone::test_support
