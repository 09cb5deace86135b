// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/strings.hpp"
#include "engines/fake/languages.hpp"
#include "engines/fake/sessions.hpp"

namespace hailstone::engines::fake {
namespace {

using inference::HearEvent;
using inference::HearOptions;
using inference::OnHeard;
using std::chrono::milliseconds;

constexpr milliseconds kWordLength{1000};

/// Hears a word of the reply in each second, whatever it is given.
class Listener {
 public:
  Listener(const Script& script, const HearOptions& options, const OnHeard& on_heard, Run& steps)
      : words_(split_words(script.reply.value_or(kDefaultWords))),
        options_(options),
        language_(options.language.empty() ? "en" : options.language),
        on_heard_(on_heard),
        steps_(steps) {}

  /// time: how much audio there has been.
  void hear(milliseconds time) {
    while (time - begin_ >= kWordLength) finish_word(begin_ + kWordLength);
    if (time - begin_ >= kWordLength / 2 && !has_told_partial_) {
      has_told_partial_ = true;
      tell(HearEvent::Kind::kPartial, time);
    } else if (time > begin_) {
      emit({HearEvent::Kind::kProgress, {}, 0, time, language_});
    }
  }

  void finish_word(milliseconds end) {
    if (end <= begin_) return;
    steps_.step();
    tell(HearEvent::Kind::kFinal, end);
    begin_ = end;
    has_told_partial_ = false;
    ++word_;
  }

  const std::string& language() const noexcept { return language_; }
  std::vector<inference::HeardSegment> take_segments() noexcept { return std::move(segments_); }
  /// For whole clips.
  void keep_segments() noexcept { keeps_segments_ = true; }

 private:
  void tell(HearEvent::Kind kind, milliseconds end) {
    inference::HeardSegment segment;
    segment.begin = begin_;
    segment.end = end;
    if (!words_.empty()) segment.text = words_[word_ % words_.size()];
    if (options_.want_words) {
      segment.words = {{begin_, end, std::string(trim(segment.text)), 0.5}};
    }
    const bool is_final = kind == HearEvent::Kind::kFinal;
    if (is_final && keeps_segments_) segments_.push_back(segment);
    const std::size_t stable = is_final ? 0 : segment.text.size() / 2;
    emit({kind, std::move(segment), stable, end, language_});
  }

  void emit(HearEvent&& event) const {
    if (on_heard_) on_heard_(std::move(event));
  }

  const std::vector<std::string> words_;
  const HearOptions& options_;
  const std::string language_;
  const OnHeard& on_heard_;
  Run& steps_;
  milliseconds begin_{0};
  std::size_t word_ = 0;
  bool has_told_partial_ = false;
  bool keeps_segments_ = false;
  std::vector<inference::HeardSegment> segments_;
};

void check(int sample_rate, const HearOptions& options) {
  if (sample_rate <= 0) {
    throw Error(ErrorCode::kBadRequest, "the audio's sample rate is not positive");
  }
  check_language(options.language);
  if (!options.grammar.empty()) {
    throw Error(ErrorCode::kUnsupported, "the fake engine knows no grammars");
  }
}

milliseconds length_of(std::uint64_t samples, int sample_rate) {
  return milliseconds(samples * 1000 / static_cast<unsigned>(sample_rate));
}

}  // namespace

inference::HearAbilities FakeHear::abilities() const {
  inference::HearAbilities abilities;
  abilities.streams = true;
  abilities.translates = true;
  abilities.words = true;
  abilities.languages = {"en", "de"};
  return abilities;
}

inference::HearResult FakeHear::hear(const inference::HearRequest& request, const OnHeard& on_heard,
                                     const RunContext& run) {
  check(request.audio.sample_rate, request.options);
  Run steps(life_, run);
  Life::pause(life_.script().prompt_time, run);
  Listener listener(life_.script(), request.options, on_heard, steps);
  listener.keep_segments();
  const auto length = length_of(request.audio.samples.size(), request.audio.sample_rate);
  for (auto time = kWordLength; time < length; time += kWordLength) listener.finish_word(time);
  listener.finish_word(length);
  return {listener.language(), 1, listener.take_segments()};
}

inference::HearResult FakeHear::listen(const HearOptions& options, inference::AudioSource& source,
                                       const OnHeard& on_heard, const RunContext& run) {
  check(source.sample_rate(), options);
  Run steps(life_, run);
  Listener listener(life_.script(), options, on_heard, steps);
  std::uint64_t samples = 0;
  bool is_last = false;
  while (!is_last) {
    const auto piece = source.take(Deadline::never(), run);
    samples += piece.samples.size();
    is_last = piece.is_last;
    const auto time = length_of(samples, source.sample_rate());
    listener.hear(time);
    if (piece.ends_utterance || is_last) listener.finish_word(time);
  }
  return {listener.language(), 1, {}};
}

}  // namespace hailstone::engines::fake
