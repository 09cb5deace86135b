// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/pipeline/upgrade.hpp"

#include <algorithm>

#include "base/strings.hpp"
#include "http/pipeline/error_reply.hpp"

namespace hailstone::http {
namespace {

constexpr std::string_view kKeyProtocol = "openai-insecure-api-key.";
constexpr std::string_view kVersion = "13";

/// The items of a comma-separated header, which may stand there several times.
std::vector<std::string> list_of(const Headers& headers, std::string_view name) {
  std::vector<std::string> items;
  for (const auto& [known, value] : headers.all()) {
    if (!equals_ignoring_case(known, name)) continue;
    for (const auto& item : split(value, ',')) {
      if (!trim(item).empty()) items.emplace_back(trim(item));
    }
  }
  return items;
}

bool lists(const Headers& headers, std::string_view name, std::string_view wanted) {
  const auto items = list_of(headers, name);
  return std::any_of(items.begin(), items.end(),
                     [wanted](const auto& item) { return equals_ignoring_case(item, wanted); });
}

/// Base64 of 16 bytes.
bool is_nonce(std::string_view key) noexcept {
  constexpr std::size_t kLength = 24;
  const auto is_letter = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  };
  return key.size() == kLength && key.ends_with("==") &&
         std::all_of(key.begin(), key.end() - 2, is_letter);
}

}  // namespace

bool asks_for_web_socket(const Headers& headers) {
  return lists(headers, "Upgrade", "websocket");
}

void check_upgrade(const Headers& headers) {
  if (!lists(headers, "Connection", "upgrade")) {
    throw StatusError(400, "a WebSocket needs the header Connection: Upgrade",
                      "a proxy in front of this server may have dropped it");
  }
  if (headers.find("Sec-WebSocket-Version") != kVersion) {
    throw StatusError(426, "only version 13 of the WebSocket protocol is spoken here")
        .add_header("Sec-WebSocket-Version", std::string(kVersion))
        .add_header("Upgrade", "websocket");
  }
  if (!is_nonce(headers.find("Sec-WebSocket-Key").value_or(""))) {
    throw StatusError(400, "Sec-WebSocket-Key must be 16 bytes in base64");
  }
}

std::string choose_protocol(const Headers& headers, const std::vector<std::string>& known) {
  for (auto& offered : list_of(headers, "Sec-WebSocket-Protocol")) {
    if (std::find(known.begin(), known.end(), offered) != known.end()) return std::move(offered);
  }
  return {};
}

std::optional<std::string> find_key_in_protocols(const Headers& headers) {
  for (const auto& offered : list_of(headers, "Sec-WebSocket-Protocol")) {
    if (offered.starts_with(kKeyProtocol)) return offered.substr(kKeyProtocol.size());
  }
  return std::nullopt;
}

}  // namespace hailstone::http
