// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/whisper/listener.hpp"

#include <utility>

#include "base/clock.hpp"
#include "engines/whisper/live.hpp"

namespace hailstone::engines::whisper {
namespace {

using inference::HearEvent;
using std::chrono::milliseconds;

/// Of new sound before it is heard again; more where hearing takes longer than that.
constexpr milliseconds kPace{800};
/// An utterance that does not end is ended here: Whisper hears 30 seconds.
constexpr std::size_t kLongest = 25U * kSampleRate;

milliseconds time_of(std::uint64_t samples) {
  return milliseconds(samples * 1000 / kSampleRate);
}

class Listener {
 public:
  Listener(const inference::HearOptions& options, inference::AudioSource& source,
           const Decode& decode, const inference::OnHeard& on_heard, const RunContext& run)
      : options_(options), source_(source), decode_(decode), on_heard_(on_heard), run_(run) {}

  inference::HearResult listen() {
    for (bool is_last = false; !is_last;) {
      auto piece = source_.take(Deadline::in(pace_), run_);
      is_last = piece.is_last;
      utterance_.insert(utterance_.end(), piece.samples.begin(), piece.samples.end());
      fresh_ += piece.samples.size();
      if (piece.ends_utterance || is_last || utterance_.size() >= kLongest) {
        end_utterance();
      } else if (time_of(fresh_) >= pace_) {
        hear_again();
      }
    }
    return {options_.language.empty() ? language_ : options_.language, probability_, {}};
  }

 private:
  Transcript decode() {
    const SteadyTime began = system_clock().now();
    auto transcript = decode_(utterance_, options_);
    const auto took = std::chrono::duration_cast<milliseconds>(system_clock().now() - began);
    pace_ = std::max(kPace, took + took / 2);
    fresh_ = 0;
    if (options_.language.empty() && !utterance_.empty()) {
      language_ = transcript.language;
      probability_ = transcript.language_probability;
    }
    for (auto& segment : transcript.segments) shift(segment);
    return transcript;
  }

  void hear_again() {
    const auto transcript = decode();
    inference::HeardSegment all;
    for (const auto& segment : transcript.segments) {
      if (all.text.empty()) all.begin = segment.begin;
      all.end = segment.end;
      all.text += segment.text;
      all.words.insert(all.words.end(), segment.words.begin(), segment.words.end());
    }
    const std::size_t stable = agreement_.add(all.text);
    tell({HearEvent::Kind::kPartial, std::move(all), stable});
  }

  void end_utterance() {
    if (!utterance_.empty()) {
      auto transcript = decode();
      // Once it is known, nobody changes his language in the middle.
      if (options_.language.empty()) options_.language = language_;
      for (auto& segment : transcript.segments) {
        tell({HearEvent::Kind::kFinal, std::move(segment)});
      }
    }
    begin_ += utterance_.size();
    utterance_.clear();
    agreement_.reset();
    tell({HearEvent::Kind::kProgress});
  }

  void shift(inference::HeardSegment& segment) const {
    const milliseconds by = time_of(begin_);
    segment.begin += by;
    segment.end += by;
    for (auto& word : segment.words) {
      word.begin += by;
      word.end += by;
    }
  }

  void tell(HearEvent&& event) {
    event.heard = time_of(begin_ + utterance_.size());
    event.language = options_.language.empty() ? language_ : options_.language;
    if (on_heard_) on_heard_(std::move(event));
  }

  inference::HearOptions options_;
  inference::AudioSource& source_;
  const Decode& decode_;
  const inference::OnHeard& on_heard_;
  const RunContext& run_;
  std::vector<float> utterance_;
  std::uint64_t begin_ = 0;  // of the utterance, in samples of the stream
  std::size_t fresh_ = 0;    // samples since it was heard last
  milliseconds pace_ = kPace;
  Agreement agreement_;
  std::string language_;
  double probability_ = 0;
};

}  // namespace

inference::HearResult listen(const inference::HearOptions& options, inference::AudioSource& source,
                             const Decode& decode, const inference::OnHeard& on_heard,
                             const RunContext& run) {
  return Listener(options, source, decode, on_heard, run).listen();
}

}  // namespace hailstone::engines::whisper
