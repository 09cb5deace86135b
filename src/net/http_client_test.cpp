// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "net/http_client.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "os/unique_fd.hpp"
#include "os/unix_socket.hpp"

namespace hailstone::net {
namespace {

using namespace std::chrono_literals;

/// One accepted connection of the server in the test.
class Peer {
 public:
  explicit Peer(int fd) : fd_(fd) {}

  /// The next request's head and, by its Content-Length, body; empty when the client has gone.
  std::string read_request() {
    std::string text;
    while (!text.ends_with("\r\n\r\n")) {
      char byte = 0;
      if (::recv(fd_, &byte, 1, 0) <= 0) return {};
      text += byte;
    }
    const auto at = text.find("Content-Length: ");
    const std::size_t body = at == std::string::npos ? 0 : std::stoul(text.substr(at + 16));
    if (body == 0) return text;
    const std::size_t head = text.size();
    text.resize(head + body);
    const auto count = ::recv(fd_, text.data() + head, body, MSG_WAITALL);
    return count == static_cast<ssize_t>(body) ? text : std::string();
  }
  bool write(std::string_view text) {
    return ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }
  /// Blocks until the client has closed its end (or sends something).
  bool wait_for_end() {
    char byte = 0;
    return ::recv(fd_, &byte, 1, 0) <= 0;
  }
  /// The next close sends a reset.
  void reset_on_close() {
    const linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  }

 private:
  int fd_;
};

/// Serves connections one after another, each with the next script; the last one serves the rest.
class Server {
 public:
  using Script = std::function<void(Peer&)>;

  explicit Server(std::vector<Script> scripts, const std::filesystem::path& path = {})
      : scripts_(std::move(scripts)) {
    if (path.empty()) {
      listen_on_loopback();
    } else {
      listen_on(path);
    }
    ::listen(listener_.get(), 16);
    thread_ = std::thread([this] { serve(); });
  }
  ~Server() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
  }
  Address address() const { return address_; }
  int accepted() const { return accepted_; }

 private:
  void listen_on_loopback() {
    listener_ = os::UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(name);
    ::bind(listener_.get(), reinterpret_cast<sockaddr*>(&name), size);
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&name), &size);
    address_ = Endpoint{"127.0.0.1", ntohs(name.sin_port)};
  }
  void listen_on(const std::filesystem::path& path) {
    listener_ = os::UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    path.native().copy(name.sun_path, sizeof(name.sun_path) - 1);
    ::bind(listener_.get(), reinterpret_cast<sockaddr*>(&name), sizeof(name));
    address_ = UnixEndpoint{path};
  }
  void serve() {
    for (std::size_t index = 0;; ++index) {
      const os::UniqueFd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!fd) return;
      ++accepted_;
      Peer peer(fd.get());
      scripts_[std::min(index, scripts_.size() - 1)](peer);
    }
  }

  std::vector<Script> scripts_;
  os::UniqueFd listener_;
  Address address_;
  std::atomic<int> accepted_ = 0;
  std::thread thread_;
};

/// Answers every request on a connection with the same bytes.
Server::Script always(std::string reply) {
  return [reply = std::move(reply)](Peer& peer) {
    while (!peer.read_request().empty()) peer.write(reply);
  };
}

/// Answers one request, then closes.
Server::Script once(std::string reply) {
  return [reply = std::move(reply)](Peer& peer) {
    peer.read_request();
    peer.write(reply);
  };
}

template <typename Action>
ErrorCode code_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::kInternal;
}

template <typename Action>
ConnectionError::Kind kind_of(Action action) {
  try {
    action();
  } catch (const ConnectionError& error) {
    return error.kind();
  }
  ADD_FAILURE() << "no ConnectionError was thrown";
  return {};
}

std::string text_of_stream(HttpClient& client, const RunContext& run = {}) {
  std::string text;
  client.stream(
      {}, [](const ResponseHead&) {}, [&](std::string_view piece) { text += piece; }, run);
  return text;
}

const std::string kHello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Name: a value\r\n\r\nhello";
const std::string kChunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST(HttpClient, ReadsABodyByItsLength) {
  Server server({always(kHello)});
  HttpClient client(server.address());
  const ClientResponse response = client.send({}, {});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "hello");
  EXPECT_EQ(response.find_header("x-name"), "a value");
  EXPECT_EQ(response.find_header("x-other"), std::nullopt);
}

TEST(HttpClient, SendsWhatWasAsked) {
  std::string seen;
  Server server({[&](Peer& peer) {
    seen = peer.read_request();
    peer.write(kHello);
  }});
  HttpClient client(server.address());
  client.send({"POST", "/a?b=c", {{"X-One", "1"}}, "body"}, {});
  EXPECT_TRUE(seen.starts_with("POST /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:")) << seen;
  EXPECT_NE(seen.find("\r\nX-One: 1\r\n"), std::string::npos);
  EXPECT_TRUE(seen.ends_with("Content-Length: 4\r\n\r\nbody"));
}

TEST(HttpClient, SpeaksOverUnixSockets) {
  const os::RuntimeDirectory dir;
  Server server({always(kHello)}, dir.socket_path("s.sock"));
  HttpClient client(server.address());
  EXPECT_EQ(client.send({}, {}).body, "hello");
}

TEST(HttpClient, ReusesItsConnections) {
  Server server({always(kHello)});
  HttpClient client(server.address());
  for (int i = 0; i < 20; ++i) EXPECT_EQ(client.send({}, {}).body, "hello");
  EXPECT_EQ(server.accepted(), 1);
}

TEST(HttpClient, DoesNotReuseAConnectionThatIsToBeClosed) {
  Server server({once("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")});
  HttpClient client(server.address());
  client.send({}, {});
  client.send({}, {});
  EXPECT_EQ(server.accepted(), 2);
}

TEST(HttpClient, ReplacesAnIdleConnectionThatTheServerHasClosed) {
  Server server({once(kHello)});
  HttpClient client(server.address());
  for (int i = 0; i < 5; ++i) EXPECT_EQ(client.send({}, {}).body, "hello");
  EXPECT_EQ(server.accepted(), 5);
}

TEST(HttpClient, SendsAgainWhenAReusedConnectionDiesBeforeTheReply) {
  Server server({[](Peer& peer) {
                   peer.read_request();
                   peer.write(kHello);
                   peer.read_request();  // and hang up
                 },
                 always(kHello)});
  HttpClient client(server.address());
  client.send({}, {});
  EXPECT_EQ(client.send({}, {}).body, "hello");
  EXPECT_EQ(server.accepted(), 2);
}

TEST(HttpClient, DoesNotSendAgainOnAFreshConnection) {
  Server server({[](Peer& peer) { peer.read_request(); }});
  HttpClient client(server.address());
  EXPECT_EQ(kind_of([&] { client.send({}, {}); }), ConnectionError::Kind::kBroken);
  EXPECT_EQ(server.accepted(), 1);
}

TEST(HttpClient, StreamsChunksAsTheyArrive) {
  std::atomic<bool> first_seen = false;
  Server server({[&](Peer& peer) {
    peer.read_request();
    peer.write(kChunkedHead + "5\r\nfirst\r\n");
    while (!first_seen) std::this_thread::yield();
    peer.write("6\r\nsecond\r\n0\r\n\r\n");
    peer.read_request();
  }});
  HttpClient client(server.address());
  std::vector<std::string> pieces;
  int status = 0;
  client.stream(
      {}, [&](const ResponseHead& head) { status = head.status; },
      [&](std::string_view piece) {
        pieces.emplace_back(piece);
        first_seen = true;
      },
      {});
  EXPECT_EQ(status, 200);
  EXPECT_EQ(pieces, (std::vector<std::string>{"first", "second"}));
}

TEST(HttpClient, ReadsAReplyThatComesByteByByte) {
  Server server({[](Peer& peer) {
    peer.read_request();
    for (const char byte : kChunkedHead + "5;name=value\r\nhello\r\n0\r\nX-Late: 1\r\n\r\n") {
      peer.write({&byte, 1});
    }
    peer.read_request();
  }});
  HttpClient client(server.address());
  EXPECT_EQ(text_of_stream(client), "hello");
}

TEST(HttpClient, ReadsABodyUntilTheEnd) {
  Server server({once("HTTP/1.0 200 OK\r\n\r\nall of this")});
  HttpClient client(server.address());
  EXPECT_EQ(text_of_stream(client), "all of this");
}

TEST(HttpClient, AHeadRequestHasNoBody) {
  Server server({always("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")});
  HttpClient client(server.address());
  EXPECT_EQ(client.send({.method = "HEAD"}, {}).body, "");
  EXPECT_EQ(client.send({.method = "HEAD"}, {}).find_header("content-length"), "5");
  EXPECT_EQ(server.accepted(), 1);
}

TEST(HttpClient, MovesALargeBodyBothWays) {
  const std::string body(5'000'000, 'x');
  Server server({[&](Peer& peer) {
    const std::string request = peer.read_request();
    const std::string echo = request.substr(request.find("\r\n\r\n") + 4);
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(echo.size()) + "\r\n\r\n");
    peer.write(echo);
    peer.read_request();
  }});
  HttpClient client(server.address());
  EXPECT_TRUE(client.send({.method = "POST", .body = body}, {}).body == body);
}

TEST(HttpClient, SendsALargeBodyInPieces) {
  const std::string body(3'000'000, 'x');
  std::string seen;
  Server server({[&](Peer& peer) {
    seen = peer.read_request();
    peer.write("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
  }});
  HttpClient client(server.address());
  ClientRequest request{"POST", "/blob"};
  request.large_body = LargeBody{body.size(), [&](std::uint64_t offset) {
                                   return std::string_view(body).substr(offset, 100'000);
                                 }};
  EXPECT_EQ(client.send(request, {Deadline::in(20s), {}}).status, 201);
  EXPECT_TRUE(seen.ends_with(body));
  EXPECT_NE(seen.find("Content-Length: 3000000\r\n"), std::string::npos);
}

TEST(HttpClient, ReadsTheRefusalOfALargeBody) {
  Server server({[](Peer& peer) {
    peer.write("HTTP/1.1 413 X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  }});
  HttpClient client(server.address());
  ClientRequest request{"POST", "/blob"};
  const std::string piece(1000, 'x');
  request.large_body =
      LargeBody{1U << 30, [&](std::uint64_t) -> std::string_view { return piece; }};
  // Whether the reply or the reset is seen first is the network's to decide; it never hangs.
  try {
    EXPECT_EQ(client.send(request, {Deadline::in(20s), {}}).status, 413);
  } catch (const ConnectionError& error) {
    EXPECT_EQ(error.kind(), ConnectionError::Kind::kBroken);
  }
}

TEST(HttpClient, SaysWhenNobodyListens) {
  Address address;
  { address = Server({once(kHello)}).address(); }
  HttpClient client(address);
  EXPECT_EQ(kind_of([&] { client.send({}, {}); }), ConnectionError::Kind::kCannotConnect);
  HttpClient no_socket(UnixEndpoint{"/nonexistent/x.sock"});
  EXPECT_EQ(kind_of([&] { no_socket.send({}, {}); }), ConnectionError::Kind::kCannotConnect);
}

TEST(HttpClient, SaysWhenTheReplyIsCutOff) {
  for (const char* reply : {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "HTTP/1.1 200",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"}) {
    Server server({once(reply)});
    HttpClient client(server.address());
    EXPECT_EQ(kind_of([&] { text_of_stream(client); }), ConnectionError::Kind::kBroken) << reply;
  }
}

TEST(HttpClient, SaysWhenTheConnectionIsReset) {
  Server server({[](Peer& peer) {
    peer.read_request();
    peer.write(kChunkedHead + "5\r\nfirst\r\n");
    peer.reset_on_close();
  }});
  HttpClient client(server.address());
  EXPECT_EQ(kind_of([&] { text_of_stream(client); }), ConnectionError::Kind::kBroken);
}

TEST(HttpClient, SaysWhenTheOtherSideDoesNotSpeakHttp) {
  for (const std::string& reply :
       {std::string("SSH-2.0-OpenSSH_9.2\r\n"), "HTTP/1.1 200 OK\r\nX: " + std::string(99999, 'x'),
        kChunkedHead + "zz\r\n", kChunkedHead + "1;" + std::string(99999, 'x'),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")}) {
    Server server({once(reply)});
    HttpClient client(server.address());
    EXPECT_EQ(kind_of([&] { text_of_stream(client); }), ConnectionError::Kind::kNotHttp);
  }
}

TEST(HttpClient, RefusesABodyAboveTheLimit) {
  for (const std::string& reply : {kHello, kChunkedHead + "5\r\nhello\r\n0\r\n\r\n"}) {
    Server server({once(reply)});
    HttpClient client(server.address());
    EXPECT_EQ(code_of([&] { client.send({}, {}, 4); }), ErrorCode::kTooLarge);
  }
}

TEST(HttpClient, GivesUpAtTheDeadline) {
  Server server({[](Peer& peer) {
    peer.read_request();
    peer.write(kChunkedHead);
    EXPECT_TRUE(peer.wait_for_end());
  }});
  HttpClient client(server.address());
  const RunContext run{.deadline = Deadline::in(20ms), .stop = {}};
  EXPECT_EQ(code_of([&] { client.send({}, run); }), ErrorCode::kTimeout);
}

TEST(HttpClient, StopsWhenCalledOffAndHangsUp) {
  std::atomic<bool> client_has_gone = false;
  std::stop_source stop;
  Server server({[&](Peer& peer) {
                   peer.read_request();
                   peer.write(kChunkedHead + "5\r\nfirst\r\n");
                   stop.request_stop();
                   client_has_gone = peer.wait_for_end();
                 },
                 always(kHello)});
  HttpClient client(server.address());
  EXPECT_EQ(code_of([&] { text_of_stream(client, {.stop = stop.get_token()}); }),
            ErrorCode::kCancelled);
  EXPECT_EQ(client.send({}, {}).body, "hello");
  EXPECT_TRUE(client_has_gone);
}

TEST(HttpClient, WaitsWhereTheQueueOfAUnixSocketIsFull) {
  const os::RuntimeDirectory dir;
  const auto path = dir.socket_path("s.sock");
  const os::UniqueFd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  path.native().copy(name.sun_path, sizeof(name.sun_path) - 1);
  const auto* address = reinterpret_cast<sockaddr*>(&name);
  ASSERT_EQ(::bind(listener.get(), address, sizeof(name)), 0);
  ASSERT_EQ(::listen(listener.get(), 0), 0);
  std::vector<os::UniqueFd> queue;
  do {
    queue.emplace_back(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  } while (::connect(queue.back().get(), address, sizeof(name)) == 0 && queue.size() < 100);
  HttpClient client(UnixEndpoint{path});
  const RunContext run{.deadline = Deadline::in(20ms), .stop = {}};
  EXPECT_EQ(code_of([&] { client.send({}, run); }), ErrorCode::kTimeout);
}

TEST(HttpClient, DoesNotConnectForARunThatWasCalledOff) {
  Server server({always(kHello)});
  HttpClient client(server.address());
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(code_of([&] { client.send({}, {.stop = stop.get_token()}); }), ErrorCode::kCancelled);
  EXPECT_EQ(server.accepted(), 0);
}

TEST(HttpClient, AStopAfterTheReplyDoesNotSpoilTheConnection) {
  Server server({always(kHello)});
  HttpClient client(server.address());
  for (int i = 0; i < 20; ++i) {
    std::stop_source stop;
    client.stream(
        {}, [](const ResponseHead&) {}, [&](std::string_view) { stop.request_stop(); },
        {.stop = stop.get_token()});
    EXPECT_EQ(client.send({}, {.deadline = Deadline::in(10s), .stop = {}}).body, "hello");
  }
}

TEST(HttpClient, LetsTheCallersExceptionOutAndHangsUp) {
  std::atomic<bool> client_has_gone = false;
  Server server({[&](Peer& peer) {
                   peer.read_request();
                   peer.write(kChunkedHead + "5\r\nfirst\r\n");
                   client_has_gone = peer.wait_for_end();
                 },
                 always(kHello)});
  HttpClient client(server.address());
  EXPECT_THROW(client.stream(
                   {}, [](const ResponseHead&) {},
                   [](std::string_view) { throw std::logic_error("enough"); }, {}),
               std::logic_error);
  client.send({}, {});
  EXPECT_TRUE(client_has_gone);
}

TEST(HttpClient, ServesManyThreadsAtOnce) {
  const os::RuntimeDirectory dir;
  Server server({always(kHello)}, dir.socket_path("s.sock"));
  HttpClient client(server.address());
  client.send({}, {});
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      // The server takes one connection at a time: the others time out in its queue.
      for (int round = 0; round < 5; ++round) {
        try {
          good += client.send({}, {.deadline = Deadline::in(5ms), .stop = {}}).body == "hello";
        } catch (const Error& error) {
          EXPECT_EQ(error.code(), ErrorCode::kTimeout);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(good, 0);
}

TEST(Address, HasATextForPeople) {
  EXPECT_EQ(to_string(Address(Endpoint{"127.0.0.1", 11434})), "127.0.0.1:11434");
  EXPECT_EQ(to_string(Address(UnixEndpoint{"/run/x.sock"})), "unix:/run/x.sock");
}

}  // namespace
}  // namespace hailstone::net
