// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// multipart/form-data (RFC 7578), written.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hailstone {

/// A part of a form. Quotes and line ends are left out of what names it.
struct FormField {
  std::string_view name;
  std::string_view content;
  std::optional<std::string_view> filename = {};  ///< none: no file
  std::string_view content_type = {};             ///< empty: it is not said
};

struct FormData {
  std::string content_type;
  std::string body;
};

/// In that order, behind a boundary that stands in none of them. Pure.
FormData write_form(const std::vector<FormField>& fields);

}  // namespace hailstone
