// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a template's text to its tree. Pure.

#include <set>
#include <string>
#include <string_view>

#include "formats/go_template/tree.hpp"

namespace hailstone::go_template {

using FunctionNames = std::set<std::string, std::less<>>;

/// Throws as fail() in lexer.hpp does, for everything that can be known without data: what is not
/// closed, unknown functions, variables and templates, and what stands where it cannot.
Tree parse_tree(std::string_view text, const FunctionNames& functions);

}  // namespace hailstone::go_template
