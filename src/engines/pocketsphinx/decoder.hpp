// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One decoder of pocketsphinx: hears one utterance at a time.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/run_context.hpp"
#include "inference/audio_sessions.hpp"

namespace hailstone::engines::pocketsphinx {

inline constexpr int kSampleRate = 16'000;

struct DecoderFiles {
  std::filesystem::path data;  ///< of pocketsphinx: see engine.hpp
  /// Of what is asked here: mixed with the general one, and heard alone besides; what fits better
  /// counts.
  std::optional<std::filesystem::path> language_model;
};

/// Used by one thread at a time.
class Decoder {
 public:
  /// Takes a second and 100 MiB. Throws Error(kEngineFailed) where the data are damaged.
  explicit Decoder(const DecoderFiles& files);
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  /// What can be heard from now on. jsgf: nothing but this; empty: the language models. Throws
  /// Error(kBadRequest) for a grammar that cannot be used.
  void use(const std::string& jsgf);

  /// A whole utterance of 16 kHz; blocks. Throws Error(kTimeout), Error(kCancelled).
  std::vector<inference::HeardWord> decode(std::span<const float> samples, const RunContext& run);

  /// An utterance piece by piece. The first piece tells how loud and how coloured the sound is, and
  /// what is noise in it: let it be half a second or more.
  void begin(std::span<const float> first, const RunContext& run);
  void feed(std::span<const float> samples, const RunContext& run);
  /// What it would be if it ended now; empty: nothing yet.
  std::string hypothesis();
  std::vector<inference::HeardWord> finish();

 private:
  struct Impl;
  void feed_clean(std::span<const std::int16_t> samples, const RunContext& run);

  std::unique_ptr<Impl> impl_;
};

}  // namespace hailstone::engines::pocketsphinx
