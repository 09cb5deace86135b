// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Clients that would take all there is: by being many, by being slow, or without a key.

#include <gmock/gmock.h>

#include <list>

#include "http/testing/raw_client.hpp"
#include "http/testing/test_server.hpp"

namespace hailstone::http {
namespace {

using ::testing::HasSubstr;
using testing::RawClient;
using testing::TestServer;

const std::string kVersion = "GET /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n";

std::string begin_form(std::size_t length) {
  return "POST /form HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(length) +
         "\r\n\r\n";
}

TEST(ServerCrowd, ClientsWithoutAKeyCannotFillTheMemoryForBodies) {
  ServerOptions options;
  options.api_keys = {"secret"};
  options.max_unproven = ByteSize::mib(1);
  options.max_buffered = ByteSize::mib(64);
  TestServer server(options);
  auto unproven = server.connect();
  const auto refused = unproven.ask(begin_form(1'500'000) + std::string(1'500'000, 'x'));
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.body, HasSubstr("too many large requests at once"));
  auto proven = server.connect();
  for (const auto* key : {"Authorization: Bearer secret\r\n", ""}) {
    const std::string path = *key == '\0' ? "/form?api_key=secret" : "/form";
    const auto reply = proven.ask("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + key +
                                  "Content-Length: 3000000\r\n\r\n" + std::string(3'000'000, 'x'));
    EXPECT_EQ(reply.body, "3000000");
  }
  // What a refused one held is free again, a moment after its reply.
  std::string body;
  for (int i = 0; i < 1000 && body != "900000"; ++i) {
    body = server.connect().ask(begin_form(900'000) + std::string(900'000, 'x')).body;
  }
  EXPECT_EQ(body, "900000");
}

TEST(ServerCrowd, WithoutAKeyNobodyLearnsWhichPathsExist) {
  ServerOptions options;
  options.api_keys = {"secret"};
  TestServer server(options);
  auto client = server.connect();
  const auto ask = [&](const std::string& path, const std::string& more = "") {
    return client.ask("OPTIONS " + path + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n");
  };
  const std::string origin = "Origin: http://localhost:3000\r\n";
  for (const auto& more : {std::string(), origin}) {
    const auto known = ask("/api/version", more);
    const auto unknown = ask("/nothing", more);
    EXPECT_EQ(known.status, 204);
    EXPECT_EQ(unknown.status, 204);
    EXPECT_EQ(known.header("allow"), unknown.header("allow"));
    EXPECT_EQ(known.header("access-control-allow-methods"),
              unknown.header("access-control-allow-methods"));
  }
  const std::string key = "Authorization: Bearer secret\r\n";
  EXPECT_EQ(ask("/nothing", key).status, 404);
  EXPECT_EQ(ask("/api/version", key).header("allow"), "GET, HEAD, OPTIONS");
}

TEST(ServerCrowd, OneMachineCannotTakeAllPlaces) {
  ServerOptions options;
  options.trusted_proxies.clear();  // loopback is one by default
  options.max_per_address = 3;
  TestServer server(options);
  std::list<RawClient> clients;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(clients.emplace_back(server.connect()).ask(kVersion).status, 200);
  }
  auto fourth = server.connect();
  const auto refused = fourth.ask(kVersion);
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.body, HasSubstr("too many connections of one machine"));
  fourth.close();
  clients.pop_back();
  int status = 0;
  for (int i = 0; i < 1000 && status != 200; ++i) status = server.connect().ask(kVersion).status;
  EXPECT_EQ(status, 200);
}

TEST(ServerCrowd, WhoDawdlesGivesWay) {
  ServerOptions options;
  options.max_connections = 4;
  TestServer server(options);
  std::list<RawClient> slow;
  for (int i = 0; i < 2; ++i) slow.emplace_back(server.connect()).send("GET /api/ver");
  for (int i = 0; i < 2; ++i) slow.emplace_back(server.connect()).send(begin_form(1000) + "x");
  int status = 0;
  for (int i = 0; i < 2000 && status != 200; ++i) {  // they have a second
    status = server.connect().ask(kVersion).status;
    if (status != 200) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_EQ(status, 200);
  EXPECT_TRUE(slow.front().is_closed_by_server());
}

TEST(ServerCrowd, ABodyThatTricklesIsRefused) {
  ServerOptions options;
  options.rate_grace = std::chrono::seconds(0);
  options.min_body_rate = ByteSize::mib(1);
  TestServer server(options);
  auto client = server.connect();
  client.send(begin_form(1000) + "x");
  const auto reply = client.read_reply();
  EXPECT_EQ(reply.status, 408);
  EXPECT_THAT(reply.body, HasSubstr("did not arrive in time"));
}

TEST(ServerCrowd, AnUploadThatTheHandlerHoldsUpIsNotSlow) {
  ServerOptions options;
  options.rate_grace = std::chrono::seconds(0);
  options.min_body_rate = ByteSize::bytes(1);
  TestServer server(options);
  auto client = server.connect();
  constexpr std::size_t kSize = 4 << 20;
  std::thread sender([&] {
    client.send("POST /upload?slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
                std::to_string(kSize) + "\r\n\r\n" + std::string(kSize, 'u'));
  });
  ASSERT_TRUE(server.wait_for_running(1));
  std::this_thread::sleep_for(std::chrono::milliseconds(600));  // some looks at the time
  server.release();
  sender.join();
  EXPECT_EQ(client.read_reply().body, std::to_string(kSize));
}

}  // namespace
}  // namespace hailstone::http
