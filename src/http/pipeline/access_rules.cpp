// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/pipeline/access_rules.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::http {
namespace {

using Ipv6 = std::array<std::uint8_t, 16>;

// IPv4 addresses become ::ffff:a.b.c.d, so that both kinds are looked at once.
std::optional<Ipv6> find_address(std::string_view text) {
  const std::string literal(text.substr(0, text.find('%')));
  Ipv6 address{};
  if (inet_pton(AF_INET6, literal.c_str(), address.data()) == 1) return address;
  address[10] = address[11] = 0xFF;
  if (inet_pton(AF_INET, literal.c_str(), address.data() + 12) == 1) return address;
  return std::nullopt;
}

bool is_ipv4(const Ipv6& address) noexcept {
  return std::all_of(address.begin(), address.begin() + 10, [](auto b) { return b == 0; }) &&
         address[10] == 0xFF && address[11] == 0xFF;
}

bool is_local_address(const Ipv6& a) noexcept {
  if (is_ipv4(a)) {
    const auto first = a[12];
    const auto second = a[13];
    const bool is_unspecified = std::all_of(a.begin() + 12, a.end(), [](auto b) { return b == 0; });
    return is_unspecified || first == 127 || first == 10 || (first == 192 && second == 168) ||
           (first == 172 && second >= 16 && second < 32) || (first == 169 && second == 254);
  }
  const bool begins_empty = std::all_of(a.begin(), a.end() - 1, [](auto b) { return b == 0; });
  if (begins_empty && a[15] <= 1) return true;                              // :: and ::1
  return (a[0] & 0xFE) == 0xFC || (a[0] == 0xFE && (a[1] & 0xC0) == 0x80);  // fc00::/7, fe80::/10
}

bool is_port(std::string_view text) noexcept {
  return text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "[::1]:80" -> "::1", "Box.local.:80" -> "box.local"; nothing if it is not of that form.
std::optional<std::string> find_host_name(std::string_view host) {
  const bool has_brackets = !host.empty() && host.front() == '[';
  const auto end = has_brackets ? host.find(']') : std::min(host.find(':'), host.size());
  if (end == std::string_view::npos) return std::nullopt;
  const auto port = host.substr(has_brackets ? end + 1 : end);
  if (!port.empty() && (port.front() != ':' || !is_port(port.substr(1)))) return std::nullopt;
  auto name = to_lower(has_brackets ? host.substr(1, end - 1) : host.substr(0, end));
  if (!has_brackets && name.size() > 1 && name.back() == '.') name.pop_back();
  return name;
}

bool is_local_name(std::string_view name, std::string_view machine_name) {
  const auto ends_with = [name](std::string_view suffix) {
    return name.size() > suffix.size() && name.substr(name.size() - suffix.size()) == suffix;
  };
  return name == "localhost" || ends_with(".localhost") || ends_with(".local") ||
         ends_with(".internal") || equals_ignoring_case(name, machine_name);
}

bool is_built_in_origin(std::string_view scheme, std::string_view authority) {
  constexpr std::array<std::string_view, 5> kApps = {"app", "file", "tauri", "vscode-webview",
                                                     "vscode-file"};
  if (std::find(kApps.begin(), kApps.end(), scheme) != kApps.end()) return true;
  if (scheme != "http" && scheme != "https") return false;
  constexpr std::array<std::string_view, 4> kHosts = {"localhost", "127.0.0.1", "0.0.0.0", "::1"};
  const auto name = find_host_name(authority);
  return name && std::find(kHosts.begin(), kHosts.end(), *name) != kHosts.end();
}

// The work depends on the given key's length alone.
bool is_same_secret(std::string_view given, std::string_view key) noexcept {
  unsigned difference = given.size() == key.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const char expected = key.empty() ? '\0' : key[i % key.size()];
    difference |= static_cast<unsigned char>(given[i]) ^ static_cast<unsigned char>(expected);
  }
  return difference == 0 && !key.empty();
}

}  // namespace

bool matches_pattern(std::string_view pattern, std::string_view text) noexcept {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return equals_ignoring_case(pattern, text);
  const auto before = pattern.substr(0, star);
  const auto after = pattern.substr(star + 1);
  return text.size() >= before.size() + after.size() &&
         equals_ignoring_case(before, text.substr(0, before.size())) &&
         equals_ignoring_case(after, text.substr(text.size() - after.size()));
}

bool is_allowed_host(std::string_view host, std::string_view own_address, const HostRules& rules) {
  if (host.empty()) return true;
  const auto name = find_host_name(host);
  if (!name) return false;
  const auto address = find_address(*name);
  if (address && is_local_address(*address)) return true;
  if (address && address == find_address(own_address)) return true;
  if (is_local_name(*name, rules.machine_name)) return true;
  return std::any_of(rules.allowed.begin(), rules.allowed.end(), [&](const auto& pattern) {
    return matches_pattern(pattern, *name) || matches_pattern(pattern, host);
  });
}

bool is_allowed_origin(std::string_view origin, std::string_view host,
                       const std::vector<std::string>& allowed) {
  const auto matches = [origin](const auto& pattern) { return matches_pattern(pattern, origin); };
  if (std::any_of(allowed.begin(), allowed.end(), matches)) return true;
  const auto mark = origin.find("://");
  if (mark == std::string_view::npos) return false;
  const auto scheme = to_lower(origin.substr(0, mark));
  const auto authority = origin.substr(mark + 3);
  if (is_built_in_origin(scheme, authority)) return true;
  const bool is_web = scheme == "http" || scheme == "https";
  return is_web && !host.empty() && equals_ignoring_case(authority, host);
}

bool is_valid_key(std::string_view key, const std::vector<std::string>& keys) noexcept {
  bool is_valid = false;
  for (const auto& known : keys) is_valid = is_same_secret(key, known) || is_valid;
  return is_valid;
}

std::optional<std::string_view> find_bearer_key(std::string_view authorization) noexcept {
  constexpr std::string_view kScheme = "Bearer ";
  const auto scheme = authorization.substr(0, kScheme.size());
  if (!equals_ignoring_case(scheme, kScheme)) return std::nullopt;
  return trim(authorization.substr(kScheme.size()));
}

bool has_valid_key(std::string_view authorization, const std::vector<std::string>& keys) noexcept {
  const auto key = find_bearer_key(authorization);
  return key && is_valid_key(*key, keys);
}

void require_key(std::string_view authorization, std::string_view form_key,
                 const std::vector<std::string>& keys) {
  if (keys.empty() || has_valid_key(authorization, keys)) return;
  if (authorization.empty() && is_valid_key(trim(form_key), keys)) return;
  throw Error(ErrorCode::kUnauthorized,
              form_key.empty() ? "an API key is needed" : "Incorrect api key",
              "send it as the field api_key, or as: Authorization: Bearer KEY");
}

}  // namespace hailstone::http
