// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A client for tests that sends what it is told, byte by byte, and reads replies as they come.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/strings.hpp"
#include "os/unique_fd.hpp"

namespace hailstone::http::testing {

struct RawReply {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case; the last of several
  std::string body;
  bool is_complete = false;  ///< its end has been seen

  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

/// To 127.0.0.1. Every wait ends after 20 seconds, as if the server had closed.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port, int receive_buffer = 0)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0) {
      ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
    }
    const timeval limit{20, 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    const int on = 1;
    ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
      throw std::runtime_error("cannot connect");
    }
  }

  /// False if the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// A reply that has begun with what send() asked for. status 0: the server closed instead.
  RawReply read_reply(bool is_head = false) {
    RawReply reply;
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!fill()) return reply;
    }
    parse_head(buffer_.substr(0, end + 2), reply);
    buffer_.erase(0, end + 4);
    if (is_head || reply.status == 204 || reply.status == 304 || reply.status < 200) {
      reply.is_complete = true;
    } else if (reply.header("transfer-encoding") == "chunked") {
      read_chunks(reply);
    } else if (!reply.header("content-length").empty()) {
      const auto length = std::strtoull(reply.header("content-length").c_str(), nullptr, 10);
      while (buffer_.size() < length && fill()) {
      }
      reply.is_complete = buffer_.size() >= length;
      reply.body = buffer_.substr(0, length);
      buffer_.erase(0, length);
    } else {
      while (fill()) {
      }
      reply.body = std::exchange(buffer_, {});
      reply.is_complete = true;
    }
    return reply;
  }

  RawReply ask(std::string_view request, bool is_head = false) {
    send(request);
    return read_reply(is_head);
  }

  /// The next bytes, whatever they are; empty when the server has closed.
  std::string read_some() {
    if (buffer_.empty()) fill();
    return std::exchange(buffer_, {});
  }

  bool is_closed_by_server() {
    while (fill()) {
    }
    return was_closed_;
  }

  int descriptor() const { return socket_.get(); }
  void close() { socket_.reset(); }
  void close_with_reset() {
    const linger now{1, 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    socket_.reset();
  }
  void half_close() { ::shutdown(socket_.get(), SHUT_WR); }

 private:
  bool fill() {
    char bytes[16384];
    const auto got = ::recv(socket_.get(), bytes, sizeof(bytes), 0);
    was_closed_ = got == 0 || (got < 0 && errno == ECONNRESET);
    if (got > 0) buffer_.append(bytes, static_cast<std::size_t>(got));
    return got > 0;
  }

  static void parse_head(const std::string& head, RawReply& reply) {
    reply.status = std::atoi(head.c_str() + 9);
    for (auto begin = head.find("\r\n") + 2; begin < head.size();) {
      const auto end = head.find("\r\n", begin);
      const auto colon = head.find(':', begin);
      reply.headers[to_lower(head.substr(begin, colon - begin))] =
          std::string(trim(std::string_view(head).substr(colon + 1, end - colon - 1)));
      begin = end + 2;
    }
  }

  void read_chunks(RawReply& reply) {
    while (true) {
      std::size_t line = 0;
      while ((line = buffer_.find("\r\n")) == std::string::npos) {
        if (!fill()) return;
      }
      const auto size = std::strtoull(buffer_.c_str(), nullptr, 16);
      while (buffer_.size() < line + 4 + size) {
        if (!fill()) return;
      }
      reply.body += buffer_.substr(line + 2, size);
      buffer_.erase(0, line + 4 + size);
      if (size == 0) {
        reply.is_complete = true;
        return;
      }
    }
  }

  os::UniqueFd socket_;
  std::string buffer_;
  bool was_closed_ = false;
};

}  // namespace hailstone::http::testing
