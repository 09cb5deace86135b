// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The request with which a connection becomes a WebSocket (RFC 6455, section 4.2.1). Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"
#include "http/router.hpp"

namespace hailstone::http {

/// A request that becomes a session.
struct UpgradeRequest {
  Request request;
  const Route* route = nullptr;
  std::string protocol;  ///< that was agreed on; empty: none
  Headers reply_headers;
};

/// Whether the client asks for a WebSocket at all, rightly or not.
bool asks_for_web_socket(const Headers& headers);

/// Throws StatusError for what cannot be upgraded, with what would work.
void check_upgrade(const Headers& headers);

/// The first one that the client offers and that is known; empty: none.
std::string choose_protocol(const Headers& headers, const std::vector<std::string>& known);

/// Browsers cannot set a header for a WebSocket: OpenAI's clients put the key into the list of
/// subprotocols, as "openai-insecure-api-key.KEY".
std::optional<std::string> find_key_in_protocols(const Headers& headers);

}  // namespace hailstone::http
