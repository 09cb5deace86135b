// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "engines/hailo/models.hpp"
#include "engines/hailo/quiet_cut.hpp"
#include "inference/audio_sessions.hpp"

namespace hailstone::engines::hailo {
namespace {

using std::chrono::milliseconds;

constexpr int kSampleRate = 16'000;
/// HailoRT's own window; longer clips it would cut in the middle of words.
constexpr std::size_t kPiece = std::size_t{10} * kSampleRate;
constexpr auto kPatience = std::chrono::minutes(1);
constexpr auto kCallLimit = std::chrono::seconds(90);

/// Those that Whisper knows.
constexpr std::array<std::string_view, 99> kLanguages = {
    "af", "am", "ar", "as", "az", "ba", "be", "bg", "bn", "bo", "br", "bs", "ca", "cs", "cy",
    "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fo", "fr", "gl", "gu", "ha", "haw",
    "he", "hi", "hr", "ht", "hu", "hy", "id", "is", "it", "ja", "jw", "ka", "kk", "km", "kn",
    "ko", "la", "lb", "ln", "lo", "lt", "lv", "mg", "mi", "mk", "ml", "mn", "mr", "ms", "mt",
    "my", "ne", "nl", "nn", "no", "oc", "pa", "pl", "ps", "pt", "ro", "ru", "sa", "sd", "si",
    "sk", "sl", "sn", "so", "sq", "sr", "su", "sv", "sw", "ta", "te", "tg", "th", "tk", "tl",
    "tr", "tt", "uk", "ur", "uz", "vi", "yi", "yo", "zh"};

milliseconds from_seconds(float seconds, milliseconds offset, milliseconds end) {
  const float bounded = std::isfinite(seconds) ? std::max(0.0F, seconds) : 0.0F;
  return std::min(end, offset + milliseconds(std::lround(bounded * 1000)));
}

milliseconds length_of(std::size_t samples) {
  return milliseconds(samples * 1000 / kSampleRate);
}

class HearingModel : public inference::Model, public inference::HearSession {
 public:
  HearingModel(const Opening& opening, std::unique_ptr<Listener> listener)
      : shared_(opening.shared), listener_(std::move(listener)), name_(opening.spec.name) {}

  inference::HearSession* hear() noexcept override { return this; }
  int slots() const noexcept override { return 1; }
  bool alive() const noexcept override { return true; }
  inference::Footprint footprint() const override { return {}; }

  inference::HearAbilities abilities() const override {
    inference::HearAbilities abilities;
    abilities.translates = true;
    abilities.streams = true;
    abilities.languages.assign(kLanguages.begin(), kLanguages.end());
    return abilities;
  }

  /// Piece by piece, because a call cannot be called off, and others wait for it.
  inference::HearResult hear(const inference::HearRequest& request,
                             const inference::OnHeard& on_heard, const RunContext& run) override {
    check(request.options, request.audio.sample_rate);
    inference::HearResult result;
    result.language = language_of(request.options);
    const std::span<const float> samples = request.audio.samples;
    for (std::size_t begin = 0; begin < samples.size();) {
      const std::size_t size = find_quiet_cut(samples.subspan(begin), kPiece);
      hear_piece(samples.subspan(begin, size), length_of(begin), request.options, run,
                 [&](inference::HeardSegment&& segment) {
                   if (on_heard) on_heard(final_event(segment, result.language));
                   result.segments.push_back(std::move(segment));
                 });
      begin += size;
    }
    run.check();
    return result;
  }

  inference::HearResult listen(const inference::HearOptions& options,
                               inference::AudioSource& source, const inference::OnHeard& on_heard,
                               const RunContext& run) override {
    check(options, source.sample_rate());
    std::vector<float> waiting;
    std::size_t heard = 0;  // samples that are done
    for (bool is_last = false; !is_last;) {
      run.check();
      auto piece = source.take(Deadline::in(std::chrono::seconds(1)), run);
      is_last = piece.is_last;
      waiting.insert(waiting.end(), piece.samples.begin(), piece.samples.end());
      const bool is_end = piece.is_last || piece.ends_utterance;
      while (!waiting.empty() && (is_end || waiting.size() >= kPiece)) {
        const std::size_t size = find_quiet_cut(waiting, kPiece);
        hear_piece(std::span(waiting).first(size), length_of(heard), options, run,
                   [&](inference::HeardSegment&& segment) {
                     if (on_heard) on_heard(final_event(segment, language_of(options)));
                   });
        heard += size;
        waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(size));
      }
      if (on_heard) on_heard(progress(length_of(heard)));
    }
    return {language_of(options), 0, {}};
  }

 private:
  using OnSegment = std::function<void(inference::HeardSegment&&)>;

  static std::string language_of(const inference::HearOptions& options) {
    return to_lower(options.language.substr(0, options.language.find('-')));
  }

  static inference::HearEvent final_event(const inference::HeardSegment& segment,
                                          const std::string& language) {
    return {inference::HearEvent::Kind::kFinal, segment, 0, segment.end, language};
  }

  static inference::HearEvent progress(milliseconds heard) {
    inference::HearEvent event;
    event.heard = heard;
    return event;
  }

  static void check(const inference::HearOptions& options, int sample_rate) {
    if (sample_rate != kSampleRate) {
      throw Error(ErrorCode::kBadRequest,
                  "16000 samples a second are wanted, not " + std::to_string(sample_rate));
    }
    const std::string language = language_of(options);
    const bool is_known =
        std::find(kLanguages.begin(), kLanguages.end(), language) != kLanguages.end();
    if (!language.empty() && !is_known) {
      throw Error(ErrorCode::kUnsupported,
                  "the model does not know the language '" + language.substr(0, 20) + "'",
                  "ISO 639-1 codes: en, de, fr");
    }
    if (options.want_words) {
      throw Error(ErrorCode::kUnsupported, "the Hailo tells no times of words",
                  "the model's variant for the processor does");
    }
    if (!options.grammar.empty()) {
      throw Error(ErrorCode::kUnsupported, "the Hailo takes no grammars");
    }
  }

  void hear_piece(std::span<const float> samples, milliseconds offset,
                  const inference::HearOptions& options, const RunContext& run,
                  const OnSegment& on_segment) {
    const milliseconds end = offset + length_of(samples.size());
    for (auto& heard : call(samples, options, run)) {
      inference::HeardSegment segment;
      segment.begin = from_seconds(heard.begin, offset, end);
      segment.end = std::max(segment.begin, from_seconds(heard.end, offset, end));
      segment.text = std::move(heard.text);
      on_segment(std::move(segment));
    }
  }

  std::vector<SpokenSegment> call(std::span<const float> samples,
                                  const inference::HearOptions& options, const RunContext& run) {
    run.check();
    const Turns::Turn turn(shared_.turns(), run);
    try {
      const CallWatch::Call watched(shared_.watch(), "hearing with " + name_, kCallLimit);
      const auto task = options.translate ? SpeechTask::kTranslate : SpeechTask::kTranscribe;
      return listener_->hear(samples, task, language_of(options), kPatience);
    } catch (const ChipError& error) {
      throw shared_.explain(error, "hearing with " + name_);
    }
  }

  SharedChip& shared_;
  const std::unique_ptr<Listener> listener_;
  const std::string name_;
};

}  // namespace

std::unique_ptr<inference::Model> open_hearing_model(const Opening& opening) {
  return std::make_unique<HearingModel>(opening,
                                        opening.chip.open_listener(opening.spec.weights.native()));
}

}  // namespace hailstone::engines::hailo
