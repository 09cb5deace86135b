// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any text is a template that ends soon, or an Error.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "formats/go_template/template.hpp"
#include "fuzz/attempt.hpp"

using namespace hailstone::go_template;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Record message{Record::Shape::kStruct, {{"Role", "user"}, {"Content", "hello"}}};
  const Record values{Record::Shape::kMap,
                      {{"System", "be kind"},
                       {"Messages", Value(std::vector<Value>{message, message})},
                       {"Map", Record{Record::Shape::kMap, {{"a", 1}, {"b", 1.5}}}}}};
  hailstone::fuzz::attempt(
      [&] { Template(text).execute(values, {.steps = 20'000, .output = std::size_t{1} << 16}); });
  return 0;
}
