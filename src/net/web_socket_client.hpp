// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The client's side of a WebSocket (RFC 6455), for the command line. Blocking; every wait ends at
// its deadline or stop request.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "net/http_client.hpp"

namespace hailstone::net {

struct SocketMessage {
  enum class Kind : std::uint8_t { kText, kBinary, kClosed };
  Kind kind = Kind::kClosed;
  std::string data = {};  ///< kClosed: the other side's reason, may be empty
};

/// One thread receives, others may send.
class WebSocketClient {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{16} << 20;

  /// What the other side answered instead of becoming a WebSocket, in refusal; null then. Throws
  /// ConnectionError, Error(kTimeout), Error(kCancelled).
  static std::unique_ptr<WebSocketClient> connect(const Address& address, const std::string& target,
                                                  const Headers& headers, const RunContext& run,
                                                  ClientResponse& refusal);
  ~WebSocketClient();
  WebSocketClient(const WebSocketClient&) = delete;
  WebSocketClient& operator=(const WebSocketClient&) = delete;

  /// Both throw ConnectionError(kBroken) where the other side has hung up.
  void send_text(std::string_view text, const RunContext& run);
  void send_binary(std::string_view bytes, const RunContext& run);
  /// A whole message; pings are answered meanwhile. kClosed once and for all. Throws
  /// ConnectionError for what is no WebSocket's, Error(kTooLarge) above kMostBytes.
  SocketMessage receive(const RunContext& run);

 private:
  struct Impl;
  explicit WebSocketClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstone::net
