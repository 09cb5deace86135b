// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Cuts a template into text and actions, and actions into tokens. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "formats/go_template/value.hpp"

namespace hailstone::go_template {

/// Throws Error(kBadRequest, "template: line 3: ...").
[[noreturn]] void fail(int line, const std::string& why);

struct Token {
  enum class Kind { kWord, kField, kVariable, kDot, kConstant, kMark, kEnd };

  Kind kind = Kind::kEnd;
  std::string text;  ///< a field's without its dot; a mark's: ( ) | , = :=
  Value constant;
  bool spaced = false;  ///< a blank stands before it
  int line = 0;
};

/// Text, then the action behind it; trim markers have been applied, comments are gone.
struct Part {
  std::string text;
  int text_line = 0;
  std::vector<Token> action;  ///< ends with kEnd; empty: a comment, or the template's end
  int line = 0;
};

/// Throws as fail() does: an action or a comment that is not closed, a character or a constant that
/// Go does not know.
std::vector<Part> cut_template(std::string_view text);

}  // namespace hailstone::go_template
