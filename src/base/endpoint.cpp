// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "base/endpoint.hpp"

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone {
namespace {

constexpr std::string_view kHttp = "http://";

[[noreturn]] void refuse(std::string_view text, std::string_view why) {
  throw Error(ErrorCode::kBadRequest,
              "'" + std::string(text) + "' is not an address: " + std::string(why),
              "Forms that work: HOST:PORT, HOST, :PORT, [IPV6]:PORT, http://HOST:PORT");
}

bool is_number(std::string_view text) noexcept {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::uint16_t parse_port(std::string_view port, std::string_view text) {
  std::uint16_t value = 0;
  const auto result = std::from_chars(port.data(), port.data() + port.size(), value);
  if (!is_number(port) || result.ec != std::errc{}) refuse(text, "a port is 0 to 65535");
  return value;
}

bool is_host_character(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
         c == '-' || c == '_' || c == ':' || c == '%';
}

/// Splits the port off; what stays is the host, without brackets.
std::string_view take_port(std::string_view& rest, std::string_view text) {
  std::string_view host = rest;
  rest = {};
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    if (end == std::string_view::npos) refuse(text, "']' is missing");
    rest = host.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') refuse(text, "':PORT' expected after ']'");
    return host.substr(1, end - 1);
  }
  const auto colon = host.find(':');
  // More than one colon and no brackets: an IPv6 address on its own.
  if (colon == std::string_view::npos || host.find(':', colon + 1) != std::string_view::npos) {
    return host;
  }
  rest = host.substr(colon);
  return host.substr(0, colon);
}

}  // namespace

Endpoint parse_endpoint(std::string_view text, std::uint16_t default_port) {
  std::string_view rest = trim(text);
  if (rest.empty()) refuse(text, "it is empty");
  if (equals_ignoring_case(rest.substr(0, kHttp.size()), kHttp)) {
    rest.remove_prefix(kHttp.size());
    default_port = 80;
  } else if (rest.find("://") != std::string_view::npos) {
    refuse(text, "only http:// is spoken; for TLS put a proxy in between");
  }
  if (rest.ends_with('/')) rest.remove_suffix(1);
  Endpoint endpoint;
  if (is_number(rest)) {
    endpoint.port = parse_port(rest, text);
    return endpoint;
  }
  const std::string_view host = take_port(rest, text);
  if (!std::all_of(host.begin(), host.end(), is_host_character)) {
    refuse(text, "a host is letters, digits, '.', '-' and '_'");
  }
  if (!host.empty()) endpoint.host = host;
  endpoint.port = rest.empty() ? default_port : parse_port(rest.substr(1), text);
  return endpoint;
}

std::string to_string(const Endpoint& endpoint) {
  const bool is_ipv6 = endpoint.host.find(':') != std::string::npos;
  return (is_ipv6 ? '[' + endpoint.host + ']' : endpoint.host) + ':' +
         std::to_string(endpoint.port);
}

bool is_loopback(std::string_view host) noexcept {
  if (equals_ignoring_case(host, "localhost") || host == "::1") return true;
  // A name such as "127.example.org" is not an address.
  return host.starts_with("127.") &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace hailstone
