// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/pipeline/cors.hpp"

#include <algorithm>
#include <string>

#include "base/strings.hpp"
#include "http/header_names.hpp"

namespace hailstone::http {
namespace {

constexpr std::string_view kHeaders =
    "Authorization, Content-Type, User-Agent, Accept, X-Requested-With, X-Request-Id, OpenAI-Beta, "
    "X-Api-Key, Anthropic-Version, Anthropic-Beta, Anthropic-Dangerous-Direct-Browser-Access";

// The OpenAI SDK sends a dozen of these, and more with each version.
bool is_sdk_header(std::string_view name) noexcept {
  constexpr std::string_view kPrefix = "x-stainless-";
  return equals_ignoring_case(name.substr(0, kPrefix.size()), kPrefix) &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-';
         });
}

}  // namespace

void add_cors_headers(std::string_view origin, Headers& reply) {
  reply.add("Access-Control-Allow-Origin", std::string(origin));
  reply.add("Access-Control-Expose-Headers",
            join({kExposedHeaders.begin(), kExposedHeaders.end()}, ", "));
  reply.add("Vary", "Origin");
}

void add_preflight_headers(const Headers& request, std::string_view methods, Headers& reply) {
  if (!request.find("Origin")) return;
  std::string allowed(kHeaders);
  allowed.append(", ").append(kLaneHeader);
  for (const auto& name : split(request.find("Access-Control-Request-Headers").value_or(""), ',')) {
    if (is_sdk_header(trim(name))) allowed.append(", ").append(trim(name));
  }
  reply.add("Access-Control-Allow-Methods", std::string(methods));
  reply.add("Access-Control-Allow-Headers", std::move(allowed));
  reply.add("Access-Control-Max-Age", "43200");
  if (request.find("Access-Control-Request-Private-Network") == "true") {
    reply.add("Access-Control-Allow-Private-Network", "true");
  }
}

}  // namespace hailstone::http
