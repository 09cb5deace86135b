// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/pocketsphinx/decoder.hpp"

#include <pocketsphinx.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "base/error.hpp"
#include "engines/pocketsphinx/api.hpp"
#include "engines/pocketsphinx/denoiser.hpp"

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

/// By how much per frame the score of what is not about Hailstone is better when all of English is
/// expected: 4 to 11 in recordings of books, at most 1 in questions about it. So what lies below is
/// taken for such a question.
constexpr double kOwnMargin = 2.2;

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

/// What was heard so far, and how well it fits: the logarithm of a probability.
struct Hypothesis {
  std::string text;
  double score = 0;
};

/// One of pocketsphinx' decoders with what is expected of an utterance.
class Search {
 public:
  Search(const DecoderFiles& files, Expectation expectation)
      : decoder_(open_decoder(files, kGeneral, expectation)) {
    add_grammar(decoder_.get(), kNothing, kNothingGrammar);
  }

  void add(const std::string& jsgf) { add_grammar(decoder_.get(), kRequested, jsgf.c_str()); }
  void choose(const char* search) noexcept { search_ = search; }

  /// The first of its sound tells how loud and how coloured it is.
  void begin(std::span<const std::int16_t> first) {
    normalise_to(first);
    start();
  }
  void feed(std::span<const std::int16_t> samples) {
    ps_process_raw(decoder_.get(), samples.data(), samples.size(), FALSE, FALSE);
  }
  void end() { ps_end_utt(decoder_.get()); }

  Hypothesis hypothesis() {
    int score = 0;
    const char* text = ps_get_hyp(decoder_.get(), &score);
    return {text == nullptr ? std::string() : text, static_cast<double>(score)};
  }

  std::vector<inference::HeardWord> words() {
    std::vector<inference::HeardWord> words;
    for (auto* segment = ps_seg_iter(decoder_.get()); segment != nullptr;
         segment = ps_seg_next(segment)) {
      const auto text = plain_word(ps_seg_word(segment));
      if (text.empty()) continue;
      int first = 0;
      int last = 0;
      ps_seg_frames(segment, &first, &last);
      const int probability = ps_seg_prob(segment, nullptr, nullptr, nullptr);
      const double confidence = logmath_exp(ps_get_logmath(decoder_.get()), probability);
      words.push_back(
          {time_of(first), time_of(last + 1), std::string(text), std::clamp(confidence, 0.0, 1.0)});
    }
    return words;
  }

 private:
  /// The library subtracts the mean of the spectrum, and in a stream that of what it heard before:
  /// of another client's microphone, perhaps. So it looks at some of the utterance first.
  void normalise_to(std::span<const std::int16_t> samples) {
    choose_search(decoder_.get(), kNothing);
    start();
    ps_process_raw(decoder_.get(), samples.data(), samples.size(), FALSE, TRUE);
    ps_end_utt(decoder_.get());
    choose_search(decoder_.get(), search_);
  }

  /// As if nothing had been heard before: times count from here, and the noise of the place, which
  /// it learns and takes away, is another client's.
  void start() {
    ps_start_stream(decoder_.get());
    ps_start_utt(decoder_.get());
  }

  DecoderPointer decoder_;
  const char* search_ = kGeneral;
};

}  // namespace

struct Decoder::Impl {
  explicit Impl(const DecoderFiles& files) : general(files, Expectation::kAll) {
    if (files.language_model) own.emplace(files, Expectation::kOwn);
  }

  /// With a grammar nothing else is expected.
  bool has_own() const noexcept { return own && !is_grammar; }

  void feed(std::span<const std::int16_t> clean) {
    general.feed(clean);
    if (has_own()) own->feed(clean);
    fed += clean.size();
  }

  /// Whose words count. Both have heard the same, so that their scores can be compared.
  Search& better() {
    if (!has_own()) return general;
    const auto theirs = general.hypothesis();
    const auto ours = own->hypothesis();
    const double frames = static_cast<double>(fed) * kFramesPerSecond / kSampleRate;
    const bool is_ours = !ours.text.empty() && ours.score > theirs.score - kOwnMargin * frames;
    return is_ours ? *own : general;
  }

  Search general;
  std::optional<Search> own;
  Denoiser denoiser;
  std::string grammar;  // that stands behind kRequested
  bool is_grammar = false;
  bool is_open = false;
  std::size_t fed = 0;
};

Decoder::Decoder(const DecoderFiles& files) : impl_(std::make_unique<Impl>(files)) {}
Decoder::~Decoder() = default;

void Decoder::use(const std::string& jsgf) {
  if (!jsgf.empty() && jsgf != impl_->grammar) {
    impl_->grammar.clear();
    impl_->general.add(jsgf);
    impl_->grammar = jsgf;
  }
  impl_->is_grammar = !jsgf.empty();
  impl_->general.choose(impl_->is_grammar ? kRequested : kGeneral);
}

std::vector<inference::HeardWord> Decoder::decode(std::span<const float> samples,
                                                  const RunContext& run) {
  if (samples.empty()) return {};
  begin(samples, run);
  return finish();
}

void Decoder::begin(std::span<const float> first, const RunContext& run) {
  finish();  // what a run that was called off has left
  const auto pcm = to_int16(first);
  impl_->denoiser.begin(pcm);
  const auto clean = impl_->denoiser.push(pcm);
  impl_->general.begin(clean);
  if (impl_->has_own()) impl_->own->begin(clean);
  impl_->is_open = true;
  impl_->fed = 0;
  feed_clean(clean, run);
}

void Decoder::feed(std::span<const float> samples, const RunContext& run) {
  feed_clean(impl_->denoiser.push(to_int16(samples)), run);
}

void Decoder::feed_clean(std::span<const std::int16_t> samples, const RunContext& run) {
  for (std::size_t at = 0; at < samples.size(); at += kStep) {
    run.check();
    impl_->feed(samples.subspan(at, std::min(kStep, samples.size() - at)));
  }
}

std::string Decoder::hypothesis() {
  return impl_->better().hypothesis().text;
}

std::vector<inference::HeardWord> Decoder::finish() {
  if (!impl_->is_open) return {};
  impl_->is_open = false;
  impl_->feed(impl_->denoiser.finish());
  impl_->general.end();
  if (impl_->has_own()) impl_->own->end();
  return impl_->better().words();
}

}  // namespace hailstone::engines::pocketsphinx
