// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/whisper/transcriber.hpp"

#include <algorithm>
#include <cmath>
#include <exception>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::engines::whisper {
namespace {

using std::chrono::milliseconds;

constexpr int kFramesPerSecond = 50;
constexpr int kFewestFrames = 256;
/// The encoder wants some silence behind the last word.
constexpr int kSpareFrames = 64;
constexpr int kFrameStep = 64;
/// Whisper refuses clips that are shorter than this.
constexpr std::size_t kShortestClip = kSampleRate / 5;

milliseconds from_centiseconds(std::int64_t time) {
  return milliseconds(std::max<std::int64_t>(0, time) * 10);
}

/// A token may end within a character; the next one completes it.
void repair(inference::HeardSegment& segment) {
  for (auto& word : segment.words) {
    word.text.resize(word.text.size() - incomplete_utf8_tail(word.text));
  }
}

}  // namespace

struct Transcriber::Job {
  Transcriber& transcriber;
  const OnSegment& on_segment;
  const RunContext& run;
  milliseconds length;
  bool want_words;
  std::vector<inference::HeardSegment> segments;
  std::exception_ptr failure;
};

int encoder_frames(std::size_t samples, int model_frames, EncoderContext context) noexcept {
  if (context == EncoderContext::kFull) return 0;
  const auto needed =
      static_cast<int>(std::min<std::size_t>(samples * kFramesPerSecond / kSampleRate, 1'000'000));
  const int rounded = (needed + kSpareFrames + kFrameStep - 1) / kFrameStep * kFrameStep;
  const int frames = std::max(kFewestFrames, rounded);
  return frames >= model_frames ? 0 : frames;
}

Transcriber::Transcriber(whisper_context& context, TranscriberSettings settings)
    : context_(context), settings_(settings), state_(library().whisper_init_state(&context)) {
  if (!state_) throw Error(ErrorCode::kOutOfMemory, "no memory for a run of Whisper");
}

Transcript Transcriber::run(std::span<const float> samples, const inference::HearOptions& options,
                            const OnSegment& on_segment, const RunContext& run) {
  run.check();
  std::vector<float> padded;
  if (samples.size() < kShortestClip) {
    padded.assign(samples.begin(), samples.end());
    padded.resize(kShortestClip);
    samples = padded;
  }
  Transcript transcript;
  transcript.language = choose_language(samples, options, run, transcript.language_probability);
  Job job{
      *this, on_segment, run, milliseconds(samples.size() * 1000 / kSampleRate), options.want_words,
      {},    {}};
  auto params = make_params(samples.size(), options, transcript.language);
  params.new_segment_callback = take_segments;
  params.new_segment_callback_user_data = &job;
  params.abort_callback = is_called_off;
  params.abort_callback_user_data = &job;
  const int state = library().whisper_full_with_state(
      &context_, state_.get(), params, samples.data(), static_cast<int>(samples.size()));
  if (job.failure) std::rethrow_exception(job.failure);
  run.check();
  if (state != 0) {
    throw Error(ErrorCode::kEngineFailed, "Whisper failed with error " + std::to_string(state));
  }
  transcript.segments = std::move(job.segments);
  return transcript;
}

std::string Transcriber::choose_language(std::span<const float> samples,
                                         const inference::HearOptions& options,
                                         const RunContext& run, double& probability) {
  const auto& api = library();
  const bool is_multilingual = api.whisper_is_multilingual(&context_) != 0;
  if (!options.language.empty()) {
    const std::string code = options.language.substr(0, options.language.find('-'));
    if (api.whisper_lang_id(code.c_str()) < 0 || (!is_multilingual && code != "en")) {
      throw Error(ErrorCode::kUnsupported,
                  "the model does not know the language '" +
                      std::string(utf8_prefix(options.language, 20)) + "'",
                  is_multilingual ? "ISO 639-1 codes: en, de, fr" : "it knows English alone");
    }
    return code;
  }
  if (!is_multilingual) return "en";
  if (api.whisper_pcm_to_mel_with_state(&context_, state_.get(), samples.data(),
                                        static_cast<int>(samples.size()), settings_.threads) != 0) {
    throw Error(ErrorCode::kEngineFailed, "Whisper cannot look at the sound");
  }
  std::vector<float> probabilities(static_cast<std::size_t>(api.whisper_lang_max_id()) + 1);
  const int id = api.whisper_lang_auto_detect_with_state(&context_, state_.get(), 0,
                                                         settings_.threads, probabilities.data());
  run.check();
  if (id < 0) throw Error(ErrorCode::kEngineFailed, "Whisper cannot tell the language");
  probability = probabilities[static_cast<std::size_t>(id)];
  return api.whisper_lang_str(id);
}

whisper_full_params Transcriber::make_params(std::size_t samples,
                                             const inference::HearOptions& options,
                                             const std::string& language) const {
  const auto& api = library();
  auto params = api.whisper_full_default_params(options.beam_size > 1 ? WHISPER_SAMPLING_BEAM_SEARCH
                                                                      : WHISPER_SAMPLING_GREEDY);
  params.n_threads = settings_.threads;
  params.print_progress = false;
  params.print_timestamps = false;
  params.print_realtime = false;
  params.print_special = false;
  params.language = language.c_str();
  params.translate = options.translate;
  params.token_timestamps = options.want_words;
  if (options.beam_size > 1) params.beam_search.beam_size = options.beam_size;
  if (options.temperature) params.temperature = static_cast<float>(*options.temperature);
  if (options.temperature_step) {
    params.temperature_inc = static_cast<float>(*options.temperature_step);
  }
  if (!options.prompt.empty()) params.initial_prompt = options.prompt.c_str();
  params.audio_ctx =
      encoder_frames(samples, api.whisper_model_n_audio_ctx(&context_), settings_.encoder_context);
  // Timestamps beyond a part of the encoder's context would make it look for more.
  params.single_segment = params.audio_ctx != 0;
  return params;
}

void Transcriber::take_segments(whisper_context*, whisper_state* state, int count, void* data) {
  auto& job = *static_cast<Job*>(data);
  if (job.failure) return;
  try {
    const int total = library().whisper_full_n_segments_from_state(state);
    for (int i = std::max(0, total - count); i < total; ++i) {
      auto segment = job.transcriber.read_segment(i, job.want_words);
      segment.end = std::min(segment.end, job.length);
      if (job.on_segment) job.on_segment(segment);
      job.segments.push_back(std::move(segment));
    }
  } catch (...) {  // kept for run(): the library is C
    job.failure = std::current_exception();
  }
}

bool Transcriber::is_called_off(void* data) {
  const auto& job = *static_cast<Job*>(data);
  return job.failure || job.run.stop.stop_requested() || job.run.deadline.has_passed();
}

inference::HeardSegment Transcriber::read_segment(int index, bool want_words) const {
  const auto& api = library();
  auto* state = state_.get();
  inference::HeardSegment segment;
  segment.begin = from_centiseconds(api.whisper_full_get_segment_t0_from_state(state, index));
  segment.end = from_centiseconds(api.whisper_full_get_segment_t1_from_state(state, index));
  segment.text = api.whisper_full_get_segment_text_from_state(state, index);
  segment.no_speech_probability =
      api.whisper_full_get_segment_no_speech_prob_from_state(state, index);
  read_tokens(index, want_words, segment);
  return segment;
}

void Transcriber::read_tokens(int index, bool want_words, inference::HeardSegment& segment) const {
  const auto& api = library();
  const auto end_of_text = api.whisper_token_eot(&context_);
  const int count = api.whisper_full_n_tokens_from_state(state_.get(), index);
  double sum = 0;
  for (int i = 0; i < count; ++i) {
    const auto token = api.whisper_full_get_token_data_from_state(state_.get(), index, i);
    if (token.id >= end_of_text) continue;  // times and the like
    segment.tokens.push_back(token.id);
    sum += token.plog;
    if (!want_words) continue;
    add_word(api.whisper_full_get_token_text_from_state(&context_, state_.get(), index, i), token,
             segment);
  }
  if (!segment.tokens.empty()) {
    segment.average_logprob = sum / static_cast<double>(segment.tokens.size());
  }
  repair(segment);
}

/// Tokens are parts of words; a blank begins the next one.
void Transcriber::add_word(const char* text, const whisper_token_data& token,
                           inference::HeardSegment& segment) const {
  auto& words = segment.words;
  if (words.empty() || text[0] == ' ') {
    words.push_back({from_centiseconds(token.t0), from_centiseconds(token.t1), text,
                     static_cast<double>(token.p)});
    return;
  }
  words.back().text += text;
  words.back().end = std::max(words.back().end, from_centiseconds(token.t1));
  words.back().probability = std::min(words.back().probability, static_cast<double>(token.p));
}

}  // namespace hailstone::engines::whisper
