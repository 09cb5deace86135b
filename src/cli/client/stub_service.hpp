// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// For the tests of this room: a service on loopback that answers as it is told, and a console that
// remembers.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <functional>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "base/endpoint.hpp"
#include "cli/client/json_access.hpp"
#include "cli/term/console.hpp"

namespace hailstone::cli {

struct StubRequest {
  std::string line;  ///< "POST /api/chat"
  std::string head;
  std::string content;

  Json body() const { return Json::parse(content, nullptr, false); }
};

/// Replies with their head; see reply_with. A connection whose reply does not announce its close
/// stays open until the client hangs up.
using StubAnswer = std::function<std::string(const StubRequest&)>;

inline std::string reply_with(int status, const std::string& body,
                              const std::string& headers = {}) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Type: application/json\r\n" +
         headers + "Content-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\n\r\n" + body;
}

/// One connection after another, one request each, on a thread of its own.
class StubService {
 public:
  explicit StubService(StubAnswer answer) : answer_(std::move(answer)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof name;
    ::bind(listener_, reinterpret_cast<sockaddr*>(&name), size);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&name), &size);
    ::listen(listener_, 16);
    endpoint_ = Endpoint{"127.0.0.1", ntohs(name.sin_port)};
    thread_ = std::thread([this] { serve(); });
  }
  ~StubService() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  StubService(const StubService&) = delete;
  StubService& operator=(const StubService&) = delete;

  const Endpoint& endpoint() const noexcept { return endpoint_; }
  std::vector<StubRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void serve() {
    for (int fd = accept(); fd >= 0; fd = accept()) {
      const StubRequest request = read_request(fd);
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
      }
      const std::string reply = answer_(request);
      [[maybe_unused]] const auto sent = ::send(fd, reply.data(), reply.size(), MSG_NOSIGNAL);
      char byte = 0;
      if (reply.find("Connection: close") == std::string::npos) ::recv(fd, &byte, 1, 0);
      ::close(fd);
    }
  }
  int accept() const { return ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC); }
  static StubRequest read_request(int fd) {
    StubRequest request;
    char byte = 0;
    while (!request.head.ends_with("\r\n\r\n") && ::recv(fd, &byte, 1, 0) == 1)
      request.head += byte;
    request.line = request.head.substr(0, request.head.find(" HTTP/"));
    const auto at = request.head.find("Content-Length: ");
    request.content.resize(at == std::string::npos ? 0 : std::stoul(request.head.substr(at + 16)));
    if (!request.content.empty()) {
      ::recv(fd, request.content.data(), request.content.size(), MSG_WAITALL);
    }
    return request;
  }

  const StubAnswer answer_;
  int listener_;
  Endpoint endpoint_;
  mutable std::mutex mutex_;
  std::vector<StubRequest> requests_;  ///< guarded by mutex_
  std::thread thread_;
};

struct TestConsole {
  explicit TestConsole(const std::string& input = {}) : in(input) {}
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  Console console{in, out, err};
};

}  // namespace hailstone::cli
