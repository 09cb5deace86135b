// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "app/last_resort.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string>
#include <system_error>

#include "base/error.hpp"
#include "base/run_context.hpp"
#include "log/log.hpp"
#include "os/thread_name.hpp"

namespace hailstone::app {
namespace {

/// The log and the file system may be what is stuck.
constexpr unsigned kLastWords = 2;  // seconds, as alarm() takes them

[[noreturn]] void exit_now(std::chrono::seconds limit, const std::filesystem::path& folder) {
  alarm(kLastWords);  // SIGALRM ends us
  log::error("app", "not stopped in time: the process exits now",
             {{"seconds", std::to_string(limit.count())}});
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  std::_Exit(EXIT_FAILURE);
}

}  // namespace

LastResort::LastResort(std::chrono::seconds limit, std::filesystem::path folder)
    : thread_([limit, folder = std::move(folder)](const std::stop_token& stop) {
        os::set_thread_name("last-resort");
        try {
          pause(limit, {Deadline::never(), stop});
        } catch (const Error&) {
          return;  // in time
        }
        exit_now(limit, folder);
      }) {}

}  // namespace hailstone::app
