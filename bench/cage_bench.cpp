// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// What the cage costs: starting a program in it and without it, and what a program that is in it
// waits for each byte that it echoes. Both take turns in one run. The aims: less than 5 ms a start,
// nothing a request.
//
//     cage_bench [ROUNDS]

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

#include "os/child_process.hpp"
#include "os/unix_socket.hpp"

namespace {

using namespace hailstone;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

enum class Shut { kIn, kFree };

/// The files of a host: a model, a folder with the program, and a folder to write to.
os::ChildOptions options_of(Shut shut, std::vector<std::string> argv) {
  os::ChildOptions options;
  options.argv = std::move(argv);
  os::Cage cage;
  cage.read = {"/usr/share/doc", "/etc/hostname"};
  cage.write = {"/tmp"};
  options.cage = shut == Shut::kIn ? std::optional(cage) : std::nullopt;
  return options;
}

/// From the call until it has ended.
double time_start(Shut shut) {
  const auto begun = Clock::now();
  const os::ChildProcess child(options_of(shut, {"/bin/true"}));
  if (!child.wait(Deadline::in(std::chrono::seconds(20)))) throw std::runtime_error("no end");
  return Milliseconds(Clock::now() - begun).count();
}

/// One that says each byte again.
class Echo {
 public:
  explicit Echo(Shut shut) {
    auto [ours, theirs] = os::make_socket_pair();
    socket_ = std::move(ours);
    auto options = options_of(shut, {"/bin/sh", "-c", "exec cat <&3 >&3"});
    options.fds = {theirs.get()};
    child_ = std::make_unique<os::ChildProcess>(std::move(options));
    time();  // it has started
  }

  double time() {
    const auto begun = Clock::now();
    char byte = 'h';
    if (::write(socket_.get(), &byte, 1) != 1 || ::read(socket_.get(), &byte, 1) != 1) {
      throw std::runtime_error("no echo");
    }
    return Milliseconds(Clock::now() - begun).count();
  }

 private:
  os::UniqueFd socket_;
  std::unique_ptr<os::ChildProcess> child_;
};

double at(std::vector<double>& times, double part) {
  std::sort(times.begin(), times.end());
  return times[static_cast<std::size_t>(part * static_cast<double>(times.size() - 1))];
}

void show(const char* what, std::vector<double> in, std::vector<double> free, double scale,
          const char* unit) {
  const double caged = at(in, 0.5);
  const double bare = at(free, 0.5);
  std::printf(
      "%-8s in the cage: median %.2f %s (p90 %.2f), without: %.2f (p90 %.2f); "
      "difference %.2f, ratio %.3f\n",
      what, caged * scale, unit, at(in, 0.9) * scale, bare * scale, at(free, 0.9) * scale,
      (caged - bare) * scale, caged / bare);
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 200;
  std::vector<double> starts_in;
  std::vector<double> starts_free;
  for (int i = 0; i < rounds; ++i) {
    starts_in.push_back(time_start(Shut::kIn));
    starts_free.push_back(time_start(Shut::kFree));
  }
  show("start", starts_in, starts_free, 1, "ms");

  Echo in(Shut::kIn);
  Echo free(Shut::kFree);
  std::vector<double> echoes_in;
  std::vector<double> echoes_free;
  constexpr int kEchoes = 100;  // a round
  for (int i = 0; i < rounds * kEchoes; ++i) {
    echoes_in.push_back(in.time());
    echoes_free.push_back(free.time());
  }
  show("echo", echoes_in, echoes_free, 1000, "us");
  return 0;
}
