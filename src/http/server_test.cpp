// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/server.hpp"

#include <gmock/gmock.h>

#include "http/testing/raw_client.hpp"
#include "http/testing/test_server.hpp"

namespace hailstone::http {
namespace {

using ::testing::HasSubstr;
using testing::RawClient;
using ::testing::StartsWith;
using testing::TestServer;

std::string get(const std::string& target, const std::string& headers = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n";
}

std::string post(const std::string& target, const std::string& body,
                 const std::string& headers = "") {
  return "POST " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(Server, AnswersAndKeepsTheConnection) {
  TestServer server;
  auto client = server.connect();
  for (int i = 0; i < 3; ++i) {
    const auto reply = client.ask(get("/api/version"));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, R"({"version":"1"})");
    EXPECT_EQ(reply.header("content-type"), "application/json; charset=utf-8");
    EXPECT_EQ(reply.header("connection"), "");
    EXPECT_THAT(reply.header("x-request-id"), StartsWith("req_"));
    EXPECT_THAT(reply.header("date"), HasSubstr("GMT"));
  }
}

TEST(Server, EchoesASaneRequestId) {
  TestServer server;
  auto client = server.connect();
  EXPECT_EQ(client.ask(get("/api/version", "X-Request-Id: abc-1\r\n")).header("x-request-id"),
            "abc-1");
  EXPECT_THAT(client.ask(get("/api/version", "X-Request-Id: a b\r\n")).header("x-request-id"),
              StartsWith("req_"));
}

TEST(Server, GivesTheHandlerPathQueryAndBody) {
  TestServer server;
  auto client = server.connect();
  EXPECT_EQ(client.ask(post("/echo/a%2Fb?q=1+2", "hello")).body, "a/b|1 2|hello");
  EXPECT_EQ(
      client
          .ask("POST /echo/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
               "3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: 1\r\n\r\n")
          .body,
      "x||hello");
  EXPECT_EQ(client.ask(post("http://localhost/echo/y", "z")).body, "y||z");
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  TestServer server;
  auto client = server.connect();
  std::string requests;
  for (int i = 0; i < 300; ++i) requests += post("/echo/" + std::to_string(i), "b");
  client.send(requests);
  for (int i = 0; i < 300; ++i) {
    ASSERT_EQ(client.read_reply().body, std::to_string(i) + "||b");
  }
}

TEST(Server, TakesRequestsByteByByte) {
  TestServer server;
  auto client = server.connect();
  for (const char c : "\r\n" + post("/echo/x", "body")) client.send({&c, 1});
  EXPECT_EQ(client.read_reply().body, "x||body");
}

// Of which the last chunk is the first: Beast's debug builds would not have it in pieces.
TEST(Server, TakesAnEmptyChunkedBodyByteByByte) {
  TestServer server;
  auto client = server.connect();
  const std::string request =
      "POST /echo/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  for (int i = 0; i < 2; ++i) {
    for (const char c : request) client.send({&c, 1});
    EXPECT_EQ(client.read_reply().body, "x||");
  }
}

TEST(Server, TakesASlashAtTheEnd) {
  TestServer server;
  auto client = server.connect();
  EXPECT_EQ(client.ask(get("/api/version/")).status, 200);
  EXPECT_EQ(client.ask(post("/echo/x/?q=1", "body")).body, "x|1|body");
  EXPECT_EQ(client.ask(get("/nothing/")).status, 404);
  EXPECT_EQ(client.ask(get("/api/version//")).status, 404);
  EXPECT_EQ(client.ask(post("/api/version/", "")).status, 405);
}

TEST(Server, TakesTheHeadersOfABrowserWithManyCookies) {
  TestServer server;
  auto client = server.connect();
  std::string headers = "Cookie: " + std::string(20'000, 'c') + "\r\n";
  for (int i = 0; i < 150; ++i) headers += "X-" + std::to_string(i) + ": y\r\n";
  EXPECT_EQ(client.ask(get("/api/version", headers)).status, 200);
}

TEST(Server, NamesTheSettingThatAllowsAHost) {
  TestServer server;
  auto client = server.connect();
  const auto reply = client.ask("GET /api/version HTTP/1.1\r\nHost: ollama:11434\r\n\r\n");
  EXPECT_EQ(reply.status, 403);
  EXPECT_THAT(reply.body, HasSubstr("the setting hosts allows it"));
  EXPECT_THAT(reply.body, HasSubstr("HAILSTONE_HOSTS"));
}

TEST(Server, BreaksABodyThatIsShorterThanPromised) {
  TestServer server;
  auto client = server.connect();
  const auto whole = client.ask(get("/sized?promise=5&size=5"));
  EXPECT_EQ(whole.header("content-length"), "5");
  EXPECT_TRUE(whole.is_complete);
  EXPECT_FALSE(client.ask(get("/sized?promise=10&size=5")).is_complete);
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(Server, AnswersHeadWithoutABody) {
  TestServer server;
  auto client = server.connect();
  const auto reply =
      client.ask("HEAD /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n", /*is_head=*/true);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("content-length"), "15");
  const auto stream = client.ask("HEAD /stream?pieces=3&size=5 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                                 /*is_head=*/true);
  EXPECT_EQ(stream.header("transfer-encoding"), "chunked");
  EXPECT_EQ(client.ask(get("/api/version")).status, 200);
}

TEST(Server, TellsUnknownPathsFromWrongMethods) {
  TestServer server;
  auto client = server.connect();
  const auto unknown = client.ask(get("/nothing"));
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.body, R"({"error":"there is no /nothing"})");
  EXPECT_THAT(client.ask(get("/v1/nothing")).body,
              StartsWith(R"({"error":{"message":"there is no)"));
  const auto wrong = client.ask(post("/api/version", "x"));
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.header("allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(client.ask("BREW /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 405);
  EXPECT_EQ(client.ask(get("/echo/%zz")).status, 400);
  EXPECT_EQ(client.ask(get("/api/../api/version")).status, 400);
}

TEST(Server, SpeaksHttp10) {
  TestServer server;
  auto client = server.connect();
  const auto reply = client.ask("GET /stream?pieces=3&size=2 HTTP/1.0\r\n\r\n");
  EXPECT_EQ(reply.body, "xxxxxx");
  EXPECT_EQ(reply.header("connection"), "close");
  EXPECT_EQ(reply.header("transfer-encoding"), "");
  auto again = server.connect();
  EXPECT_EQ(
      again.ask("GET /api/version HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").header("connection"),
      "keep-alive");
  EXPECT_EQ(again.ask("GET /api/version HTTP/1.0\r\n\r\n").status, 200);
  EXPECT_TRUE(again.is_closed_by_server());
}

TEST(Server, ClosesWhenTheClientAsksForIt) {
  TestServer server;
  auto client = server.connect();
  EXPECT_EQ(client.ask(get("/api/version", "Connection: close\r\n")).header("connection"), "close");
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(Server, AnswersAClientThatClosesItsSideAtOnce) {
  TestServer server;
  auto client = server.connect();
  client.send(get("/large?size=3000000"));
  client.half_close();
  EXPECT_EQ(client.read_reply().body.size(), 3'000'000U);
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(Server, RendersErrorsInTheDialectOfTheRoute) {
  TestServer server;
  auto client = server.connect();
  const auto crash = client.ask(get("/crash", "X-Request-Id: r1\r\n"));
  EXPECT_EQ(crash.status, 500);
  EXPECT_EQ(crash.body, R"({"error":"internal error; the log has more about r1"})");
  EXPECT_EQ(client.ask(get("/silent")).status, 500);
  EXPECT_EQ(client.ask(get("/broken/ollama")).body, R"({"error":"the engine crashed"})");
  const auto openai = client.ask(get("/v1/broken"));
  EXPECT_EQ(openai.status, 500);
  EXPECT_EQ(openai.header("x-should-retry"), "false");
}

TEST(Server, EndsABrokenStreamInTheDialectOfTheRoute) {
  TestServer server;
  auto client = server.connect();
  const auto ollama = client.ask(get("/broken/ollama?begun"));
  EXPECT_EQ(ollama.status, 200);
  EXPECT_EQ(ollama.header("content-type"), "application/x-ndjson");
  EXPECT_EQ(ollama.body, "{\"a\":1}\n{\"error\":\"the engine crashed\"}\n");
  EXPECT_TRUE(ollama.is_complete);
  const auto openai = client.ask(get("/v1/broken?begun"));
  EXPECT_THAT(openai.body,
              StartsWith("data: {\"a\":1}\n\ndata: {\"error\":{\"message\":\"the eng"));
  EXPECT_TRUE(openai.is_complete);
  const auto plain = client.ask(get("/broken/plain?begun"));
  EXPECT_EQ(plain.body, "{\"a\":1}\n{\"error\":\"the engine crashed\"}\n");
  EXPECT_FALSE(plain.is_complete);
}

TEST(Server, StreamsUploads) {
  TestServer server;
  auto client = server.connect();
  EXPECT_EQ(client.ask(post("/upload", std::string(5'000'000, 'x'))).body, "5000000");
  EXPECT_EQ(client.ask(post("/upload", "")).body, "0");
  client.send("POST /upload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 100; ++i) client.send("1000\r\n" + std::string(0x1000, 'y') + "\r\n");
  client.send("0\r\n\r\n");
  EXPECT_EQ(client.read_reply().body, "409600");
}

TEST(Server, ASlowHandlerHoldsTheUploadBack) {
  TestServer server;
  auto client = server.connect();
  const std::string piece(1 << 20, 'x');
  client.send("POST /upload?slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 33554432\r\n\r\n");
  std::size_t sent = 0;
  std::thread sender([&] {
    for (int i = 0; i < 32; ++i) {
      client.send(piece);
      sent += piece.size();
    }
  });
  ASSERT_TRUE(server.wait_for_running(1));
  server.release();
  sender.join();
  EXPECT_EQ(client.read_reply().body, "33554432");
}

TEST(Server, AsksForTheBodyThatTheClientHoldsBack) {
  TestServer server;
  auto client = server.connect();
  for (const char* target : {"/echo/x", "/upload"}) {
    client.send(
        "POST " + std::string(target) +
        " HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
    EXPECT_EQ(client.read_reply().status, 100);
    EXPECT_EQ(client.ask("body").status, 200);
  }
  EXPECT_EQ(client
                .ask("POST /echo/x HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                     "Content-Length: 400000\r\n\r\n")
                .status,
            413);
}

TEST(Server, CountsWhatItAnswered) {
  TestServer server;
  auto client = server.connect();
  client.ask(get("/api/version"));
  client.ask(get("/nothing"));
  client.ask(get("/broken/ollama"));
  const auto text = server.metrics.expose();
  EXPECT_THAT(text, HasSubstr("hailstone_http_requests_total{method=\"GET\",route=\"/api/version\","
                              "status=\"2xx\"} 1"));
  EXPECT_THAT(text, HasSubstr("route=\"unknown\",status=\"4xx\"} 1"));
  EXPECT_THAT(text, HasSubstr("route=\"/broken/ollama\",status=\"5xx\"} 1"));
  EXPECT_THAT(text, HasSubstr("hailstone_http_request_seconds_count"));
  EXPECT_THAT(text, HasSubstr("hailstone_http_requests_in_flight 0"));
  EXPECT_THAT(text, HasSubstr("hailstone_http_connections 1"));
}

TEST(Server, NamesTheAddressThatIsTaken) {
  TestServer server;
  core::Metrics metrics;
  ServerOptions options;
  options.listen = {{"127.0.0.1", server.port()}};
  try {
    const Server second(options, Router(), metrics);
    FAIL() << "two servers on one port";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConflict);
    EXPECT_THAT(error.what(), HasSubstr("127.0.0.1:" + std::to_string(server.port())));
  }
  options.optional_listen = std::exchange(options.listen, {{"127.0.0.1", 0}});
  EXPECT_EQ(Server(options, Router(), metrics).endpoints().size(), 1U);
}

TEST(Server, ListensOnSeveralAddresses) {
  ServerOptions options;
  options.listen = {{"127.0.0.1", 0}, {"localhost", 0}, {"0.0.0.0", 0}};
  TestServer server(options);
  const auto endpoints = server.server().endpoints();
  ASSERT_GE(endpoints.size(), 3U);
  for (const auto& endpoint : endpoints) {
    if (endpoint.host.find(':') != std::string::npos) continue;
    EXPECT_EQ(RawClient(endpoint.port).ask(get("/api/version")).status, 200);
  }
  core::Metrics metrics;
  options.listen = {{"no-such-host.invalid", 0}};
  EXPECT_THROW(Server(options, Router(), metrics), Error);
}

}  // namespace
}  // namespace hailstone::http
