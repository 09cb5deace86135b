// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/sound/echo.hpp"

#ifdef HAILSTONE_HAS_SPEEXDSP
#include <speex/speex_echo.h>
#include <speex/speex_preprocess.h>
#endif

#include <algorithm>
#include <deque>
#include <mutex>

#include "base/error.hpp"

namespace hailstone::cli {

#ifdef HAILSTONE_HAS_SPEEXDSP

namespace {

constexpr int kFramesPerSecond = 50;
/// How late an echo may come: through the device's buffers and the room.
constexpr int kTailMilliseconds = 350;

struct EchoDeleter {
  void operator()(SpeexEchoState* state) const noexcept { speex_echo_state_destroy(state); }
};
struct RestDeleter {
  void operator()(SpeexPreprocessState* state) const noexcept {
    speex_preprocess_state_destroy(state);
  }
};

}  // namespace

struct EchoCanceller::Impl {
  explicit Impl(int sample_rate)
      : frame(static_cast<std::size_t>(sample_rate / kFramesPerSecond)),
        echo(
            speex_echo_state_init(static_cast<int>(frame), sample_rate * kTailMilliseconds / 1000)),
        rest(speex_preprocess_state_init(static_cast<int>(frame), sample_rate)) {
    if (!echo || !rest) throw Error(ErrorCode::kOutOfMemory, "no memory for cancelling echo");
    int no = 0;
    speex_echo_ctl(echo.get(), SPEEX_ECHO_SET_SAMPLING_RATE, &sample_rate);
    // What the filter leaves is turned down; the rest of the sound stays as it is.
    speex_preprocess_ctl(rest.get(), SPEEX_PREPROCESS_SET_DENOISE, &no);
    speex_preprocess_ctl(rest.get(), SPEEX_PREPROCESS_SET_ECHO_STATE, echo.get());
  }

  std::mutex mutex;
  const std::size_t frame;
  std::unique_ptr<SpeexEchoState, EchoDeleter> echo;
  std::unique_ptr<SpeexPreprocessState, RestDeleter> rest;
  std::deque<std::int16_t>
      playing;  // given to the loudspeaker, and not yet heard by the microphone
  std::vector<std::int16_t> waiting;  // of the microphone, less than a frame
};

bool EchoCanceller::is_built() noexcept {
  return true;
}

EchoCanceller::EchoCanceller(int sample_rate) : impl_(std::make_unique<Impl>(sample_rate)) {}
EchoCanceller::~EchoCanceller() = default;

void EchoCanceller::played(std::span<const std::int16_t> samples) {
  const std::lock_guard lock(impl_->mutex);
  impl_->playing.insert(impl_->playing.end(), samples.begin(), samples.end());
}

void EchoCanceller::stopped() {
  const std::lock_guard lock(impl_->mutex);
  impl_->playing.clear();
}

std::vector<std::int16_t> EchoCanceller::clean(std::span<const std::int16_t> samples) {
  const std::lock_guard lock(impl_->mutex);
  auto& waiting = impl_->waiting;
  waiting.insert(waiting.end(), samples.begin(), samples.end());
  std::vector<std::int16_t> out;
  std::vector<std::int16_t> far(impl_->frame);
  std::vector<std::int16_t> near(impl_->frame);
  std::size_t done = 0;
  for (; waiting.size() - done >= impl_->frame; done += impl_->frame) {
    const std::size_t known = std::min(impl_->frame, impl_->playing.size());
    std::copy_n(impl_->playing.begin(), known, far.begin());
    std::fill(far.begin() + static_cast<std::ptrdiff_t>(known), far.end(), std::int16_t{0});
    impl_->playing.erase(impl_->playing.begin(),
                         impl_->playing.begin() + static_cast<std::ptrdiff_t>(known));
    speex_echo_cancellation(impl_->echo.get(), waiting.data() + done, far.data(), near.data());
    speex_preprocess_run(impl_->rest.get(), near.data());
    out.insert(out.end(), near.begin(), near.end());
  }
  waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(done));
  return out;
}

#else

struct EchoCanceller::Impl {};
bool EchoCanceller::is_built() noexcept {
  return false;
}
EchoCanceller::EchoCanceller(int) {}
EchoCanceller::~EchoCanceller() = default;
void EchoCanceller::played(std::span<const std::int16_t>) {}
void EchoCanceller::stopped() {}
std::vector<std::int16_t> EchoCanceller::clean(std::span<const std::int16_t> samples) {
  return {samples.begin(), samples.end()};
}

#endif

}  // namespace hailstone::cli
