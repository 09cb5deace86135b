// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "hosting/host_main.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "os/process_memory.hpp"

namespace hailstone::hosting {
namespace {

/// A host takes a picture's memory again and again; giving it back to the kernel each time costs
/// more than the hop. All of it goes back when the host ends.
constexpr ByteSize kKept = ByteSize::mib(64);
constexpr ByteSize kLargestKept = ByteSize::mib(32);

}  // namespace

int host_main(inference::Engine& engine, ServerOptions options) noexcept {
  try {
    os::keep_freed_memory(kLargestKept, kKept);
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
    Channel channel(std::move(socket), Peer::kTrusted);  // the daemon
    HostServer(engine, channel, options).serve();
    return 0;
  } catch (...) {
    const Error error = current_error();
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}

}  // namespace hailstone::hosting
