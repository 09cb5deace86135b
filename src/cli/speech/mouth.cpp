// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/speech/mouth.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "os/thread_name.hpp"

namespace hailstone::cli {

Mouth::Mouth(const std::string& device, int sample_rate, EchoCanceller* echo)
    : loudspeaker_(device, sample_rate),
      echo_(echo),
      frame_(static_cast<std::size_t>(sample_rate / 50)),
      thread_([this](const std::stop_token& stop) {
        os::set_thread_name("loudspeaker");
        try {
          play(stop);
        } catch (...) {  // the top of this thread
          const std::lock_guard lock(mutex_);
          failure_ = std::current_exception();
          changed_.notify_all();
        }
      }) {}

void Mouth::say(std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  if (failure_) std::rethrow_exception(failure_);
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    const auto low = static_cast<std::uint8_t>(bytes[at]);
    const auto high = static_cast<std::uint8_t>(bytes[at + 1]);
    waiting_.push_back(static_cast<std::int16_t>(low | high << 8U));
  }
  changed_.notify_all();
}

void Mouth::hush() {
  const std::lock_guard lock(mutex_);
  waiting_.clear();
  shall_hush_ = true;
  changed_.notify_all();
}

void Mouth::finish() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return failure_ || (waiting_.empty() && !is_playing_); });
}

void Mouth::play(const std::stop_token& stop) {
  std::vector<std::int16_t> frame;
  for (;;) {
    std::unique_lock lock(mutex_);
    is_playing_ = false;
    changed_.notify_all();
    changed_.wait(lock, stop, [this] { return shall_hush_ || !waiting_.empty(); });
    if (stop.stop_requested()) return;
    const bool hush = std::exchange(shall_hush_, false);
    const auto count = static_cast<std::ptrdiff_t>(std::min(frame_, waiting_.size()));
    frame.assign(waiting_.begin(), waiting_.begin() + count);
    waiting_.erase(waiting_.begin(), waiting_.begin() + count);
    is_playing_ = true;
    lock.unlock();
    if (hush) {
      loudspeaker_.stop();
      if (echo_ != nullptr) echo_->stopped();
    }
    if (frame.empty()) continue;
    loudspeaker_.play(frame);
    if (echo_ != nullptr) echo_->played(frame);
  }
}

}  // namespace hailstone::cli
