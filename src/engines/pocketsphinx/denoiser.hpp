// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Takes steady noise away before the recogniser hears it: its acoustic model was trained with clean
// speech, and noise of 20 dB below makes it mistake twice as many words.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace hailstone::engines::pocketsphinx {

/// Belongs to one thread.
class Denoiser {
 public:
  Denoiser();
  ~Denoiser();
  Denoiser(const Denoiser&) = delete;
  Denoiser& operator=(const Denoiser&) = delete;

  /// Another place: its noise is learnt from the quietest moment of `first`, because noise that is
  /// learnt while somebody speaks takes seconds.
  void begin(std::span<const std::int16_t> first);
  /// The samples without noise, but for less than a frame that the next ones complete.
  std::vector<std::int16_t> push(std::span<const std::int16_t> samples);
  std::vector<std::int16_t> finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstone::engines::pocketsphinx
