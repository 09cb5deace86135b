// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A reply of sound, encoded while it is made.

#include <memory>
#include <string>

#include "http/message.hpp"
#include "http/sse.hpp"
#include "services/speech/speak/task.hpp"
#include "services/speech/speak/wire.hpp"

namespace hailstone::speak {

/// Owned by the handler's thread; the reply and the request outlive it.
class SoundReply {
 public:
  SoundReply(http::Reply& reply, const SpeakRequest& request) noexcept
      : reply_(reply), request_(request), events_(reply) {}

  /// Adds the headers that say who speaks.
  void begin(const Speaker& speaker);
  /// Blocks and throws as ResponseStream::write; kTooLarge where a whole reply gets too long.
  void write(const media::Pcm& piece);
  /// After the last piece. Sends a whole reply, with its duration.
  void finish();

 private:
  void start_encoder(int sample_rate);
  void send(std::string_view bytes);
  void send_whole();

  http::Reply& reply_;
  const SpeakRequest& request_;
  http::SseWriter events_;
  http::ResponseStream* stream_ = nullptr;
  std::unique_ptr<media::Encoder> encoder_;
  media::Pcm whole_;
  std::size_t samples_ = 0;
  int sample_rate_ = 0;
};

}  // namespace hailstone::speak
