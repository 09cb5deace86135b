// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A WebSocket client for tests that sends frames bit by bit as it is told, broken ones too.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/testing/raw_client.hpp"

namespace hailstone::http::testing {

enum Opcode : std::uint8_t { kMore = 0, kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10 };

/// A masked frame. first: FIN and reserved bits with the opcode.
inline std::string raw_frame(std::uint8_t first, std::string_view payload) {
  constexpr std::string_view kMask = "\x37\xFA\x21\x3D";
  std::string out(1, static_cast<char>(first));
  const auto size = payload.size();
  const auto add_length = [&](int bytes) {
    for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(size >> (8 * i) & 0xFF);
  };
  out += static_cast<char>(0x80 | (size < 126 ? size : size < 65536 ? 126 : 127));
  if (size >= 126) add_length(size < 65536 ? 2 : 8);
  out += kMask;
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(payload[i] ^ kMask[i % 4]);
  return out;
}

inline std::string frame(Opcode opcode, std::string_view payload) {
  return raw_frame(static_cast<std::uint8_t>(0x80 | opcode), payload);
}

/// Of a message that goes on.
inline std::string part(Opcode opcode, std::string_view payload) {
  return raw_frame(opcode, payload);
}

inline std::string close_frame(int code, std::string_view reason = {}) {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
  return frame(kClose, payload.append(reason));
}

struct Frame {
  std::uint8_t first = 0;
  std::string payload;

  Opcode opcode() const { return static_cast<Opcode>(first & 0x0F); }
  /// Of a close frame; 1005: it names none.
  int code() const {
    if (payload.size() < 2) return 1005;
    return static_cast<std::uint8_t>(payload[0]) << 8 | static_cast<std::uint8_t>(payload[1]);
  }
};

class WebSocketClient {
 public:
  /// more: headers, each with its end of line.
  explicit WebSocketClient(RawClient client, std::string_view path = "/socket",
                           std::string_view more = {})
      : client_(std::move(client)) {
    answer = client_.ask(request(path, more));
  }

  static std::string request(std::string_view path, std::string_view more = {}) {
    return "GET " + std::string(path) +
           " HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, Upgrade\r\n"
           "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
           std::string(more) + "\r\n";
  }

  bool send(std::string_view bytes) { return client_.send(bytes); }

  /// Nothing: the server has hung up, or 20 seconds have passed.
  std::optional<Frame> read() {
    if (!need(2)) return std::nullopt;
    Frame frame{static_cast<std::uint8_t>(seen_[0]), {}};
    std::size_t size = static_cast<std::uint8_t>(seen_[1]);
    const std::size_t length_bytes = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (!need(2 + length_bytes)) return std::nullopt;
    if (length_bytes > 0) size = 0;
    for (std::size_t i = 0; i < length_bytes; ++i) {
      size = size << 8 | static_cast<std::uint8_t>(seen_[2 + i]);
    }
    if (!need(2 + length_bytes + size)) return std::nullopt;
    frame.payload = seen_.substr(2 + length_bytes, size);
    seen_.erase(0, 2 + length_bytes + size);
    return frame;
  }

  /// All frames until the server hangs up: "text:abc pong:x close:1000". When all but the end of
  /// what is expected has come, it says goodbye.
  std::string conversation(std::string_view expected = {}) {
    constexpr std::string_view kEnd = " close:1000";
    if (expected.ends_with(kEnd)) expected.remove_suffix(kEnd.size());
    std::string said;
    while (const auto frame = read()) {
      if (!said.empty()) said += ' ';
      if (frame->opcode() == kClose) {
        said += "close:" + std::to_string(frame->code());
      } else {
        const char* name = frame->opcode() == kText     ? "text:"
                           : frame->opcode() == kBinary ? "binary:"
                           : frame->opcode() == kPong   ? "pong:"
                                                        : "ping:";
        said += name + frame->payload;
        if (said == expected) send(close_frame(1000));
      }
    }
    return said;
  }

  RawClient& raw() { return client_; }

  RawReply answer;

 private:
  bool need(std::size_t size) {
    while (seen_.size() < size) {
      const auto more = client_.read_some();
      if (more.empty()) return false;
      seen_ += more;
    }
    return true;
  }

  RawClient client_;
  std::string seen_;
};

}  // namespace hailstone::http::testing
