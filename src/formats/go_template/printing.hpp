// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Values as Go prints them, and as encoding/json writes them. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "formats/go_template/value.hpp"

namespace hailstone::go_template {

/// As fmt's %v; nil is "<nil>".
std::string print(const Value& value);

/// As fmt.Sprint: a blank between two values of which none is a text.
std::string print_all(const std::vector<Value>& values);

/// As fmt.Sprintf. What does not fit is told in the text, as there: "%!d(string=x)".
std::string print_format(std::string_view format, const Value* first, std::size_t count);

/// As json.Marshal, but maps in their own order: no blanks; <, > and & escaped.
std::string write_json(const Value& value);

}  // namespace hailstone::go_template
