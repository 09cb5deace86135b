// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <cstdlib>

#include "base/error.hpp"
#include "http/header_value.hpp"
#include "http/pipeline/target.hpp"
#include "http/router.hpp"

namespace {

using namespace hailstone::http;

Router make_router() {
  Router router;
  for (const char* pattern : {"/", "/api/tags", "/api/jobs/{id}", "/v1/models/{model...}"}) {
    Route route;
    route.pattern = pattern;
    router.add(std::move(route));
  }
  return router;
}

void check_params(const Router::Match& match) {
  for (const auto& [name, value] : match.params) {
    const bool is_safe = !value.empty() && value.find('\0') == std::string::npos;
    if (!is_safe || value == "." || value == "..") std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Router router = make_router();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const auto target = split_target(text);
    parse_query(target.query);
    check_params(router.find(Method::kGet, target.path));
  } catch (const hailstone::Error&) {  // refused: that is an answer
  }
  try {
    parse_header_value(text);
  } catch (const hailstone::Error&) {
  }
  return 0;
}
