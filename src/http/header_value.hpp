// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Header values of the form: value; name=token; name="quoted". Pure.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hailstone::http {

struct HeaderValue {
  std::string value;  ///< in lower case: "multipart/form-data"
  std::vector<std::pair<std::string, std::string>> parameters;  ///< names in lower case

  /// The first one of that name (in lower case), or null.
  const std::string* find(std::string_view name) const noexcept;
};

/// In quotes, \" and \\ are escapes and other backslashes stand for themselves, as browsers write
/// file names. Throws Error(kBadRequest) for a quotation without end.
HeaderValue parse_header_value(std::string_view text);

}  // namespace hailstone::http
