// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A client's sound to 16 kHz, and ours to what it wants to hear.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "media/audio/resampler.hpp"
#include "services/speech/realtime/task.hpp"

namespace hailstone::realtime {

/// Belongs to one thread.
class Ear {
 public:
  /// Another format begins a new stream.
  void set_format(const Format& format);
  /// Valid until the next call. Half a sample at the end waits for its other half.
  std::span<const float> take(std::string_view bytes);

 private:
  void decode(std::string_view bytes);

  Format format_;
  std::optional<media::Resampler> resampler_;
  std::string rest_;
  std::vector<float> decoded_;
  std::vector<float> samples_;
};

/// pcm16: of the format's rate.
std::string encode(const std::string& pcm16, const Format& format);

}  // namespace hailstone::realtime
