// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/pocketsphinx/decoder.hpp"

#include <pocketsphinx.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "base/error.hpp"
#include "engines/pocketsphinx/api.hpp"

namespace hailstone::engines::pocketsphinx {
namespace {

/// Samples between two looks whether to stop.
constexpr std::size_t kStep = kSampleRate / 10;
constexpr int kFramesPerSecond = 100;

constexpr const char* kGeneral = "general";
constexpr const char* kRequested = "requested";
/// A search that costs nothing, see normalise_to().
constexpr const char* kNothing = "nothing";
constexpr const char* kNothingGrammar = "#JSGF V1.0; grammar nothing; public <nothing> = a;";

std::vector<std::int16_t> to_int16(std::span<const float> samples) {
  std::vector<std::int16_t> out(samples.size());
  std::transform(samples.begin(), samples.end(), out.begin(), [](float sample) {
    return static_cast<std::int16_t>(std::lround(std::clamp(sample, -1.0F, 1.0F) * 32767.0F));
  });
  return out;
}

/// "read(2)" to "read"; empty for silence and noise: "<sil>", "[NOISE]", "++BREATH++".
std::string_view plain_word(std::string_view word) noexcept {
  constexpr std::string_view kMarks = "<[+";
  if (word.empty() || kMarks.find(word.front()) != std::string_view::npos) return {};
  return word.substr(0, word.find('('));
}

std::chrono::milliseconds time_of(int frame) {
  return std::chrono::milliseconds(std::max(0, frame) * 1000 / kFramesPerSecond);
}

}  // namespace

struct Decoder::Impl {
  explicit Impl(const DecoderFiles& files) : decoder(open_decoder(files, kGeneral)) {
    add_grammar(decoder.get(), kNothing, kNothingGrammar);
  }

  /// The library subtracts the mean of the spectrum, and in a stream that of what it heard before:
  /// of another client's microphone, perhaps. So it looks at some of the utterance first.
  void normalise_to(std::span<const std::int16_t> samples) {
    choose_search(decoder.get(), kNothing);
    start();
    ps_process_raw(decoder.get(), samples.data(), samples.size(), FALSE, TRUE);
    ps_end_utt(decoder.get());
    choose_search(decoder.get(), search);
  }

  /// As if nothing had been heard before: times count from here, and the noise of the place, which
  /// it learns and takes away, is another client's.
  void start() {
    ps_start_stream(decoder.get());
    ps_start_utt(decoder.get());
  }

  std::vector<inference::HeardWord> words() {
    std::vector<inference::HeardWord> words;
    for (auto* segment = ps_seg_iter(decoder.get()); segment != nullptr;
         segment = ps_seg_next(segment)) {
      const auto text = plain_word(ps_seg_word(segment));
      if (text.empty()) continue;
      int first = 0;
      int last = 0;
      ps_seg_frames(segment, &first, &last);
      const int probability = ps_seg_prob(segment, nullptr, nullptr, nullptr);
      const double confidence = logmath_exp(ps_get_logmath(decoder.get()), probability);
      words.push_back(
          {time_of(first), time_of(last + 1), std::string(text), std::clamp(confidence, 0.0, 1.0)});
    }
    return words;
  }

  DecoderPointer decoder;
  const char* search = kGeneral;
  std::string grammar;  // that stands behind kRequested
  bool is_open = false;
};

Decoder::Decoder(const DecoderFiles& files) : impl_(std::make_unique<Impl>(files)) {}
Decoder::~Decoder() = default;

void Decoder::use(const std::string& jsgf) {
  if (!jsgf.empty() && jsgf != impl_->grammar) {
    impl_->grammar.clear();
    add_grammar(impl_->decoder.get(), kRequested, jsgf.c_str());
    impl_->grammar = jsgf;
  }
  impl_->search = jsgf.empty() ? kGeneral : kRequested;
}

std::vector<inference::HeardWord> Decoder::decode(std::span<const float> samples,
                                                  const RunContext& run) {
  if (samples.empty()) return {};
  begin(samples);
  feed(samples, run);
  return finish();
}

void Decoder::begin(std::span<const float> first) {
  finish();  // what a run that was called off has left
  impl_->normalise_to(to_int16(first));
  impl_->start();
  impl_->is_open = true;
}

void Decoder::feed(std::span<const float> samples, const RunContext& run) {
  const auto pcm = to_int16(samples);
  for (std::size_t at = 0; at < pcm.size(); at += kStep) {
    run.check();
    ps_process_raw(impl_->decoder.get(), pcm.data() + at, std::min(kStep, pcm.size() - at), FALSE,
                   FALSE);
  }
}

std::string Decoder::hypothesis() {
  int score = 0;
  const char* text = ps_get_hyp(impl_->decoder.get(), &score);
  return text == nullptr ? std::string() : text;
}

std::vector<inference::HeardWord> Decoder::finish() {
  if (!impl_->is_open) return {};
  impl_->is_open = false;
  ps_end_utt(impl_->decoder.get());
  return impl_->words();
}

}  // namespace hailstone::engines::pocketsphinx
