// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/sse.hpp"

#include <gmock/gmock.h>

#include "http/testing/test_server.hpp"
#include "support/recording_reply.hpp"

namespace hailstone::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing::TestServer;

constexpr std::string_view kGetEvents = "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n";

TEST(SseWriter, WritesEventsWithNamesAndSeveralLines) {
  test_support::RecordingReply reply;
  SseWriter events(reply);
  EXPECT_FALSE(reply.started());
  events.send("{\"a\":1}");
  events.send_named("delta", "one\ntwo\r\nthree\rfour", "7");
  events.send("");
  events.done();
  EXPECT_EQ(reply.body(),
            "data: {\"a\":1}\n\n"
            "event: delta\nid: 7\ndata: one\ndata: two\ndata: three\ndata: four\n\n"
            "data: \n\n"
            "data: [DONE]\n\n");
  EXPECT_EQ(reply.content_type(), "text/event-stream");
  EXPECT_EQ(reply.header("Cache-Control"), "no-cache");
  EXPECT_EQ(reply.header("X-Accel-Buffering"), "no");
}

TEST(Sse, SendsCommentsInSilenceAndNoneWithinAnEvent) {
  TestServer server;
  auto client = server.connect();
  client.send(kGetEvents);
  std::string seen;
  while (seen.find("\r\n\r\n8\r\n: ping\n\n\r\n8\r\n: ping\n\n\r\n") == std::string::npos) {
    const auto more = client.read_some();
    ASSERT_NE(more, "") << seen;
    seen += more;
  }
  server.release();
  while (!seen.ends_with("\r\n0\r\n\r\n")) {
    const auto more = client.read_some();
    ASSERT_NE(more, "");
    seen += more;
  }
  EXPECT_THAT(seen, HasSubstr("data: [DONE]\n\n"));
  EXPECT_GE(std::count(seen.begin(), seen.end(), 'e'), 200'000);
  EXPECT_EQ(seen.find(": ping", seen.find("data: e")), std::string::npos);
}

TEST(Sse, TellsOfAnErrorByAnEventAndEndsWell) {
  TestServer server;
  server.release();
  auto client = server.connect();
  const auto reply = client.ask("GET /events?fail HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(reply.is_complete);
  EXPECT_THAT(reply.body, StartsWith("data: ee"));
  EXPECT_THAT(reply.body, EndsWith("\n\nevent: error\ndata: {\"error\":\"it crashed\"}\n\n"));
  EXPECT_EQ(client.ask("GET /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 200);
}

TEST(Sse, SendsNoPingsToHead) {
  TestServer server;
  server.release();
  auto client = server.connect();
  const auto reply = client.ask("HEAD /events HTTP/1.1\r\nHost: localhost\r\n\r\n", true);
  EXPECT_EQ(reply.header("content-type"), "text/event-stream");
  EXPECT_EQ(client.ask("GET /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n").status, 200);
}

}  // namespace
}  // namespace hailstone::http
