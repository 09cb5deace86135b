// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/term/spinner.hpp"

#include <array>
#include <chrono>

namespace hailstone::cli {

Spinner::Spinner(std::ostream* stream, std::string text) : stream_(stream), text_(std::move(text)) {
  if (stream_ == nullptr) return;
  thread_ = std::jthread([this](const std::stop_token& stop) { turn(stop); });
}

void Spinner::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

void Spinner::turn(const std::stop_token& stop) {
  constexpr std::array kFrames = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
  constexpr std::chrono::milliseconds kFirst{200};
  constexpr std::chrono::milliseconds kNext{100};
  std::unique_lock lock(mutex_);
  for (std::size_t frame = 0;; ++frame) {
    wake_.wait_for(lock, stop, frame == 0 ? kFirst : kNext, [] { return false; });
    if (stop.stop_requested()) {
      if (frame > 0) *stream_ << "\r\x1b[K" << std::flush;
      return;
    }
    *stream_ << '\r' << kFrames[frame % kFrames.size()] << ' ' << text_ << std::flush;
  }
}

}  // namespace hailstone::cli
