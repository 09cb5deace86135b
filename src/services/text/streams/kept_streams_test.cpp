// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/streams/kept_streams.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/error.hpp"
#include "http/header_names.hpp"
#include "support/manual_clock.hpp"
#include "support/recording_reply.hpp"

namespace hailstone::streams {
namespace {

using testing::HasSubstr;

/// A handler that writes when it is told to.
class Writer {
 public:
  void operator()(http::Request& request, http::Reply& reply) {
    auto& stream = reply.stream(200, "application/x-ndjson");
    for (int i = 0; i < 4; ++i) {
      std::unique_lock lock(mutex_);
      const bool may = changed_.wait(lock, request.run.stop, [&] { return allowed_ > i; });
      lock.unlock();
      if (!may) {
        was_stopped = true;
        throw Error(ErrorCode::kCancelled, "stopped");
      }
      stream.write(std::to_string(i) + "\n");
    }
    if (fails) throw Error(ErrorCode::kEngineFailed, "broke");
  }
  void allow(int pieces) {
    const std::lock_guard lock(mutex_);
    allowed_ = pieces;
    changed_.notify_all();
  }

  std::atomic<bool> was_stopped{false};
  bool fails = false;

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  int allowed_ = 0;
};

class Streams : public testing::Test {
 protected:
  Streams() {
    route_ = streams_.keeping(
        {.method = http::Method::kPost,
         .pattern = "/x",
         .handler = [this](auto& request, auto& reply) { writer_(request, reply); }});
  }

  void ask(test_support::RecordingReply& reply, const char* name, std::stop_token stop = {}) {
    http::Request request;
    if (name != nullptr) request.headers.add(http::kStreamHeader, name);
    request.run.stop = std::move(stop);
    route_.handler(request, reply);
  }

  test_support::ManualClock clock_;
  Writer writer_;
  KeptStreams streams_{clock_};
  http::Route route_;
};

TEST_F(Streams, TheRestCanBeHadAfterTheClientHasLeft) {
  writer_.allow(2);
  test_support::RecordingReply lost(2);  // the client leaves at the third piece, or before
  std::jthread more([&] { writer_.allow(4); });
  try {
    ask(lost, "s1");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
  EXPECT_EQ(lost.header(http::kStreamHeader), "s1");
  test_support::RecordingReply rest;
  streams_.resume("s1", lost.body().size(), rest, {});
  EXPECT_EQ(lost.body() + rest.body(), "0\n1\n2\n3\n");
  EXPECT_EQ(rest.content_type(), "application/x-ndjson");
  test_support::RecordingReply again;
  streams_.resume("s1", 0, again, {});
  EXPECT_EQ(again.body(), "0\n1\n2\n3\n");
  test_support::RecordingReply none;
  EXPECT_THROW(streams_.resume("s1", 999, none, {}), Error);
}

TEST_F(Streams, WithoutANameTheClientsStopIsTheWorks) {
  std::stop_source stop;
  stop.request_stop();
  test_support::RecordingReply reply;
  EXPECT_THROW(ask(reply, nullptr, stop.get_token()), Error);
  EXPECT_TRUE(writer_.was_stopped);
}

TEST_F(Streams, DeleteStopsTheWork) {
  std::stop_source gone;
  gone.request_stop();
  test_support::RecordingReply reply;
  EXPECT_THROW(ask(reply, "s2", gone.get_token()), Error);
  EXPECT_FALSE(writer_.was_stopped) << "a client that has named it may come back";
  test_support::RecordingReply second;
  EXPECT_THROW(ask(second, "s2"), Error) << "it is still being written";
  streams_.stop("s2");
  EXPECT_TRUE(writer_.was_stopped);
  EXPECT_THROW(streams_.stop("s2"), Error);
}

TEST_F(Streams, AnErrorIsPartOfWhatIsKept) {
  writer_.allow(4);
  writer_.fails = true;
  test_support::RecordingReply reply;
  ask(reply, "s3");
  EXPECT_THAT(reply.body(), HasSubstr("3\n{\"error\":\"broke\"}"));
}

TEST_F(Streams, WhatNobodyComesBackForGoes) {
  writer_.allow(4);
  test_support::RecordingReply reply;
  ask(reply, "s4");
  clock_.advance(KeptStreams::kKeep + std::chrono::seconds(1));
  test_support::RecordingReply late;
  EXPECT_THROW(streams_.resume("s4", 0, late, {}), Error);
}

TEST_F(Streams, NamesAreChecked) {
  for (const char* name : {"", "a b", "../x"}) {
    test_support::RecordingReply reply;
    EXPECT_THROW(ask(reply, name), Error) << name;
  }
}

}  // namespace
}  // namespace hailstone::streams
