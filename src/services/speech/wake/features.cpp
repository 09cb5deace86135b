// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/wake/features.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "base/error.hpp"

namespace hailstone::wake {
namespace {

using inference::ElementType;
using inference::Tensor;
using inference::TensorInfo;

/// A frame of the spectrogram is 10 ms; the network needs three before the first.
constexpr std::size_t kHop = 160;
constexpr std::size_t kContext = 3 * kHop;
constexpr std::size_t kBands = 32;
/// Frames that an embedding looks at: 775 ms.
constexpr std::size_t kFrames = 76;
constexpr std::size_t kFramesPerStep = kStep / kHop;
/// The networks were trained with samples of 16 bits.
constexpr float kScale = 32768.0F;

std::size_t frame_count(std::size_t samples) {
  return (samples + kHop - 1) / kHop - 3;
}

/// As the embedding wants it.
std::vector<float> make_frames(inference::TensorSession& session, std::vector<float> samples,
                               const RunContext& run) {
  const auto length = samples.size();
  auto frames = run_floats(session, {1, static_cast<std::int64_t>(length)}, std::move(samples),
                           frame_count(length) * kBands, run);
  for (float& value : frames) value = value / 10.0F + 2.0F;
  return frames;
}

std::vector<float> embed(inference::TensorSession& session, std::vector<float> frames,
                         std::size_t count, const RunContext& run) {
  return run_floats(session,
                    {static_cast<std::int64_t>(count), static_cast<std::int64_t>(kFrames),
                     static_cast<std::int64_t>(kBands), 1},
                    std::move(frames), count * kEmbeddingSize, run);
}

/// Quiet noise, always the same: the minimal standard generator.
std::vector<float> make_noise(std::size_t length) {
  std::vector<float> noise(length);
  std::uint64_t state = 1;
  for (float& sample : noise) {
    state = state * 48271 % 2147483647;
    sample = static_cast<float>(static_cast<int>(state % 2000) - 1000);
  }
  return noise;
}

}  // namespace

std::vector<float> run_floats(inference::TensorSession& session, std::vector<std::int64_t> shape,
                              std::vector<float> values, std::size_t expected,
                              const RunContext& run) {
  auto inputs = session.inputs();
  if (inputs.size() != 1 || inputs.front().type != ElementType::kFloat32) {
    throw Error(ErrorCode::kUnsupported,
                "the network is none of openWakeWord's: it must have one "
                "input of floats");
  }
  TensorInfo info = std::move(inputs.front());
  info.shape = std::move(shape);
  const auto outputs = session.run({{std::move(info), std::move(values)}}, run);
  std::vector<float> result(expected);
  if (outputs.empty() || outputs.front().data.size() != expected * sizeof(float)) {
    throw Error(ErrorCode::kEngineFailed,
                "a network for wake words gives other values than expected",
                "it must be one of openWakeWord's: melspectrogram, embedding, or a classifier");
  }
  std::memcpy(result.data(), outputs.front().data.data(), expected * sizeof(float));
  return result;
}

Features::Features() : frames_(kFrames * kBands, 1.0F) {}

void Features::push(std::span<const float> samples, const FrontNetworks& networks,
                    const RunContext& run) {
  if (window_.empty()) hear_noise(networks, run);
  std::vector<float> heard = sound_;
  for (const float sample : samples) heard.push_back(sample * kScale);
  sound_.assign(heard.end() - static_cast<std::ptrdiff_t>(kContext), heard.end());
  const auto frames = make_frames(networks.melspectrogram, std::move(heard), run);
  frames_.insert(frames_.end(), frames.begin(), frames.end());
  const auto most = static_cast<std::ptrdiff_t>(kFrames * kBands);
  frames_.erase(frames_.begin(), frames_.end() - most);
  add_embedding(embed(networks.embedding, frames_, 1, run));
}

void Features::hear_noise(const FrontNetworks& networks, const RunContext& run) {
  constexpr std::size_t kLength = kFrames + (kWindowLength - 1) * kFramesPerStep;
  const auto frames = make_frames(networks.melspectrogram, make_noise((kLength + 3) * kHop), run);
  std::vector<float> looks;
  for (std::size_t i = 0; i < kWindowLength; ++i) {
    const auto begin = frames.begin() + static_cast<std::ptrdiff_t>(i * kFramesPerStep * kBands);
    looks.insert(looks.end(), begin, begin + static_cast<std::ptrdiff_t>(kFrames * kBands));
  }
  window_ = embed(networks.embedding, std::move(looks), kWindowLength, run);
}

void Features::add_embedding(std::span<const float> embedding) {
  window_.erase(window_.begin(), window_.begin() + static_cast<std::ptrdiff_t>(kEmbeddingSize));
  window_.insert(window_.end(), embedding.begin(), embedding.end());
}

}  // namespace hailstone::wake
