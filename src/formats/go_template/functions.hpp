// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a template can call: Go's own functions, and those that its owner adds.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "formats/go_template/value.hpp"

namespace hailstone::go_template {

/// One call of a function.
struct Call {
  std::string_view name;
  int line = 0;
  const std::vector<Value>& arguments;

  /// Throws Error(kBadRequest) that names line and function.
  [[noreturn]] void fail(const std::string& why) const;
  /// Fails where there are fewer or more arguments.
  void expect(std::size_t least, std::size_t most) const;
};

using Function = std::function<Value(const Call&)>;
using Functions = std::map<std::string, Function, std::less<>>;

/// All of text/template but "call", and "and" and "or", which do not evaluate all they are given.
const Functions& builtin_functions();

}  // namespace hailstone::go_template
