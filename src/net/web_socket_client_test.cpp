// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "net/web_socket_client.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "net/tcp_service.hpp"

namespace hailstone::net {
namespace {

using namespace std::chrono_literals;
using Kind = SocketMessage::Kind;

constexpr const char* kUpgrade =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

RunContext soon() {
  return {Deadline::in(20s), {}};
}

/// Answers each client with some bytes, and keeps what comes after its request.
class Peer {
 public:
  explicit Peer(std::string answer, std::size_t expected = 0)
      : service_(
            {.name = "peer", .listen = {{"127.0.0.1", 0}}},
            [this, answer = std::move(answer), expected](Socket& socket, const TcpClient& client) {
              const Socket::StopWatch watch(socket, client.run);
              std::array<char, 4096> piece{};
              std::string seen;
              std::size_t head = std::string::npos;
              bool has_answered = false;
              while (head == std::string::npos || seen.size() < head + 4 + expected) {
                const auto size = socket.read_some(piece, watch);
                if (size == 0) break;
                seen.append(piece.data(), size);
                head = seen.find("\r\n\r\n");
                if (head == std::string::npos || std::exchange(has_answered, true)) continue;
                for (const char c : answer) socket.write_all({&c, 1}, watch);  // at its worst
              }
              if (head != std::string::npos) {
                request = seen.substr(0, head);
                received = seen.substr(head + 4);
              }
              const std::lock_guard lock(mutex_);
              is_done_ = true;
              changed_.notify_all();
            }) {}
  ~Peer() { service_.stop(); }

  std::unique_ptr<WebSocketClient> connect(ClientResponse& refusal) {
    return WebSocketClient::connect(service_.endpoints().front(), "/talk?a=b", {{"X-Key", "k"}},
                                    soon(), refusal);
  }
  /// The client leaves, and what it has sent has come.
  void finish(std::unique_ptr<WebSocketClient> client) {
    client.reset();
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, 20s, [this] { return is_done_; }));
    lock.unlock();
    service_.stop();
  }

  std::string request;   // after finish()
  std::string received;  // likewise

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_done_ = false;
  TcpService service_;
};

TEST(WebSocketClient, MessagesComeWholeAndPingsAreAnswered) {
  const std::string large(300, 'x');
  const std::string answer = std::string(kUpgrade) + std::string("\x01\x03hel", 5) +
                             std::string("\x89\x02hi", 4) + std::string("\x80\x02lo", 4) +
                             std::string("\x82\x7E\x01\x2C", 4) + large +
                             std::string(
                                 "\x88\x05\x03\xE8"
                                 "bye",
                                 7);
  Peer peer(answer, 8);
  ClientResponse refusal;
  auto client = peer.connect(refusal);
  ASSERT_TRUE(client);
  const auto text = client->receive(soon());
  EXPECT_EQ(text.kind, Kind::kText);
  EXPECT_EQ(text.data, "hello");
  const auto bytes = client->receive(soon());
  EXPECT_EQ(bytes.kind, Kind::kBinary);
  EXPECT_EQ(bytes.data, large);
  const auto end = client->receive(soon());
  EXPECT_EQ(end.kind, Kind::kClosed);
  EXPECT_EQ(end.data, "bye");
  EXPECT_EQ(client->receive(soon()).kind, Kind::kClosed);
  peer.finish(std::move(client));
  EXPECT_NE(peer.request.find("GET /talk?a=b HTTP/1.1"), std::string::npos);
  EXPECT_NE(peer.request.find("X-Key: k"), std::string::npos);
  ASSERT_EQ(peer.received.size(), 8U);
  EXPECT_EQ(peer.received.substr(0, 2), "\x8A\x82") << "a masked pong of two bytes";
  EXPECT_EQ(peer.received[6] ^ peer.received[2], 'h');
}

TEST(WebSocketClient, WhatIsSentIsMaskedAndAsLongAsItSays) {
  Peer peer(kUpgrade, 8 + 208);
  ClientResponse refusal;
  auto client = peer.connect(refusal);
  ASSERT_TRUE(client);
  client->send_text("ab", soon());
  client->send_binary(std::string(200, '\0'), soon());
  EXPECT_THROW(client->receive(soon()), ConnectionError) << "the peer hangs up";
  peer.finish(std::move(client));
  ASSERT_GE(peer.received.size(), 12U);
  EXPECT_EQ(peer.received.substr(0, 2), "\x81\x82");
  EXPECT_EQ(peer.received.substr(8, 2), "\x82\xFE");
  EXPECT_EQ(peer.received[10], '\0');
  EXPECT_EQ(static_cast<unsigned char>(peer.received[11]), 200);
}

TEST(WebSocketClient, ARefusalIsGivenWithItsBody) {
  Peer peer("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nfull");
  ClientResponse refusal;
  EXPECT_FALSE(peer.connect(refusal));
  EXPECT_EQ(refusal.status, 503);
  EXPECT_EQ(refusal.body, "full");
}

TEST(WebSocketClient, WhatIsNoWebSocketsIsRefused) {
  ClientResponse refusal;
  Peer masked(std::string(kUpgrade) + std::string("\x81\x81"
                                                  "abcd"
                                                  "x",
                                                  7),
              1);
  EXPECT_THROW(masked.connect(refusal)->receive(soon()), ConnectionError);
  Peer huge(std::string(kUpgrade) + std::string("\x82\x7F\0\0\0\1\0\0\0\0", 10), 1);
  EXPECT_THROW(huge.connect(refusal)->receive(soon()), Error);
}

}  // namespace
}  // namespace hailstone::net
