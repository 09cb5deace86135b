// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Any body of a request for a response is a call or an Error, whatever is remembered.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/attempt.hpp"
#include "services/text/responses/wire_request.hpp"

using hailstone::fuzz::attempt;

namespace {

struct Echo final : hailstone::responses::History {
  std::string body;
  bool keeps() const noexcept override { return true; }
  std::vector<hailstone::responses::StoredItem> conversation(const std::string&) override {
    return {{"x", body}};
  }
  std::optional<hailstone::responses::StoredItem> find_item(const std::string&) override {
    return std::nullopt;
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  Echo history;
  history.body = body;
  attempt([&] { hailstone::responses::parse_call(body, history); });
  return 0;
}
