// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Handlers that take their time: admission, clients that leave, the end of the server.

#include <gmock/gmock.h>

#include <future>
#include <list>

#include "http/testing/raw_client.hpp"
#include "http/testing/test_server.hpp"

namespace hailstone::http {
namespace {

using std::chrono::seconds;
using testing::RawClient;
using testing::TestServer;

const std::string kWork = "POST /work HTTP/1.1\r\nHost: localhost\r\n\r\n";
const std::string kVersion = "GET /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n";

ServerOptions small(int max_work) {
  ServerOptions options;
  options.max_workers = max_work + 1;
  options.max_work = max_work;
  return options;
}

/// Several clients, each with a request for /work.
std::list<RawClient> send_work(TestServer& server, int count) {
  std::list<RawClient> clients;
  for (int i = 0; i < count; ++i) {
    clients.push_back(server.connect());
    clients.back().send(kWork);
  }
  return clients;
}

TEST(ServerWork, AnswersQuickRequestsWhileAllWorkIsBusyAndRefusesMore) {
  TestServer server(small(2));
  auto busy = send_work(server, 2);
  ASSERT_TRUE(server.wait_for_running(2));
  auto client = server.connect();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(client.ask(kVersion).status, 200);
  const auto refused = client.ask(kWork);
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("retry-after"), "1");
  EXPECT_EQ(refused.body,
            R"({"error":"server busy, please try again.  maximum pending requests exceeded"})");
  EXPECT_EQ(server.running, 2);
  server.release();
  for (auto& one : busy) EXPECT_EQ(one.read_reply().status, 200);
}

TEST(ServerWork, LongTasksHaveThreadsOfTheirOwnAndWaitForOneOfThem) {
  ServerOptions options = small(1);
  options.max_long = 2;
  TestServer server(options);
  const std::string kLong = "POST /long HTTP/1.1\r\nHost: localhost\r\n\r\n";
  std::list<RawClient> busy;
  for (int i = 0; i < 3; ++i) {
    busy.push_back(server.connect());
    busy.back().send(kLong);
  }
  ASSERT_TRUE(server.wait_for_running(2));
  // Neither what is quick nor what works waits for them.
  auto work = send_work(server, 1);
  ASSERT_TRUE(server.wait_for_running(3));
  auto client = server.connect();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client.ask(kVersion).status, 200);
  EXPECT_EQ(server.running, 3);
  server.release();
  for (auto& one : busy) EXPECT_EQ(one.read_reply().status, 200);
  EXPECT_EQ(work.front().read_reply().status, 200);
}

std::string work_in(const std::string& lane) {
  return "POST /work HTTP/1.1\r\nHost: localhost\r\nX-Hailstone-Lane: " + lane + "\r\n\r\n";
}

TEST(ServerWork, TellsTheHandlerItsLaneAndTheClientItsPlaceInTheQueue) {
  TestServer server;
  server.release();
  auto client = server.connect();
  EXPECT_EQ(client.ask(work_in("batch")).header("x-hailstone-queue-position"), "2");
  EXPECT_EQ(client.ask(work_in("live")).header("x-hailstone-queue-position"), "1");
  EXPECT_EQ(client.ask(kWork).header("x-hailstone-queue-position"), "0");
}

TEST(ServerWork, NamesALaneThatDoesNotExist) {
  TestServer server;
  auto client = server.connect();
  const auto reply = client.ask(work_in("express"));
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, ::testing::HasSubstr("express"));
  EXPECT_EQ(server.running, 0);
}

TEST(ServerWork, TheLoopTurnsWhileHandlersBlock) {
  TestServer server(small(1));
  auto running = send_work(server, 1);
  ASSERT_TRUE(server.wait_for_running(1));
  EXPECT_TRUE(server.server().turns_within(seconds(20)));
}

TEST(ServerWork, AClientThatLeavesStopsItsHandler) {
  TestServer server;
  auto closing = server.connect();
  closing.send(kWork);
  auto resetting = server.connect();
  resetting.send(kWork);
  auto pipelining = server.connect();
  pipelining.send(kWork + kVersion);
  ASSERT_TRUE(server.wait_for_running(3));
  closing.close();
  EXPECT_TRUE(server.wait_for_cancelled(1));
  resetting.close_with_reset();
  EXPECT_TRUE(server.wait_for_cancelled(2));
  pipelining.close();
  EXPECT_TRUE(server.wait_for_cancelled(3));
}

TEST(ServerWork, AClientThatLeavesEndsItsStream) {
  TestServer server;
  for (int i = 0; i < 20; ++i) {
    auto client = server.connect();
    client.send("GET /stream?pieces=1000000&size=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_FALSE(client.read_some().empty());
    i % 2 == 0 ? client.close() : client.close_with_reset();
    EXPECT_TRUE(server.wait_for_cancelled(i + 1));
  }
}

TEST(ServerWork, StreamsManySmallPiecesWhole) {
  TestServer server;
  auto client = server.connect();
  for (int i = 0; i < 3; ++i) {
    const auto reply =
        client.ask("GET /stream?pieces=20000&size=7 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(reply.body.size(), 140'000U);
    EXPECT_TRUE(reply.is_complete);
  }
  EXPECT_EQ(client.ask("GET /stream?pieces=2&size=3000000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .body.size(),
            6'000'000U);
}

TEST(ServerWork, DrainLetsRunningRequestsFinish) {
  TestServer server;
  auto idle = server.connect();
  EXPECT_EQ(idle.ask(kVersion).status, 200);
  auto busy = server.connect();
  busy.send(kWork);
  ASSERT_TRUE(server.wait_for_running(1));
  auto drained = std::async(std::launch::async, [&] { server.server().drain(seconds(20)); });
  EXPECT_TRUE(idle.is_closed_by_server());
  EXPECT_ANY_THROW(server.connect());
  server.release();
  const auto reply = busy.read_reply();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("connection"), "close");
  busy.close();
  drained.get();
  server.server().drain(seconds(20));
}

TEST(ServerWork, DrainStopsWhatDoesNotFinish) {
  TestServer server(small(1));
  auto clients = send_work(server, 3);
  ASSERT_TRUE(server.wait_for_running(1));
  server.server().drain(seconds(0));
  EXPECT_EQ(server.cancelled, 1);
  EXPECT_EQ(server.running, 1);
}

TEST(ServerWork, TheEndOfTheServerStopsEverything) {
  std::list<RawClient> clients;
  {
    auto options = small(2);
    options.max_workers = 5;
    TestServer server(options);
    clients = send_work(server, 2);
    clients.push_back(server.connect());
    clients.back().send("GET /stream?pieces=1000000&size=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    clients.push_back(server.connect());
    clients.back().send("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n");
    ASSERT_TRUE(server.wait_for_running(2));
  }
  for (auto& client : clients) EXPECT_TRUE(client.is_closed_by_server());
}

TEST(ServerWork, ManyClientsAtOnceGetTheirOwnReplies) {
  TestServer server;
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&server, &wrong, t] {
      auto client = server.connect();
      for (int i = 0; i < 200; ++i) {
        const auto name = std::to_string(t) + "-" + std::to_string(i);
        const auto reply = client.ask("POST /echo/" + name +
                                      " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx");
        if (reply.body != name + "||x") ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace hailstone::http
