// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/pocketsphinx/denoiser.hpp"

#include <speex/speex_preprocess.h>

#include <algorithm>

#include "base/error.hpp"
#include "engines/pocketsphinx/decoder.hpp"

namespace hailstone::engines::pocketsphinx {
namespace {

/// 20 ms, as the library recommends.
constexpr std::size_t kFrame = kSampleRate / 50;
/// Of the quietest moment, a quarter of a second, and how often it is heard: then the library is
/// sure of it.
constexpr std::size_t kQuietFrames = 12;
constexpr int kTimes = 4;
/// Decibels. More sounds better to people, and no better to the recogniser.
constexpr int kSuppression = -15;

struct StateDeleter {
  void operator()(SpeexPreprocessState* state) const noexcept {
    speex_preprocess_state_destroy(state);
  }
};
using StatePointer = std::unique_ptr<SpeexPreprocessState, StateDeleter>;

StatePointer make_state() {
  StatePointer state(speex_preprocess_state_init(static_cast<int>(kFrame), kSampleRate));
  if (!state) throw Error(ErrorCode::kOutOfMemory, "there is no memory for taking away noise");
  int yes = 1;
  int suppression = kSuppression;
  speex_preprocess_ctl(state.get(), SPEEX_PREPROCESS_SET_DENOISE, &yes);
  speex_preprocess_ctl(state.get(), SPEEX_PREPROCESS_SET_NOISE_SUPPRESS, &suppression);
  return state;
}

std::span<const std::int16_t> quietest(std::span<const std::int16_t> samples) {
  const std::size_t length = std::min(samples.size() / kFrame, kQuietFrames) * kFrame;
  std::span<const std::int16_t> best;
  double least = 0;
  for (std::size_t at = 0; length > 0 && at + length <= samples.size(); at += kFrame) {
    const auto part = samples.subspan(at, length);
    double energy = 0;
    for (const double sample : part) energy += sample * sample;
    if (best.empty() || energy < least) {
      best = part;
      least = energy;
    }
  }
  return best;
}

}  // namespace

struct Denoiser::Impl {
  StatePointer state = make_state();
  std::vector<std::int16_t> rest;  // less than a frame
};

Denoiser::Denoiser() : impl_(std::make_unique<Impl>()) {}
Denoiser::~Denoiser() = default;

void Denoiser::begin(std::span<const std::int16_t> first) {
  *impl_ = Impl();
  const auto quiet = quietest(first);
  for (int i = 0; i < kTimes; ++i) push(quiet);
}

std::vector<std::int16_t> Denoiser::push(std::span<const std::int16_t> samples) {
  std::vector<std::int16_t> out = std::move(impl_->rest);
  out.insert(out.end(), samples.begin(), samples.end());
  std::size_t done = 0;
  for (; out.size() - done >= kFrame; done += kFrame) {
    speex_preprocess_run(impl_->state.get(), out.data() + done);
  }
  impl_->rest.assign(out.begin() + static_cast<std::ptrdiff_t>(done), out.end());
  out.resize(done);
  return out;
}

std::vector<std::int16_t> Denoiser::finish() {
  if (impl_->rest.empty()) return {};
  const std::size_t missing = kFrame - impl_->rest.size();
  auto last = push(std::vector<std::int16_t>(missing));
  last.resize(kFrame - missing);
  return last;
}

}  // namespace hailstone::engines::pocketsphinx
