// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Plays what comes from the service while more of it comes, and can be silenced at once.

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "cli/sound/echo.hpp"
#include "cli/sound/sound_card.hpp"

namespace hailstone::cli {

/// Thread-safe.
class Mouth {
 public:
  /// echo: learns what is played; null: nobody wants to know. It outlives this. Throws as
  /// Loudspeaker does.
  Mouth(const std::string& device, int sample_rate, EchoCanceller* echo);

  /// 16 bits, little endian. Throws what has happened to the device.
  void say(std::string_view bytes);
  void hush();
  /// Waits until all has been played.
  void finish();

 private:
  void play(const std::stop_token& stop);

  Loudspeaker loudspeaker_;  // the thread's
  EchoCanceller* const echo_;
  const std::size_t frame_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::int16_t> waiting_;  // guarded by mutex_, as the rest
  bool is_playing_ = false;
  bool shall_hush_ = false;
  std::exception_ptr failure_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace hailstone::cli
