// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which Host and Origin headers may talk to this server, and with which key. Pure.
//
// The Host rule keeps web pages out that point a name of theirs at our address (DNS rebinding); the
// Origin rule keeps out pages that send requests to a local port.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hailstone::http {

/// A pattern with at most one "*", which stands for any text: "*", "http://192.168.1.*".
bool matches_pattern(std::string_view pattern, std::string_view text) noexcept;

struct HostRules {
  std::vector<std::string> allowed;  ///< patterns, besides the built-in ones
  std::string machine_name;          ///< gethostname()
};

/// host: the header, "name:port". own_address: the connection's own end, as an IP literal. Built
/// in: nothing at all, localhost, *.localhost, *.local, *.internal, the machine's name, and IP
/// addresses that are loopback, private, link-local, unspecified or our own.
bool is_allowed_host(std::string_view host, std::string_view own_address, const HostRules& rules);

/// host: the request's Host header, already allowed: a page that we served ourselves may call back.
bool is_allowed_origin(std::string_view origin, std::string_view host,
                       const std::vector<std::string>& allowed);

/// The key of "Bearer KEY".
std::optional<std::string_view> find_bearer_key(std::string_view authorization) noexcept;

/// authorization: the header. Takes the same time for every wrong key of one length.
bool has_valid_key(std::string_view authorization, const std::vector<std::string>& keys) noexcept;

/// The same for a key that came without a scheme: in a form.
bool is_valid_key(std::string_view key, const std::vector<std::string>& keys) noexcept;

/// For handlers of routes with KeyPlace::kInForm: where there are keys, one must be in the header
/// or, without a header, in the form. Throws Error(kUnauthorized).
void require_key(std::string_view authorization, std::string_view form_key,
                 const std::vector<std::string>& keys);

}  // namespace hailstone::http
