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

ServerOptions small(int max_work, int max_queue) {
  ServerOptions options;
  options.max_workers = max_work + 1;
  options.max_work = max_work;
  options.max_queue = max_queue;
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

TEST(ServerWork, AnswersQuickRequestsWhileAllWorkIsBusy) {
  TestServer server(small(2, 10));
  auto busy = send_work(server, 6);
  ASSERT_TRUE(server.wait_for_running(2));
  auto client = server.connect();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(client.ask(kVersion).status, 200);
  EXPECT_EQ(server.running, 2);
  server.release();
  for (auto& one : busy) EXPECT_EQ(one.read_reply().status, 200);
}

TEST(ServerWork, RefusesWhatDoesNotFitIntoTheQueue) {
  TestServer server(small(1, 1));
  auto running = send_work(server, 1);
  ASSERT_TRUE(server.wait_for_running(1));
  // One of these waits, the others are refused; which one is first, the kernel decides.
  auto others = send_work(server, 4);
  std::vector<std::future<testing::RawReply>> replies;
  for (auto& client : others) {
    replies.push_back(std::async(std::launch::async, [&client] { return client.read_reply(); }));
  }
  const auto is_ready = [](auto& future) {
    return future.wait_for(seconds(0)) == std::future_status::ready;
  };
  for (int i = 0; i < 2000; ++i) {
    if (std::count_if(replies.begin(), replies.end(), is_ready) == 3) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  server.release();
  int refused = 0;
  for (auto& future : replies) {
    const auto reply = future.get();
    if (reply.status == 200) continue;
    ++refused;
    EXPECT_EQ(reply.status, 503);
    EXPECT_EQ(reply.header("retry-after"), "1");
    EXPECT_EQ(reply.body,
              R"({"error":"server busy, please try again.  maximum pending requests exceeded"})");
  }
  EXPECT_EQ(refused, 3);
  EXPECT_EQ(running.front().read_reply().status, 200);
}

std::string work_in(const std::string& lane) {
  return "POST /work HTTP/1.1\r\nHost: localhost\r\nX-Hailstone-Lane: " + lane + "\r\n\r\n";
}

TEST(ServerWork, TellsThePlaceInTheQueueAndCountsTheLanes) {
  auto options = small(1, 10);
  options.max_batch = 1;
  TestServer server(options);
  auto running = send_work(server, 1);
  ASSERT_TRUE(server.wait_for_running(1));
  std::list<RawClient> clients;
  std::size_t waiting = 0;
  for (const auto* lane : {"batch", "batch", "live", "interactive"}) {
    clients.push_back(server.connect());
    clients.back().send(work_in(lane));
    ++waiting;
    const auto counted = [&server] {
      std::size_t sum = 0;
      for (const auto& one : server.server().queue()) sum += one.waiting;
      return sum;
    };
    while (counted() < waiting) std::this_thread::yield();
  }
  EXPECT_TRUE(server.wait_for_figure(R"(hailstone_http_requests_waiting{lane="batch"} 2)"));
  EXPECT_TRUE(server.wait_for_figure(R"(hailstone_http_requests_working{lane="interactive"} 1)"));
  server.release();
  EXPECT_EQ(running.front().read_reply().header("x-hailstone-queue-position"), "0");
  std::vector<std::string> positions;
  for (auto& client : clients) {
    positions.push_back(client.read_reply().header("x-hailstone-queue-position"));
  }
  EXPECT_THAT(positions, ::testing::ElementsAre("1", "2", "1", "1"));
}

TEST(ServerWork, NamesALaneThatDoesNotExist) {
  TestServer server;
  auto client = server.connect();
  const auto reply = client.ask(work_in("express"));
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, ::testing::HasSubstr("express"));
  EXPECT_EQ(server.running, 0);
}

TEST(ServerWork, RefusesNewWorkAndNothingElseWhileItIsToldTo) {
  TestServer server;
  Error hot(ErrorCode::kBusy, "too hot", "83 degrees");
  server.server().set_pace(Pace::kNoWork, hot.set_retry_after(seconds(7)));
  auto client = server.connect();
  const auto refused = client.ask(kWork);
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("retry-after"), "7");
  EXPECT_EQ(refused.body, R"({"error":"too hot","detail":"83 degrees"})");
  EXPECT_EQ(client.ask(kVersion).status, 200);
  server.server().set_pace(Pace::kFull);
  server.release();
  EXPECT_EQ(client.ask(kWork).status, 200);
}

TEST(ServerWork, APauseHoldsBatchWorkBackUntilItEnds) {
  TestServer server;
  server.release();
  server.server().set_pace(Pace::kNoBatch);
  auto batch = server.connect();
  batch.send(work_in("batch"));
  while (server.server().queue()[2].waiting == 0) std::this_thread::yield();
  auto other = server.connect();
  EXPECT_EQ(other.ask(work_in("live")).status, 200);
  EXPECT_EQ(server.server().queue()[2].waiting, 1U);
  server.server().set_pace(Pace::kLessBatch);
  EXPECT_EQ(batch.read_reply().status, 200);
}

TEST(ServerWork, WhatWaitsTooLongIsToldToComeBack) {
  auto options = small(1, 10);
  options.queue_timeout = seconds(0);
  TestServer server(options);
  auto running = send_work(server, 1);
  ASSERT_TRUE(server.wait_for_running(1));
  auto waiting = server.connect();
  const auto reply = waiting.ask(kWork);
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.header("retry-after"), "1");
  EXPECT_EQ(server.running, 1);
  server.release();
  EXPECT_EQ(running.front().read_reply().status, 200);
}

TEST(ServerWork, TheLoopTurnsWhileHandlersBlock) {
  TestServer server(small(1, 1));
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

TEST(ServerWork, AClientThatLeavesWhileItWaitsLeavesTheQueue) {
  TestServer server(small(1, 1));
  auto running = send_work(server, 1);
  ASSERT_TRUE(server.wait_for_running(1));
  for (int i = 0; i < 20; ++i) {
    auto waiting = server.connect();
    waiting.send(kWork);
    // Nobody else waits, so that this one is refused only while the one before is still there.
    waiting.close();
  }
  auto last = server.connect();
  testing::RawReply reply;
  std::thread asker([&] {
    do {
      reply = last.ask(kWork);
    } while (reply.status == 503);
  });
  server.release();
  asker.join();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(running.front().read_reply().status, 200);
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
  TestServer server(small(1, 4));
  auto clients = send_work(server, 3);
  ASSERT_TRUE(server.wait_for_running(1));
  server.server().drain(seconds(0));
  EXPECT_EQ(server.cancelled, 1);
  EXPECT_EQ(server.running, 1);
}

TEST(ServerWork, TheEndOfTheServerStopsEverything) {
  std::list<RawClient> clients;
  {
    TestServer server(small(2, 10));
    clients = send_work(server, 8);
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
