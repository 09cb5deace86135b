// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/web_socket.hpp"

#include <gmock/gmock.h>

#include "http/testing/test_server.hpp"
#include "http/testing/web_socket_client.hpp"

namespace hailstone::http {
namespace {

using testing::close_frame;
using testing::frame;
using ::testing::HasSubstr;
using testing::part;
using testing::raw_frame;
using ::testing::StartsWith;
using testing::TestServer;
using testing::WebSocketClient;

constexpr auto kMore = testing::kMore;
constexpr auto kText = testing::kText;
constexpr auto kBinary = testing::kBinary;
constexpr auto kPing = testing::kPing;
constexpr auto kPong = testing::kPong;

struct Case {
  const char* name;
  std::string sent;
  std::string said;  // until the server hangs up
};

class Conversations : public ::testing::TestWithParam<Case> {};

// After the cases of the Autobahn suite.
TEST_P(Conversations, GoAsTheStandardSays) {
  TestServer server;
  WebSocketClient client(server.connect());
  ASSERT_EQ(client.answer.status, 101);
  client.send(GetParam().sent);
  EXPECT_EQ(client.conversation(GetParam().said), GetParam().said);
}

TEST_P(Conversations, GoTheSameByteByByte) {
  if (GetParam().sent.size() > 1000) return;
  TestServer server;
  WebSocketClient client(server.connect());
  for (const char c : GetParam().sent) client.send({&c, 1});
  EXPECT_EQ(client.conversation(GetParam().said), GetParam().said);
}

const std::string kBye = close_frame(1000);
const std::string kLong(125, 'p');
const std::string kTooLong(126, 'p');
const std::string kUmlaut = "\xC3\xBC";

INSTANTIATE_TEST_SUITE_P(
    All, Conversations,
    ::testing::Values(
        // 1: sizes and kinds
        Case{"EmptyText", frame(kText, ""), "text: close:1000"},
        Case{"Text125", frame(kText, kLong), "text:" + kLong + " close:1000"},
        Case{"Text126", frame(kText, kTooLong), "text:" + kTooLong + " close:1000"},
        Case{"Text65536", frame(kText, std::string(65536, 'x')),
             "text:" + std::string(65536, 'x') + " close:1000"},
        Case{"Binary", frame(kBinary, "\xFF\x01"), "binary:\xFF\x01 close:1000"},
        // 2: pings
        Case{"Ping", frame(kPing, ""), "pong: close:1000"},
        Case{"PingWithLoad", frame(kPing, kLong), "pong:" + kLong + " close:1000"},
        Case{"PingTooLong", frame(kPing, kTooLong), "close:1002"},
        Case{"UnaskedPong", frame(kPong, "x") + frame(kPing, "y"), "pong:y close:1000"},
        // 3: reserved bits
        Case{"ReservedBit1", raw_frame(0xC1, "x"), "close:1002"},
        Case{"ReservedBit3", raw_frame(0x91, "x"), "close:1002"},
        Case{"ReservedBitInPing", raw_frame(0xA9, ""), "close:1002"},
        // 4: opcodes
        Case{"Opcode3", raw_frame(0x83, ""), "close:1002"},
        Case{"Opcode15", raw_frame(0x8F, ""), "close:1002"},
        // 5: fragments
        Case{"Fragments", part(kText, "a") + part(kMore, "b") + frame(kMore, "c"),
             "text:abc close:1000"},
        Case{"PingWithinFragments", part(kText, "a") + frame(kPing, "p") + frame(kMore, "b"),
             "pong:p text:ab close:1000"},
        Case{"FragmentedPing", part(kPing, "a"), "close:1002"},
        Case{"FragmentedClose", raw_frame(0x08, ""), "close:1002"},
        Case{"MoreWithoutBeginning", frame(kMore, "a"), "close:1002"},
        Case{"TextWithinFragments", part(kText, "a") + frame(kText, "b"), "close:1002"},
        Case{"EmptyFragments", part(kText, "") + part(kMore, "") + frame(kMore, ""),
             "text: close:1000"},
        // 6: UTF-8
        Case{"Utf8", frame(kText, kUmlaut), "text:" + kUmlaut + " close:1000"},
        Case{"Utf8AcrossFragments",
             part(kText, kUmlaut.substr(0, 1)) + frame(kMore, kUmlaut.substr(1)),
             "text:" + kUmlaut + " close:1000"},
        Case{"Utf8Cut", frame(kText, kUmlaut.substr(0, 1)), "close:1007"},
        Case{"Utf8Broken", frame(kText, "a\xFF"), "close:1007"},
        Case{"Utf8Overlong", frame(kText, "\xC0\xAF"), "close:1007"},
        Case{"Utf8Surrogate", frame(kText, "\xED\xA0\x80"), "close:1007"},
        Case{"Utf8BrokenBeforeTheEnd", part(kText, "\xCE\xBA\xF4\x90\x80\x80"), "close:1007"},
        // 7: close
        Case{"Close", kBye, "close:1000"},
        Case{"CloseWithoutCode", frame(testing::kClose, ""), "close:1000"},
        Case{"CloseWithReason", close_frame(1001, "bye"), "close:1001"},
        Case{"CloseOwnCode", close_frame(4711), "close:4711"},
        Case{"CloseOneByte", frame(testing::kClose, "x"), "close:1002"},
        Case{"CloseReservedCode", close_frame(1005), "close:1002"},
        Case{"CloseUnknownCode", close_frame(2999), "close:1002"},
        Case{"CloseCodeZero", close_frame(0), "close:1002"},
        Case{"CloseReasonNoUtf8", close_frame(1000, "\xFF"), "close:1002"},
        Case{"CloseReasonTooLong", close_frame(1000, kTooLong), "close:1002"},
        Case{"NothingAfterClose", kBye + frame(kText, "x"), "close:1000"},
        // 9: limits; the route takes 100 KiB
        Case{"TooLarge", frame(kText, std::string(110'000, 'x')), "close:1009"},
        Case{"TooLargeInFragments",
             part(kText, std::string(60'000, 'x')) + frame(kMore, std::string(60'000, 'x')),
             "close:1009"},
        // 5.1 of the standard: a client must mask
        Case{"Unmasked", "\x81\x01x", "close:1002"}),
    [](const auto& tested) { return std::string(tested.param.name); });

struct Refused {
  const char* name;
  std::string request;
  int status;
  const char* body;
};

class Upgrades : public ::testing::TestWithParam<Refused> {};

TEST_P(Upgrades, AreRefusedBeforeTheyHappen) {
  TestServer server;
  auto client = server.connect();
  const auto reply = client.ask(GetParam().request);
  EXPECT_EQ(reply.status, GetParam().status);
  EXPECT_THAT(reply.body, HasSubstr(GetParam().body));
  EXPECT_EQ(client.ask("GET /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 200);
}

std::string changed(std::string_view what, std::string_view into) {
  auto request = WebSocketClient::request("/socket");
  return request.replace(request.find(what), what.size(), into);
}

INSTANTIATE_TEST_SUITE_P(
    All, Upgrades,
    ::testing::Values(
        Refused{"NoUpgrade", "GET /socket HTTP/1.1\r\nHost: localhost\r\n\r\n", 426, "WebSocket"},
        Refused{"NoConnection", changed("keep-alive, Upgrade", "keep-alive"), 400, "Connection"},
        Refused{"Version", changed("Version: 13", "Version: 8"), 426, "version 13"},
        Refused{"NoKey", changed("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""), 400,
                "Sec-WebSocket-Key"},
        Refused{"ShortKey", changed("dGhlIHNhbXBsZSBub25jZQ==", "dGhl"), 400, "16 bytes"},
        Refused{"Host", changed("Host: localhost", "Host: evil.example"), 403, "host"},
        Refused{"Origin", WebSocketClient::request("/socket", "Origin: http://evil.example\r\n"),
                403, "pages of"},
        Refused{"UnknownPath", WebSocketClient::request("/nothing"), 404, "/nothing"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(WebSocket, IsIgnoredWhereTheRouteHasNone) {
  TestServer server;
  auto client = server.connect();
  EXPECT_EQ(client.ask(WebSocketClient::request("/api/version")).status, 200);
}

TEST(WebSocket, AnswersTheUpgradeWithItsProof) {
  TestServer server;
  WebSocketClient client(server.connect(), "/socket",
                         "Sec-WebSocket-Protocol: other, realtime\r\nX-Request-Id: r1\r\n"
                         "Origin: http://localhost:3000\r\n");
  EXPECT_EQ(client.answer.status, 101);
  EXPECT_EQ(client.answer.header("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(client.answer.header("sec-websocket-protocol"), "realtime");
  EXPECT_EQ(client.answer.header("x-request-id"), "r1");
  client.send(frame(kText, "protocol"));
  EXPECT_EQ(client.read()->payload, "realtime");
}

TEST(WebSocket, TakesTheKeyFromTheSubprotocols) {
  ServerOptions options;
  options.api_keys = {"secret"};
  TestServer server(options);
  EXPECT_EQ(WebSocketClient(server.connect()).answer.status, 401);
  const auto status = [&](const char* header) {
    return WebSocketClient(server.connect(), "/socket", header).answer.status;
  };
  EXPECT_EQ(status("Authorization: Bearer secret\r\n"), 101);
  EXPECT_EQ(status("Authorization: Bearer wrong\r\n"), 401);
  WebSocketClient browser(server.connect(), "/socket",
                          "Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.secret\r\n");
  EXPECT_EQ(browser.answer.status, 101);
  EXPECT_EQ(browser.answer.header("sec-websocket-protocol"), "realtime");
  EXPECT_EQ(status("Sec-WebSocket-Protocol: realtime, openai-insecure-api-key.no\r\n"), 401);
  // Only for the upgrade, where a browser has no other way.
  auto plain = server.connect();
  EXPECT_EQ(plain
                .ask("GET /api/version HTTP/1.1\r\nHost: localhost\r\n"
                     "Sec-WebSocket-Protocol: openai-insecure-api-key.secret\r\n\r\n")
                .status,
            401);
}

TEST(WebSocket, TakesNoFrameBeforeTheAnswer) {
  TestServer server;
  auto client = server.connect();
  client.send(WebSocketClient::request("/socket") + frame(kText, "early"));
  EXPECT_EQ(client.read_reply().status, 400);
}

TEST(WebSocket, ClosesWithTheCodeThatFitsTheError) {
  TestServer server;
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"bad_request", "close:1008"}, {"busy", "close:1013"},      {"internal", "close:1011"},
      {"timeout", "close:1011"},     {"too_large", "close:1009"}, {"unsupported", "close:1003"},
      {"return", "close:1000"}};
  for (const auto& [what, said] : cases) {
    WebSocketClient client(server.connect());
    client.send(frame(kText, "fail " + what));
    const auto last = client.read();
    ASSERT_TRUE(last) << what;
    EXPECT_EQ("close:" + std::to_string(last->code()), said);
    if (what == "return") continue;
    const auto* reason = what == "internal" ? "internal error" : "it failed";
    EXPECT_THAT(last->payload.substr(2), StartsWith(reason));
  }
}

TEST(WebSocket, MakesAClientWaitThatSendsFasterThanWeRead) {
  TestServer server;
  WebSocketClient client(server.connect());
  client.send(frame(kText, "wait"));
  ASSERT_TRUE(server.wait_for_running(1));
  const std::string message = frame(kBinary, std::string(50'000, 'b'));
  timeval limit{1, 0};
  ::setsockopt(client.raw().descriptor(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
  std::size_t sent = 0;
  while (sent < 2000 && client.send(message)) ++sent;
  EXPECT_LT(sent, 2000U);  // 100 MB: neither we nor the kernel kept them
  EXPECT_GT(sent, 4U);
}

TEST(WebSocket, MakesAHandlerWaitThatWritesFasterThanTheClientReads) {
  TestServer server;
  WebSocketClient client(server.connect());
  client.send(frame(kText, "flood"));
  for (int i = 0; i < 4000 && server.written < 1'000'000; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  // All of it would be 640 MB.
  std::size_t before = 0;
  while (std::exchange(before, server.written.load()) != server.written) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_LT(server.written, 64'000'000U);
  std::size_t got = 0;
  while (got < 100) {
    const auto next = client.read();
    ASSERT_TRUE(next);
    ASSERT_EQ(next->payload.size(), 64'000U);
    ++got;
  }
  client.raw().close();
  EXPECT_TRUE(server.wait_for_cancelled(1));
}

TEST(WebSocket, DropsAClientThatAnswersNoPing) {
  ServerOptions options;
  options.ping_interval = std::chrono::milliseconds(200);
  TestServer server(options);
  WebSocketClient client(server.connect());
  client.send(frame(kText, "count"));
  ASSERT_EQ(client.read()->payload, "1");
  const auto ping = client.read();
  ASSERT_TRUE(ping);
  EXPECT_EQ(ping->opcode(), kPing);
  client.send(frame(kPong, ping->payload));
  EXPECT_EQ(client.read()->opcode(), kPing);
  EXPECT_FALSE(client.read());
  EXPECT_TRUE(server.wait_for_figure("hailstone_http_web_sockets 0"));
}

TEST(WebSocket, RefusesASessionTooManyAndGivesItsPlaceBack) {
  ServerOptions options;
  options.max_sessions = 1;
  TestServer server(options);
  auto first = std::make_unique<WebSocketClient>(server.connect());
  EXPECT_EQ(first->answer.status, 101);
  EXPECT_TRUE(server.wait_for_figure("hailstone_http_web_sockets 1"));
  const auto refused = WebSocketClient(server.connect()).answer;
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("retry-after"), "5");
  EXPECT_THAT(refused.body, HasSubstr("too many sessions"));
  EXPECT_TRUE(server.wait_for_figure("hailstone_http_web_sockets_refused_total 1"));
  first->send(kBye);
  EXPECT_EQ(first->conversation(), "close:1000");
  first.reset();
  int status = 0;
  for (int i = 0; i < 1000 && status != 101; ++i) {
    status = WebSocketClient(server.connect()).answer.status;
  }
  EXPECT_EQ(status, 101);
}

TEST(WebSocket, TellsTheHandlerThatTheClientHasLeft) {
  TestServer server;
  WebSocketClient client(server.connect());
  client.send(frame(kText, "wait"));
  ASSERT_TRUE(server.wait_for_running(1));
  client.raw().close_with_reset();
  EXPECT_TRUE(server.wait_for_cancelled(1));
}

TEST(WebSocket, EndsWhenTheServerDrains) {
  TestServer server;
  WebSocketClient idle(server.connect());
  WebSocketClient busy(server.connect());
  busy.send(frame(kText, "wait"));
  ASSERT_TRUE(server.wait_for_running(1));
  std::thread drain([&] { server.server().drain(std::chrono::seconds(20)); });
  EXPECT_EQ(idle.read()->code(), 1001);
  EXPECT_EQ(busy.read()->code(), 1001);
  EXPECT_TRUE(server.wait_for_cancelled(1));
  idle.raw().close();
  busy.raw().close();
  drain.join();
}

TEST(WebSocket, CountsMessages) {
  TestServer server;
  WebSocketClient client(server.connect());
  client.send(frame(kText, "a") + frame(kText, "b"));
  const std::string said = "text:a text:b close:1000";
  EXPECT_EQ(client.conversation(said), said);
  const std::string name = "hailstone_http_web_socket_messages_total";
  EXPECT_TRUE(server.wait_for_figure(name + "{direction=\"received\"} 2"));
  EXPECT_TRUE(server.wait_for_figure(name + "{direction=\"sent\"} 2"));
}

TEST(WebSocket, TellsADeadlineFromAnEnd) {
  TestServer server;
  WebSocketClient client(server.connect());
  client.send(frame(kText, "poll"));
  EXPECT_EQ(client.read()->payload, "nothing");
  client.send(kBye);
  EXPECT_EQ(client.conversation(), "close:1000");
}

}  // namespace
}  // namespace hailstone::http
