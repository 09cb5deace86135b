// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// What a server must not do, however it is asked.

#include <gmock/gmock.h>

#include "http/header_names.hpp"
#include "http/testing/raw_client.hpp"
#include "http/testing/test_server.hpp"

namespace hailstone::http {
namespace {

using ::testing::HasSubstr;
using testing::RawClient;
using testing::TestServer;

constexpr const char* kHost = "Host: localhost\r\n";

ServerOptions impatient() {
  ServerOptions options;
  options.header_timeout = options.body_timeout = options.idle_timeout = options.write_timeout =
      std::chrono::seconds(1);
  return options;
}

TEST(ServerLimits, AForeignHostIsRefusedOnEveryRouteAndMethod) {
  TestServer server;
  for (const char* method : {"GET", "POST", "OPTIONS", "HEAD", "DELETE"}) {
    for (const char* path : {"/api/version", "/work", "/nothing", "/health/live", "*"}) {
      auto client = server.connect();
      const auto request =
          std::string(method) + " " + path + " HTTP/1.1\r\nHost: evil.example\r\n\r\n";
      EXPECT_EQ(client.ask(request, std::string(method) == "HEAD").status, 403) << request;
    }
  }
  auto client = server.connect();
  EXPECT_EQ(
      client.ask("GET http://evil.example/api/version HTTP/1.1\r\nHost: localhost\r\n\r\n").status,
      403);
  EXPECT_EQ(client.ask("GET /api/version HTTP/1.1\r\nHost: \r\n\r\n").status, 200);
  EXPECT_EQ(client.ask("GET /api/version HTTP/1.1\r\n\r\n").status, 400);
  EXPECT_EQ(
      client.ask("GET /api/version HTTP/1.1\r\nHost: a.local\r\nHost: b.local\r\n\r\n").status,
      400);
}

TEST(ServerLimits, PagesOfOtherOriginsAreRefused) {
  TestServer server;
  auto client = server.connect();
  const auto ask = [&client](const char* method, const char* origin) {
    return client.ask(std::string(method) + " /api/version HTTP/1.1\r\n" + kHost +
                      "Origin: " + origin + "\r\nAccess-Control-Request-Method: GET\r\n" +
                      "Access-Control-Request-Headers: x-stainless-os, x-evil\r\n\r\n");
  };
  EXPECT_EQ(ask("GET", "http://evil.example").status, 403);
  EXPECT_EQ(ask("OPTIONS", "http://evil.example").status, 403);
  const auto allowed = ask("GET", "http://localhost:3000");
  EXPECT_EQ(allowed.status, 200);
  EXPECT_EQ(allowed.header("access-control-allow-origin"), "http://localhost:3000");
  for (const char* name : {kEngineHeader, kKeepAliveHeader, kTruncatedHeader, kQueuePositionHeader,
                           "X-Request-Id", "Retry-After"}) {
    EXPECT_THAT(allowed.header("access-control-expose-headers"), HasSubstr(name));
  }
  const auto preflight = ask("OPTIONS", "http://localhost:3000");
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.header("content-length"), "");
  EXPECT_EQ(preflight.header("access-control-allow-methods"), "GET, HEAD, OPTIONS");
  EXPECT_THAT(preflight.header("access-control-allow-headers"), HasSubstr("x-stainless-os"));
  EXPECT_THAT(preflight.header("access-control-allow-headers"), HasSubstr(kLaneHeader));
  EXPECT_THAT(preflight.header("access-control-allow-headers"),
              ::testing::Not(HasSubstr("x-evil")));
}

TEST(ServerLimits, AnApiKeyGuardsAllButLivenessAndPreflights) {
  ServerOptions options;
  options.api_keys = {"secret"};
  TestServer server(options);
  auto client = server.connect();
  const auto ask = [&client](const std::string& line, const std::string& headers = "") {
    return client.ask(line + " HTTP/1.1\r\n" + kHost + headers + "\r\n");
  };
  const auto refused = ask("GET /api/version");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.header("www-authenticate"), "Bearer");
  EXPECT_EQ(ask("GET /nothing").status, 401);
  EXPECT_EQ(ask("GET /api/version?api_key=secret").status, 401);
  EXPECT_EQ(ask("GET /api/version", "Authorization: Bearer wrong\r\n").status, 401);
  EXPECT_EQ(ask("GET /api/version", "Authorization: Bearer secret\r\n").status, 200);
  EXPECT_EQ(ask("GET /health/live").status, 200);
  EXPECT_EQ(ask("OPTIONS /api/version").status, 204);
}

TEST(ServerLimits, HeadersHaveLimits) {
  TestServer server;
  const auto ask = [&server](const std::string& request) {
    return server.connect().ask(request).status;
  };
  const std::string begin = std::string("GET /api/version HTTP/1.1\r\n") + kHost;
  EXPECT_EQ(ask(begin + "A: " + std::string(40'000, 'x') + "\r\n\r\n"), 431);
  std::string many = begin;
  for (int i = 0; i < 201; ++i) many += "A: x\r\n";
  EXPECT_EQ(ask(many + "\r\n"), 431);
  std::string endless = begin;
  for (int i = 0; i < 4000; ++i) endless += "A: xxxxxxxxxxxxxxxxxxxx\r\n";
  EXPECT_EQ(ask(endless), 431);
  EXPECT_EQ(ask("GET /" + std::string(9000, 'x') + " HTTP/1.1\r\n" + kHost + "\r\n"), 414);
}

TEST(ServerLimits, BodiesHaveLimitsHoweverTheyAreFramed) {
  TestServer server;
  const std::string begin = std::string("POST /echo/x HTTP/1.1\r\n") + kHost;
  EXPECT_EQ(server.connect().ask(begin + "Content-Length: 102401\r\n\r\n").status, 413);
  EXPECT_EQ(server.connect().ask(begin + "Content-Length: 99999999999999999999\r\n\r\n").status,
            400);
  EXPECT_EQ(server.connect()
                .ask(begin + "Transfer-Encoding: chunked\r\n\r\n1ffff\r\n" + std::string(200, 'x'))
                .status,
            413);
  std::string chunked = begin + "Transfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 200; ++i) chunked += "400\r\n" + std::string(0x400, 'x') + "\r\n";
  const auto refused = server.connect().ask(chunked);
  EXPECT_EQ(refused.status, 413);
  EXPECT_EQ(refused.body, R"({"error":"the body is larger than 100.0 KiB"})");
  EXPECT_EQ(
      server.connect().ask(begin + "Content-Encoding: gzip\r\nContent-Length: 0\r\n\r\n").status,
      415);
  EXPECT_EQ(server.connect().ask(begin + "Expect: cake\r\nContent-Length: 0\r\n\r\n").status, 417);
}

TEST(ServerLimits, BodiesOfAllRequestsTogetherHaveALimit) {
  ServerOptions options;
  options.max_buffered = ByteSize::kib(64);
  TestServer server(options);
  EXPECT_EQ(server.connect()
                .ask(std::string("POST /echo/x HTTP/1.1\r\n") + kHost +
                     "Content-Length: 100000\r\n\r\n" + std::string(100'000, 'x'))
                .status,
            503);
  EXPECT_EQ(server.connect()
                .ask(std::string("POST /echo/x HTTP/1.1\r\n") + kHost +
                     "Content-Length: 50000\r\n\r\n" + std::string(50'000, 'x'))
                .status,
            200);
}

TEST(ServerLimits, ASmallRefusedBodyDoesNotCostTheConnection) {
  TestServer server;
  auto client = server.connect();
  EXPECT_EQ(
      client
          .ask(std::string("POST /nothing HTTP/1.1\r\n") + kHost + "Content-Length: 5\r\n\r\nhello")
          .status,
      404);
  EXPECT_EQ(client.ask(std::string("GET /api/version HTTP/1.1\r\n") + kHost + "\r\n").status, 200);
}

TEST(ServerLimits, RequestsThatCanBeReadInTwoWaysAreRefused) {
  TestServer server;
  const std::string begin = std::string("POST /echo/x HTTP/1.1\r\n") + kHost;
  for (const std::string rest :
       {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "Content-Length: -5\r\n\r\nhello",
        "Content-Length: +5\r\n\r\nhello", "Content-Length: 0x5\r\n\r\nhello",
        "Transfer-Encoding: gzip\r\n\r\n", "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", "\x01: x\r\n\r\n", "A\r\n\r\n",
        ": x\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0x1\r\nx\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n1\r\nxyz\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n\r\n\r\n"}) {
    auto client = server.connect();
    EXPECT_EQ(client.ask(begin + rest).status, 400) << rest;
    EXPECT_TRUE(client.is_closed_by_server()) << rest;
  }
  EXPECT_EQ(server.connect().ask("nonsense\r\n\r\n").status, 400);
  EXPECT_EQ(server.connect().ask("GET /api/version HTTP/2.0\r\n\r\n").status, 505);
  EXPECT_EQ(server.connect()
                .ask("POST /echo/x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
                .status,
            400);
}

TEST(ServerLimits, AChunkHeaderWithoutEndIsRefused) {
  TestServer server;
  auto client = server.connect();
  EXPECT_EQ(client
                .ask(std::string("POST /echo/x HTTP/1.1\r\n") + kHost +
                     "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(70'000, 'x'))
                .status,
            400);
}

TEST(ServerLimits, SlowClientsAreCutOff) {
  TestServer server(impatient());
  auto silent = server.connect();
  auto slow_header = server.connect();
  slow_header.send("GET /api/version HTTP/1.1\r\nHo");
  auto slow_body = server.connect();
  slow_body.send(std::string("POST /echo/x HTTP/1.1\r\n") + kHost + "Content-Length: 10\r\n\r\nx");
  auto slow_upload = server.connect();
  slow_upload.send(std::string("POST /upload HTTP/1.1\r\n") + kHost + "Content-Length: 9\r\n\r\nx");
  auto idle = server.connect();
  EXPECT_EQ(idle.ask(std::string("GET /api/version HTTP/1.1\r\n") + kHost + "\r\n").status, 200);
  EXPECT_EQ(slow_header.read_reply().status, 408);
  EXPECT_EQ(slow_body.read_reply().status, 408);
  EXPECT_EQ(slow_upload.read_reply().status, 408);
  for (auto* client : {&silent, &slow_header, &slow_body, &slow_upload, &idle}) {
    EXPECT_TRUE(client->is_closed_by_server());
  }
}

TEST(ServerLimits, AReaderThatStopsIsCutOff) {
  TestServer server(impatient());
  RawClient stream(server.port(), 4096);
  stream.send(std::string("GET /stream?pieces=100000&size=4096 HTTP/1.1\r\n") + kHost + "\r\n");
  RawClient large(server.port(), 4096);
  large.send(std::string("GET /large?size=50000000 HTTP/1.1\r\n") + kHost + "\r\n");
  EXPECT_TRUE(server.wait_for_cancelled(1));
  // The kernel's buffers take a few MiB of loopback, ours 256 KiB; far from 400 MB.
  EXPECT_LT(server.written, 20'000'000U);
  ASSERT_TRUE(server.wait_for_figure("hailstone_http_connections 0"));
  EXPECT_FALSE(stream.read_reply().is_complete);
  EXPECT_FALSE(large.read_reply().is_complete);
}

TEST(ServerLimits, ConnectionsBeyondTheLimitAreTurnedAwayUnlessOneIsIdle) {
  ServerOptions options;
  options.max_connections = 2;
  TestServer server(options);
  const std::string version = std::string("GET /api/version HTTP/1.1\r\n") + kHost + "\r\n";
  const std::string work = std::string("POST /work HTTP/1.1\r\n") + kHost + "\r\n";
  auto idle = server.connect();
  EXPECT_EQ(idle.ask(version).status, 200);
  auto busy = server.connect();
  busy.send(work);
  ASSERT_TRUE(server.wait_for_running(1));
  auto third = server.connect();
  third.send(work);
  ASSERT_TRUE(server.wait_for_running(2));
  EXPECT_TRUE(idle.is_closed_by_server());
  auto fourth = server.connect();
  const auto reply = fourth.read_reply();
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.header("retry-after"), "1");
  server.release();
  EXPECT_EQ(busy.read_reply().status, 200);
  EXPECT_EQ(third.read_reply().status, 200);
}

}  // namespace
}  // namespace hailstone::http
