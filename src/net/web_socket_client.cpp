// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "net/web_socket_client.hpp"

#include <array>
#include <mutex>
#include <random>
#include <span>
#include <utility>

#include "base/error.hpp"
#include "net/response_parser.hpp"
#include "net/socket.hpp"

namespace hailstone::net {
namespace {

enum Opcode : std::uint8_t {
  kContinuation = 0,
  kTextFrame = 1,
  kBinaryFrame = 2,
  kClose = 8,
  kPing = 9,
  kPong = 10,
};
constexpr std::string_view kUpgraded = "HTTP/1.1 101";
constexpr std::uint8_t kLast = 0x80;
constexpr std::uint8_t kMasked = 0x80;
constexpr std::uint8_t kControl = 0x08;

ConnectionError broken() {
  return {ConnectionError::Kind::kBroken, "the service has closed the connection"};
}

std::string big_endian(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xFFU);
  return out;
}

/// Clients have to hide what they send from proxies behind a mask that nobody can foresee.
std::string make_frame(Opcode opcode, std::string_view data, std::uint32_t mask) {
  std::string frame(1, static_cast<char>(kLast | opcode));
  if (data.size() < 126) {
    frame += static_cast<char>(kMasked | data.size());
  } else if (data.size() <= 0xFFFF) {
    frame += static_cast<char>(kMasked | 126U) + big_endian(data.size(), 2);
  } else {
    frame += static_cast<char>(kMasked | 127U) + big_endian(data.size(), 8);
  }
  const std::string key = big_endian(mask, 4);
  frame += key;
  const std::size_t head = frame.size();
  frame += data;
  for (std::size_t i = 0; i < data.size(); ++i) {
    frame[head + i] = static_cast<char>(frame[head + i] ^ key[i % 4]);
  }
  return frame;
}

std::string make_request(const Address& address, const std::string& target,
                         const Headers& headers) {
  const auto* tcp = std::get_if<Endpoint>(&address);
  std::string request =
      "GET " + target +
      " HTTP/1.1\r\nHost: " + (tcp != nullptr ? hailstone::to_string(*tcp) : "localhost") +
      "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      // Only its form counts: it guards against caches, of which none is between.
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: aGFpbHN0b25lIGNsaWVudA==\r\n";
  for (const auto& [name, value] : headers) request.append(name + ": " + value + "\r\n");
  return request + "\r\n";
}

}  // namespace

struct WebSocketClient::Impl {
  explicit Impl(Socket&& connected) : socket(std::move(connected)) {}

  void send(Opcode opcode, std::string_view data, const RunContext& run) {
    const std::lock_guard lock(mutex);
    const Socket::StopWatch watch(socket, run);
    if (!socket.write_all(make_frame(opcode, data, random()), watch)) throw broken();
  }

  /// At least so many bytes are there afterwards.
  void fill(std::size_t size, const RunContext& run) {
    const Socket::StopWatch watch(socket, run);
    std::array<char, 16'384> piece{};
    while (unread.size() < size) {
      const std::size_t count = socket.read_some(piece, watch);
      if (count == 0) throw broken();
      unread.append(piece.data(), count);
    }
  }

  std::uint64_t number(std::size_t at, int bytes) const {
    std::uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) {
      value = value << 8U | static_cast<std::uint8_t>(unread[at + static_cast<std::size_t>(i)]);
    }
    return value;
  }

  /// The next frame's first byte; its data are appended.
  std::uint8_t read_frame(std::string& data, const RunContext& run) {
    fill(2, run);
    const auto first = static_cast<std::uint8_t>(unread[0]);
    std::uint64_t length = static_cast<std::uint8_t>(unread[1]);
    std::size_t head = 2;
    if ((length & kMasked) != 0) {
      throw ConnectionError(ConnectionError::Kind::kNotHttp, "a service must not mask its frames");
    }
    if (length >= 126) {
      const int bytes = length == 126 ? 2 : 8;
      head += static_cast<std::size_t>(bytes);
      fill(head, run);
      length = number(2, bytes);
    }
    if (length > kMostBytes - std::min(kMostBytes, data.size())) {
      throw Error(ErrorCode::kTooLarge, "the service's message is larger than 16 MiB");
    }
    const auto size = static_cast<std::size_t>(length);
    fill(head + size, run);
    data.append(unread, head, size);
    unread.erase(0, head + size);
    return first;
  }

  Socket socket;
  std::mutex mutex;  // of writing
  std::random_device random;
  std::string unread;
  bool is_closed = false;
};

WebSocketClient::WebSocketClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
WebSocketClient::~WebSocketClient() = default;

std::unique_ptr<WebSocketClient> WebSocketClient::connect(const Address& address,
                                                          const std::string& target,
                                                          const Headers& headers,
                                                          const RunContext& run,
                                                          ClientResponse& refusal) {
  auto impl = std::make_unique<Impl>(Socket::connect(address, run));
  const Socket::StopWatch watch(impl->socket, run);
  if (!impl->socket.write_all(make_request(address, target, headers), watch)) throw broken();
  // The parser keeps references.
  const OnHead on_head = [&](const ResponseHead& head) {
    static_cast<ResponseHead&>(refusal) = head;
  };
  const OnPiece on_piece = [&](std::string_view part) { refusal.body += part; };
  ResponseParser parser(BodyOf::kGet, kDefaultMaxBody, on_head, on_piece);
  std::array<char, 4096> piece{};
  while (!parser.is_done()) {
    // What comes behind the head of an upgrade is no body.
    const bool may_be_upgrade =
        impl->unread.compare(0, kUpgraded.size(), kUpgraded, 0, impl->unread.size()) == 0;
    const auto end = impl->unread.find("\r\n\r\n");
    if (may_be_upgrade && end != std::string::npos) {
      impl->unread.erase(0, end + 4);
      return std::unique_ptr<WebSocketClient>(new WebSocketClient(std::move(impl)));
    }
    if (!may_be_upgrade) impl->unread.erase(0, parser.put(impl->unread));
    if (parser.is_done()) break;
    const std::size_t count = impl->socket.read_some(piece, watch);
    if (count == 0) {
      parser.end();
      break;
    }
    impl->unread.append(piece.data(), count);
    if (impl->unread.size() > kMaxHeadBytes) throw broken();
  }
  return nullptr;
}

void WebSocketClient::send_text(std::string_view text, const RunContext& run) {
  impl_->send(kTextFrame, text, run);
}

void WebSocketClient::send_binary(std::string_view bytes, const RunContext& run) {
  impl_->send(kBinaryFrame, bytes, run);
}

SocketMessage WebSocketClient::receive(const RunContext& run) {
  SocketMessage message;
  if (impl_->is_closed) return message;
  for (;;) {
    std::string control;
    impl_->fill(1, run);
    const bool is_control = (static_cast<std::uint8_t>(impl_->unread[0]) & kControl) != 0;
    const std::uint8_t first = impl_->read_frame(is_control ? control : message.data, run);
    const auto opcode = static_cast<Opcode>(first & 0x0FU);
    if (opcode == kPing) impl_->send(kPong, control, run);
    if (opcode == kClose) {
      impl_->is_closed = true;
      if (control.size() > 2) message.data = control.substr(2);
      message.kind = SocketMessage::Kind::kClosed;
      return message;
    }
    if (is_control) continue;
    if (opcode == kTextFrame) message.kind = SocketMessage::Kind::kText;
    if (opcode == kBinaryFrame) message.kind = SocketMessage::Kind::kBinary;
    if ((first & kLast) != 0) return message;
  }
}

}  // namespace hailstone::net
