// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A connected stream socket whose every wait ends at a deadline or a stop request.

#include <sys/socket.h>

#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>

#include "base/run_context.hpp"
#include "net/http_client.hpp"
#include "os/unique_fd.hpp"

namespace hailstone::net {

/// Owned by one thread at a time; one may read while another one writes.
class Socket {
 public:
  /// Wakes the waits of one socket when the run is called off, as long as it lives.
  class StopWatch;

  /// Blocks. Throws ConnectionError(kCannotConnect), Error(kTimeout), Error(kCancelled). A name is
  /// looked up by the system's resolver, which keeps its own time.
  static Socket connect(const Address& address, const RunContext& run);

  /// Of a client that has been accepted. fd does not block. Throws Error(kInternal) where there is
  /// no descriptor left.
  static Socket adopt(os::UniqueFd fd);

  /// Blocks until all is written. False when the other side has hung up.
  bool write_all(std::string_view data, const StopWatch& watch);

  /// Blocks for at least one byte; 0 when the other side has hung up.
  std::size_t read_some(std::span<char> into, const StopWatch& watch);

  /// Says that nothing more will come, and waits for the other side to hang up, at most so long;
  /// what it still sends is lost. Closing at once would lose what has been written where something
  /// unread has come.
  void part(std::chrono::milliseconds patience) noexcept;

  /// Whether an idle connection is still good: open, and nothing unasked has arrived.
  bool is_idle() const noexcept;

 private:
  Socket(os::UniqueFd fd, os::UniqueFd wake) noexcept;
  int start_connecting(const sockaddr* name, socklen_t size, const RunContext& run);
  void wait_for(short events, const RunContext& run) const;

  os::UniqueFd fd_;
  os::UniqueFd wake_;  ///< an eventfd that a stop request signals
};

class Socket::StopWatch {
 public:
  StopWatch(const Socket& socket, const RunContext& run)
      : run_(run), on_stop_(run.stop, Signal{socket.wake_.get()}) {}
  const RunContext& run() const noexcept { return run_; }

 private:
  struct Signal {
    int fd;
    void operator()() const noexcept;
  };
  const RunContext& run_;
  std::stop_callback<Signal> on_stop_;
};

}  // namespace hailstone::net
