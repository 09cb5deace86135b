// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/loop/outbox.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/unix_socket.hpp"

namespace hailstone::http {
namespace {

std::string read_some(int socket) {
  std::string bytes(1 << 20, '\0');
  const auto got = ::recv(socket, bytes.data(), bytes.size(), MSG_DONTWAIT);
  bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return bytes;
}

TEST(Outbox, SendsInOrder) {
  auto [here, there] = os::make_socket_pair();
  Outbox out;
  for (int i = 0; i < 100; ++i) out.push(std::to_string(i) + " ");
  out.push("");
  EXPECT_EQ(out.flush(here.get()), Outbox::Flush::kDone);
  EXPECT_TRUE(out.empty());
  EXPECT_EQ(read_some(there.get()).substr(0, 10), "0 1 2 3 4 ");
}

TEST(Outbox, KeepsWhatTheKernelDoesNotTake) {
  auto [here, there] = os::make_socket_pair();
  Outbox out;
  std::string sent;
  for (int i = 0; i < 200; ++i) {
    const std::string piece(1 + i * 100, static_cast<char>('a' + i % 26));
    sent += piece;
    out.push(piece);
  }
  std::string received;
  bool was_blocked = false;
  while (received.size() < sent.size()) {
    const auto result = out.flush(here.get());
    ASSERT_NE(result, Outbox::Flush::kFailed);
    was_blocked = was_blocked || result == Outbox::Flush::kBlocked;
    EXPECT_EQ(out.empty(), result == Outbox::Flush::kDone);
    received += read_some(there.get());
  }
  EXPECT_TRUE(was_blocked);
  EXPECT_EQ(received, sent);
}

TEST(Outbox, DropsEverythingWhenNobodyReads) {
  auto [here, there] = os::make_socket_pair();
  there.reset();
  Outbox out;
  out.push("x");
  EXPECT_EQ(out.flush(here.get()), Outbox::Flush::kFailed);
  EXPECT_TRUE(out.empty());
}

}  // namespace
}  // namespace hailstone::http
