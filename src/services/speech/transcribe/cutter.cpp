// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/transcribe/cutter.hpp"

#include <algorithm>
#include <utility>

namespace hailstone::transcribe {
namespace {

constexpr float kSpeech = 0.5F;

std::size_t to_windows(std::chrono::milliseconds time, std::size_t window) {
  const auto samples = static_cast<std::size_t>(time.count()) * sound::kSampleRate / 1000;
  return std::max<std::size_t>(1, samples / window);
}

}  // namespace

Cutter::Cutter(std::unique_ptr<sound::VoiceDetector> detector, CutOptions options)
    : detector_(std::move(detector)),
      window_(detector_->window()),
      longest_(to_windows(options.longest, window_)),
      comfortable_(to_windows(options.comfortable, window_)),
      pause_(to_windows(options.pause, window_)),
      margin_(to_windows(options.margin, window_)) {}

void Cutter::push(std::span<const float> samples) {
  rest_.insert(rest_.end(), samples.begin(), samples.end());
  std::size_t done = 0;
  for (; rest_.size() - done >= window_; done += window_) {
    judge(std::span(rest_).subspan(done, window_));
  }
  rest_.erase(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(done));
}

void Cutter::judge(std::span<const float> window) {
  const float speech = detector_->judge(window);
  samples_.insert(samples_.end(), window.begin(), window.end());
  speech_.push_back(speech);
  if (speech >= kSpeech) last_voiced_ = speech_.size();
  if (last_voiced_ == 0) {
    if (speech_.size() > margin_) drop(speech_.size() - margin_);
    return;
  }
  const std::size_t silence = speech_.size() - last_voiced_;
  if (silence >= pause_ && last_voiced_ >= comfortable_) {
    emit(last_voiced_);
  } else if (speech_.size() >= longest_) {
    emit(silence >= margin_ ? last_voiced_ : best_cut());
  }
}

/// Nobody paused for long: the longest quiet stretch of the later half.
std::size_t Cutter::best_cut() const {
  std::size_t best = speech_.size();
  std::size_t longest = 0;
  std::size_t run = 0;
  for (std::size_t i = speech_.size() / 2; i < speech_.size(); ++i) {
    run = speech_[i] < kSpeech ? run + 1 : 0;
    if (run > 0 && run >= longest) {
      longest = run;
      best = i + 1 - run / 2;
    }
  }
  return best;
}

/// So many windows, and the margin behind them where it is there, become a piece.
void Cutter::emit(std::size_t windows) {
  const std::size_t end = std::min(windows + margin_, speech_.size());
  const std::size_t beyond = end == speech_.size() ? padding_ : 0;
  const auto length = static_cast<std::ptrdiff_t>(end * window_ - beyond);
  ready_.push_back({begin_, {samples_.begin(), samples_.begin() + length}});
  drop(windows);
  last_voiced_ = 0;
  for (std::size_t i = 0; i < speech_.size(); ++i) {
    if (speech_[i] >= kSpeech) last_voiced_ = i + 1;
  }
}

void Cutter::drop(std::size_t windows) {
  speech_.erase(speech_.begin(), speech_.begin() + static_cast<std::ptrdiff_t>(windows));
  samples_.erase(samples_.begin(),
                 samples_.begin() + static_cast<std::ptrdiff_t>(windows * window_));
  begin_ += windows * window_;
}

void Cutter::finish() {
  if (!rest_.empty()) {
    auto last = std::exchange(rest_, {});
    padding_ = window_ - last.size();
    last.resize(window_);
    judge(last);
  }
  if (last_voiced_ > 0) emit(last_voiced_);
}

std::optional<Clip> Cutter::take() {
  if (ready_.empty()) return std::nullopt;
  Clip clip = std::move(ready_.front());
  ready_.erase(ready_.begin());
  return clip;
}

}  // namespace hailstone::transcribe
