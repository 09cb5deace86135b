// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text to the events of one stream of sound; and text that comes in pieces.

#include <condition_variable>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/run_context.hpp"
#include "base/sync/mutex.hpp"
#include "media/pcm.hpp"
#include "services/speech/wyoming/protocol/event.hpp"
#include "services/speech/wyoming/protocol/send.hpp"

namespace hailstone::speak {
class SpeakService;
}

namespace hailstone::wyoming {

/// One stream of sound, from audio-start to audio-stop. Belongs to one thread.
class Speaking {
 public:
  Speaking(speak::SpeakService& service, VoiceName voice, Send send);

  /// Blocks until all is sent. Throws as SpeakService::speak does.
  void say(const std::string& text, bool is_ssml, const RunContext& run);
  /// Where something was said.
  void finish();

 private:
  void send_sound(const media::Pcm& sound);

  speak::SpeakService& service_;
  const VoiceName voice_;
  const Send send_;
  int rate_ = 0;  // 0: nothing has been said
  std::size_t sent_ = 0;
};

/// Text on its way from who reads the client to who speaks. Thread-safe.
class TextPipe {
 public:
  /// Throws Error(kTooLarge) where more waits than anybody says.
  void push(std::string_view text);
  void finish();

  /// The next sentence that is complete; after the end what is left. Nothing: there is no more.
  /// Blocks; throws as RunContext::check does.
  std::optional<std::string> take(const RunContext& run);

 private:
  std::optional<std::string> cut() HAILSTONE_REQUIRES(mutex_);

  Mutex mutex_;
  std::condition_variable_any changed_;
  std::string text_ HAILSTONE_GUARDED_BY(mutex_);
  bool is_finished_ HAILSTONE_GUARDED_BY(mutex_) = false;
};

}  // namespace hailstone::wyoming
