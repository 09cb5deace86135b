// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/registry/allowed_fetch.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/registry/http.hpp"
#include "core/registry/url.hpp"

namespace hailstone::core {
namespace {

constexpr std::size_t kMostBytes = std::size_t{32} << 20;
constexpr std::chrono::seconds kPatience{20};

/// libcurl has brought "0x7f.1" and its like into this form.
bool is_number(std::string_view host) noexcept {
  return host.starts_with('[') || host.find_first_not_of("0123456789.") == host.npos;
}

bool matches(std::string_view allowed, std::string_view host) noexcept {
  if (is_number(host)) return allowed == host;
  if (allowed == "*") return true;
  if (!allowed.starts_with("*.")) return allowed == host;
  const auto suffix = allowed.substr(1);
  return host.size() > suffix.size() && host.ends_with(suffix);
}

std::string without_dot(std::string host) {
  if (host.ends_with('.')) host.pop_back();
  return host;
}

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::kBadRequest, what);
}

HttpOptions options_for(const std::string& host) {
  HttpOptions options;
  options.user_agent = "hailstone";
  options.stall = kPatience;
  options.world_only = !is_number(host);
  return options;
}

RunContext bounded(const RunContext& run) {
  return {run.deadline.earlier(Deadline::in(kPatience)), run.stop};
}

}  // namespace

AllowedFetch::AllowedFetch(std::vector<std::string> hosts) : hosts_(std::move(hosts)) {
  for (auto& host : hosts_) host = without_dot(to_lower(host));
}

void AllowedFetch::check(const std::string& text) const {
  const std::string host = without_dot(parse_url(text).name);
  const bool is_allowed = std::any_of(hosts_.begin(), hosts_.end(),
                                      [&](const auto& allowed) { return matches(allowed, host); });
  if (!is_allowed) refuse(host + " is not allowed here");
}

std::string AllowedFetch::fetch(const std::string& text, const RunContext& run) const {
  HttpRequest request;
  request.url = parse_url(text);
  const std::string host = without_dot(request.url.name);
  try {
    check(text);
  } catch (const Error&) {
    refuse("nothing is fetched from " + host + ", which is not allowed here");
  }
  auto reply = exchange(request, options_for(host), bounded(run), kMostBytes);
  if (reply.outcome != CURLE_OK) refuse("nothing can be fetched from " + host);
  if (reply.is_redirect()) refuse(host + " leads elsewhere, and redirects are not followed");
  if (reply.status != 200) refuse(host + " answers " + std::to_string(reply.status));
  return std::move(reply.body);
}

void AllowedFetch::post(const std::string& text, std::vector<std::string> headers, std::string body,
                        const RunContext& run) const {
  check(text);
  HttpRequest request;
  request.method = "POST";
  request.url = parse_url(text);
  request.headers = std::move(headers);
  request.body = std::move(body);
  const std::string host = without_dot(request.url.name);
  const auto reply = exchange_head(request, options_for(host), bounded(run));
  if (reply.outcome != CURLE_OK) {
    throw Error(ErrorCode::kEngineFailed, host + " cannot be reached");
  }
  if (reply.status < 200 || reply.status > 299) {
    throw Error(ErrorCode::kEngineFailed, host + " answers " + std::to_string(reply.status));
  }
}

}  // namespace hailstone::core
