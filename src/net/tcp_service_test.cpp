// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "net/tcp_service.hpp"

#include <gmock/gmock.h>

#include <array>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "base/error.hpp"
#include "net/listener.hpp"

namespace hailstone::net {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const RunContext& soon() {
  static const RunContext run{Deadline::in(std::chrono::seconds(20)), {}};
  return run;
}

/// Says again what it hears, until the client leaves.
void echo(Socket& socket, const TcpClient& client) {
  const Socket::StopWatch watch(socket, client.run);
  std::array<char, 1024> buffer{};
  while (const auto size = socket.read_some(buffer, watch)) {
    socket.write_all({buffer.data(), size}, watch);
  }
}

TcpServiceOptions local(int max_connections = 32) {
  TcpServiceOptions options;
  options.name = "test";
  options.listen = {{"127.0.0.1", 0}};
  options.max_connections = max_connections;
  return options;
}

std::string ask(Socket& socket, std::string_view what) {
  const Socket::StopWatch watch(socket, soon());
  socket.write_all(what, watch);
  std::array<char, 1024> buffer{};
  std::string said;
  while (said.size() < what.size()) {
    const auto size = socket.read_some(buffer, watch);
    if (size == 0) break;
    said.append(buffer.data(), size);
  }
  return said;
}

TEST(TcpService, ServesSeveralClientsAtOnce) {
  TcpService service(local(), echo);
  auto first = Socket::connect(service.endpoints().front(), soon());
  auto second = Socket::connect(service.endpoints().front(), soon());
  EXPECT_EQ(ask(first, "one"), "one");
  EXPECT_EQ(ask(second, "two"), "two");
  EXPECT_EQ(ask(first, "three"), "three");
  EXPECT_EQ(service.connections(), 2);
}

TEST(TcpService, TellsWhoCalls) {
  std::mutex mutex;
  std::condition_variable changed;
  std::string peer;
  TcpService service(local(), [&](Socket&, const TcpClient& client) {
    const std::lock_guard lock(mutex);
    peer = client.peer;
    changed.notify_all();
  });
  const auto socket = Socket::connect(service.endpoints().front(), soon());
  std::unique_lock lock(mutex);
  ASSERT_TRUE(changed.wait_for(lock, std::chrono::seconds(20), [&] { return !peer.empty(); }));
  EXPECT_THAT(peer, StartsWith("127.0.0.1:"));
}

TEST(TcpService, HangsUpOnAClientTooMany) {
  TcpService service(local(1), echo);
  {
    auto first = Socket::connect(service.endpoints().front(), soon());
    EXPECT_EQ(ask(first, "one"), "one");
    auto second = Socket::connect(service.endpoints().front(), soon());
    EXPECT_EQ(ask(second, "two"), "");
    EXPECT_EQ(ask(first, "three"), "three");
  }
  std::string said;
  for (int i = 0; i < 2000 && said.empty(); ++i) {  // until the first one's place is free
    auto third = Socket::connect(service.endpoints().front(), soon());
    said = ask(third, "four");
  }
  EXPECT_EQ(said, "four");
}

TEST(TcpService, SurvivesAHandlerThatFails) {
  TcpService service(local(), [](Socket& socket, const TcpClient& client) {
    echo(socket, client);
    throw std::runtime_error("broken");
  });
  for (int i = 0; i < 3; ++i) {
    auto socket = Socket::connect(service.endpoints().front(), soon());
    EXPECT_EQ(ask(socket, "x"), "x");
  }
}

TEST(TcpService, StopsItsHandlers) {
  TcpService service(local(), echo);
  auto socket = Socket::connect(service.endpoints().front(), soon());
  EXPECT_EQ(ask(socket, "x"), "x");
  service.stop();
  service.stop();
  EXPECT_EQ(ask(socket, "y"), "");
  EXPECT_EQ(service.connections(), 0);
}

TEST(TcpService, IsNotForOtherMachinesWithoutLeave) {
  auto options = local();
  options.listen = {{"0.0.0.0", 0}};
  try {
    const TcpService service(options, echo);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("other machines can reach 0.0.0.0:0"));
    EXPECT_THAT(error.detail(), HasSubstr("--public"));
  }
}

TEST(OpenListeners, TellsWhatIsInTheWay) {
  const auto first = open_listeners({"127.0.0.1", 0});
  try {
    open_listeners(first.front().endpoint);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConflict);
    EXPECT_THAT(error.what(), HasSubstr("another program listens there"));
  }
  EXPECT_THROW(open_listeners({"no-such-host.invalid", 0}), Error);
  EXPECT_THROW(open_listeners({"192.0.2.1", 0}), Error);  // of no machine
}

TEST(OpenListeners, BindsAllAddressesOfANameToOnePort) {
  const auto sockets = open_listeners({"localhost", 0});
  ASSERT_FALSE(sockets.empty());
  for (const auto& socket : sockets) {
    EXPECT_EQ(socket.endpoint.port, sockets.front().endpoint.port);
    EXPECT_TRUE(is_loopback(socket.endpoint.host));
  }
}

}  // namespace
}  // namespace hailstone::net
