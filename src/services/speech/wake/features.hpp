// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What openWakeWord's classifiers look at: embeddings of the last moments of sound, by two networks
// that all words share.

#include <cstddef>
#include <span>
#include <vector>

#include "base/run_context.hpp"
#include "inference/tensor_session.hpp"

namespace hailstone::wake {

inline constexpr std::size_t kStep = 1280;        ///< samples at 16 kHz: 80 ms
inline constexpr std::size_t kWindowLength = 16;  ///< embeddings that a classifier looks at
inline constexpr std::size_t kEmbeddingSize = 96;

/// The two networks, of whichever model they are taken. They outlive the call.
struct FrontNetworks {
  inference::TensorSession& melspectrogram;
  inference::TensorSession& embedding;
};

/// Runs a network with one input of floats. Throws Error(kEngineFailed) where another number of
/// values comes than is expected, and what TensorSession::run throws.
std::vector<float> run_floats(inference::TensorSession& session, std::vector<std::int64_t> shape,
                              std::vector<float> values, std::size_t expected,
                              const RunContext& run);

/// Belongs to one thread. The networks are given to each call, because nobody holds a model while
/// nothing is said.
class Features {
 public:
  Features();

  /// Takes kStep samples in [-1, 1]. The first call also listens to some noise, so that there is
  /// something to look at from the beginning. Throws as run_floats does.
  void push(std::span<const float> samples, const FrontNetworks& networks, const RunContext& run);

  /// The last kWindowLength embeddings, the oldest first.
  const std::vector<float>& window() const noexcept { return window_; }

 private:
  void hear_noise(const FrontNetworks& networks, const RunContext& run);
  void add_embedding(std::span<const float> embedding);

  std::vector<float> sound_;   // the end of what was heard before, for the networks' context
  std::vector<float> frames_;  // the last frames of the spectrogram
  std::vector<float> window_;
};

}  // namespace hailstone::wake
