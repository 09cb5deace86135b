// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/host_main.hpp"

#include <malloc.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <utility>

#include "base/error.hpp"

namespace hailstone::hosting {
namespace {

/// A host takes a picture's memory again and again; giving it back to the kernel each time costs
/// more than the hop. All of it goes back when the host ends.
void keep_freed_memory() noexcept {
  constexpr int kKept = 64 << 20;
  ::mallopt(M_MMAP_THRESHOLD, kKept / 2);
  ::mallopt(M_TRIM_THRESHOLD, kKept);
  // Threads take turns at requests; with an arena for each of them, each would keep that much.
  ::mallopt(M_ARENA_MAX, 1);
}

}  // namespace

int host_main(inference::Engine& engine, ServerOptions options) noexcept {
  try {
    keep_freed_memory();
    ::dup2(STDERR_FILENO, STDOUT_FILENO);
    os::UniqueFd socket(kHostSocket);
    int type = 0;
    socklen_t size = sizeof(type);
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_TYPE, &type, &size) != 0) {
      socket.release();
      throw Error(ErrorCode::kBadRequest,
                  "an engine host is started by hailstone serve, not by hand: descriptor 3 is not "
                  "a socket");
    }
    Channel channel(std::move(socket));
    HostServer(engine, channel, options).serve();
    return 0;
  } catch (...) {
    const Error error = current_error();
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}

}  // namespace hailstone::hosting
