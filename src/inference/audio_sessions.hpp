// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Speech: audio to text (HearSession) and text to audio (SaySession).

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/run_context.hpp"
#include "media/pcm.hpp"

namespace hailstone::inference {

/// What is not set is the engine's choice. What HearAbilities do not name is refused
/// (kUnsupported), not ignored; hints (prompt, hot words) may come to nothing.
struct HearOptions {
  std::string language;                    ///< ISO 639-1; empty: find out
  bool translate = false;                  ///< to English
  std::string prompt;                      ///< what was said before, or how names are spelt
  bool want_words = false;                 ///< HeardSegment::words
  std::vector<std::string> hot_words;      ///< likelier than other words
  std::string grammar;                     ///< JSGF: nothing else may be heard
  std::optional<double> temperature;       ///< where decoding begins
  std::optional<double> temperature_step;  ///< by which it rises where decoding fails; 0: never
  int beam_size = 0;                       ///< 0: the engine's choice

  bool operator==(const HearOptions&) const = default;
};

/// A whole clip.
struct HearRequest {
  media::Pcm audio;
  HearOptions options;
};

struct HeardWord {
  std::chrono::milliseconds begin{};
  std::chrono::milliseconds end{};
  std::string text;
  double probability = 0;  ///< 0 to 1; 0: the engine does not tell

  bool operator==(const HeardWord&) const = default;
};

/// Times count from the beginning of the clip or stream.
struct HeardSegment {
  std::chrono::milliseconds begin{};
  std::chrono::milliseconds end{};
  std::string text;
  std::vector<HeardWord> words;      ///< where they were wanted
  std::vector<std::int32_t> tokens;  ///< of the text, where the engine has some
  double average_logprob = 0;        ///< of the tokens; 0: the engine does not tell
  double no_speech_probability = 0;
  double temperature = 0;  ///< that it was decoded with

  bool operator==(const HeardSegment&) const = default;
};

/// What comes while the engine listens.
struct HearEvent {
  enum class Kind : std::uint8_t {
    kProgress,  ///< nothing but `heard` and the language; a sign of life
    kPartial,   ///< replaces the partial before it; text behind `stable` may change
    kFinal,     ///< stays, and ends the partial before it; in order
  };
  Kind kind = Kind::kProgress;
  HeardSegment segment{};             ///< not of kProgress
  std::size_t stable = 0;             ///< kPartial: bytes of the text that will not change
  std::chrono::milliseconds heard{};  ///< how much of the audio has been worked through
  std::string language{};             ///< once it is known
};

struct HearResult {
  std::string language;
  double language_probability = 0;  ///< 0: it was given, or the engine does not tell
  std::vector<HeardSegment> segments;
};

/// Called on the thread that runs hear() or listen(); may throw to call the run off.
using OnHeard = std::function<void(HearEvent&&)>;

/// Audio as it comes.
struct AudioPiece {
  std::vector<float> samples;
  bool ends_utterance = false;  ///< what was said up to here shall become final
  bool is_last = false;         ///< there is no more; it may have samples
};

/// Where listen() takes its audio from. It may be asked on a thread other than the caller's.
class AudioSource {
 public:
  virtual ~AudioSource() = default;
  virtual int sample_rate() const noexcept = 0;
  /// What has come since the last call; waits for it, but not beyond `until`: then the piece is
  /// empty. Not called again after the last piece. Throws as RunContext::check does, and what
  /// happened to whoever brings the audio: that ends the run and comes out of listen().
  virtual AudioPiece take(Deadline until, const RunContext& run) = 0;
};

/// What a model can do beyond turning a clip into text.
struct HearAbilities {
  int sample_rate = 16'000;  ///< that it works with; others are resampled or refused
  bool streams = false;      ///< listen()
  bool translates = false;
  bool words = false;  ///< with times
  bool grammars = false;
  std::vector<std::string> languages;  ///< empty: it does not say

  bool operator==(const HearAbilities&) const = default;
};

/// Thread-safe.
class HearSession {
 public:
  virtual ~HearSession() = default;

  virtual HearAbilities abilities() const { return {}; }

  /// Emits each segment (kFinal) as it is done, and progress. on_heard may be empty. Throws
  /// kBadRequest, kUnsupported (language, option), kTimeout, kCancelled, kEngineFailed.
  virtual HearResult hear(const HearRequest& request, const OnHeard& on_heard,
                          const RunContext& run) = 0;

  /// Listens until the source ends; memory does not grow with the length of the stream. What comes
  /// is told at once, and progress at least once per second of audio. The result has the language
  /// alone: who wants the segments keeps them. Throws as hear does; kUnsupported where streams are
  /// none of the abilities.
  virtual HearResult listen(const HearOptions& /*options*/, AudioSource& /*source*/,
                            const OnHeard& /*on_heard*/, const RunContext& /*run*/) {
    throw Error(ErrorCode::kUnsupported, "the model hears whole clips only, no streams");
  }
};

/// What is not set is the voice's own.
struct SayRequest {
  std::string text;   ///< [[phonemes]] and SSML only where the voice can
  std::string voice;  ///< empty: the model's default
  double speed = 1.0;
  std::string speaker{};                ///< of a voice with several; empty: its default
  std::optional<double> pitch{};        ///< 1: as it is
  std::optional<double> noise_scale{};  ///< how much the sound varies
  std::optional<double> noise_width{};  ///< how much the length of sounds varies
  bool is_ssml = false;

  bool operator==(const SayRequest&) const = default;
};

struct Voice {
  std::string name;
  std::string language{};               ///< "en", "en-US"; empty: it does not say
  int sample_rate = 0;                  ///< of its audio, in Hz; 0: it does not say
  std::vector<std::string> speakers{};  ///< empty: one
  std::string description{};

  bool operator==(const Voice&) const = default;
};

/// Called on the thread that runs say(); may throw to call the run off, may block: the engine then
/// waits.
using OnAudio = std::function<void(media::Pcm&&)>;

/// Thread-safe.
class SaySession {
 public:
  virtual ~SaySession() = default;
  /// Emits the audio in pieces as it is made, all of one sample rate. Throws kBadRequest, kNotFound
  /// (voice, speaker), kUnsupported (SSML), kTimeout, kCancelled, kEngineFailed.
  virtual void say(const SayRequest& request, const OnAudio& on_audio, const RunContext& run) = 0;
  /// The first one is the default.
  virtual std::vector<Voice> voices() const = 0;
};

}  // namespace hailstone::inference
