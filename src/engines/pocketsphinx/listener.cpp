// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/pocketsphinx/listener.hpp"

#include <utility>

namespace hailstone::engines::pocketsphinx {
namespace {

using inference::HearEvent;
using std::chrono::milliseconds;

/// Before this much of an utterance has come the decoder does not know how the voice sounds.
constexpr std::size_t kFirst = kSampleRate * 7 / 10;
/// How often it is asked what it has heard.
constexpr std::size_t kPace = kSampleRate * 3 / 10;
/// An utterance that does not end is ended here: memory and time grow with it.
constexpr std::size_t kLongest = 20U * kSampleRate;
constexpr milliseconds kWait{500};

milliseconds time_of(std::uint64_t samples) {
  return milliseconds(samples * 1000 / kSampleRate);
}

class Listener {
 public:
  Listener(Decoder& decoder, const inference::HearOptions& options, inference::AudioSource& source,
           const inference::OnHeard& on_heard, const RunContext& run)
      : decoder_(decoder), options_(options), source_(source), on_heard_(on_heard), run_(run) {}

  inference::HearResult listen() {
    for (bool is_last = false; !is_last;) {
      auto piece = source_.take(Deadline::in(kWait), run_);
      is_last = piece.is_last;
      for (std::size_t at = 0; at < piece.samples.size(); at += kPace) {
        const auto length = std::min(kPace, piece.samples.size() - at);
        take(std::span(piece.samples).subspan(at, length));
      }
      if (piece.ends_utterance || is_last) end_utterance();
    }
    return {"en", 0, {}};
  }

 private:
  void take(std::span<const float> samples) {
    length_ += samples.size();
    fresh_ += samples.size();
    if (!is_begun_) {
      first_.insert(first_.end(), samples.begin(), samples.end());
      if (first_.size() >= kFirst) begin();
    } else {
      decoder_.feed(samples, run_);
    }
    if (length_ >= kLongest) {
      end_utterance();
    } else if (fresh_ >= kPace) {
      fresh_ = 0;
      tell_partial();
    }
  }

  void begin() {
    decoder_.begin(first_, run_);
    is_begun_ = true;
    first_.clear();
  }

  void tell_partial() {
    inference::HeardSegment segment;
    segment.text = is_begun_ ? decoder_.hypothesis() : std::string();
    segment.begin = time_of(begin_);
    segment.end = time_of(begin_ + length_);
    const bool is_news = segment.text != last_;
    last_ = segment.text;
    if (!segment.text.empty()) segment.text.insert(0, " ");
    tell({is_news ? HearEvent::Kind::kPartial : HearEvent::Kind::kProgress, std::move(segment)});
  }

  void end_utterance() {
    if (!is_begun_ && !first_.empty()) begin();
    auto words = decoder_.finish();
    const milliseconds by = time_of(begin_);
    begin_ += length_;
    is_begun_ = false;
    length_ = fresh_ = 0;
    last_.clear();
    if (words.empty()) {
      tell({HearEvent::Kind::kProgress});
    } else {
      tell({HearEvent::Kind::kFinal, make_segment(std::move(words), by, options_.want_words)});
    }
  }

  void tell(HearEvent&& event) {
    event.heard = time_of(begin_ + length_);
    event.language = "en";
    if (on_heard_) on_heard_(std::move(event));
  }

  Decoder& decoder_;
  const inference::HearOptions& options_;
  inference::AudioSource& source_;
  const inference::OnHeard& on_heard_;
  const RunContext& run_;
  std::vector<float> first_;  // of the utterance, while it is not begun
  bool is_begun_ = false;
  std::uint64_t begin_ = 0;  // of the utterance, in samples of the stream
  std::size_t length_ = 0;   // of it so far
  std::size_t fresh_ = 0;    // since the last partial
  std::string last_;         // that was told
};

}  // namespace

inference::HeardSegment make_segment(std::vector<inference::HeardWord> words, milliseconds by,
                                     bool want_words) {
  inference::HeardSegment segment;
  for (auto& word : words) {
    word.begin += by;
    word.end += by;
    segment.text += ' ' + word.text;
  }
  segment.begin = words.front().begin;
  segment.end = words.back().end;
  if (want_words) segment.words = std::move(words);
  return segment;
}

inference::HearResult listen(Decoder& decoder, const inference::HearOptions& options,
                             inference::AudioSource& source, const inference::OnHeard& on_heard,
                             const RunContext& run) {
  return Listener(decoder, options, source, on_heard, run).listen();
}

}  // namespace hailstone::engines::pocketsphinx
