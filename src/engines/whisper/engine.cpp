// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/whisper/engine.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "base/resource_pool.hpp"
#include "engines/whisper/listener.hpp"
#include "engines/whisper/transcriber.hpp"
#include "formats/whisper_file.hpp"
#include "inference/model_card.hpp"
#include "os/files/regular_file.hpp"
#include "os/process_memory.hpp"

namespace hailstone::engines::whisper {
namespace fs = std::filesystem;
namespace {

constexpr const char* kName = "whisper";

formats::WhisperFile read_header(const inference::ModelSpec& spec) {
  std::ifstream in = os::open_regular_stream(spec.weights);
  try {
    return formats::read_whisper_file(in);
  } catch (const Error& error) {
    throw Error(error.code(), "model " + spec.name + ": " + error.what());
  }
}

/// Of one run: keys, values and the graphs' memory grow with the width of the model. Measured with
/// models in the shape of tiny (384 wide) and base (512).
ByteSize state_memory(const formats::WhisperFile& file) {
  const auto width = static_cast<std::uint64_t>(file.audio_state);
  const auto layers = static_cast<std::uint64_t>(file.text_layers);
  const std::uint64_t keys = width * layers * (448 + 1536) * 2 * 2;
  return ByteSize::mib(30) + ByteSize::bytes(keys + width * 320'000);
}

EncoderContext parse_context(const inference::ModelSpec& spec) {
  const auto text = inference::setting_or(spec, "encoder_context", "auto");
  if (text == "auto") return EncoderContext::kAuto;
  if (text == "full") return EncoderContext::kFull;
  throw Error(ErrorCode::kBadRequest,
              "model " + spec.name + ": setting encoder_context must be auto or full");
}

std::size_t count_runs(const inference::LoadOptions& options) noexcept {
  return static_cast<std::size_t>(std::max(1, options.parallel));
}

ContextPointer open_context(const inference::ModelSpec& spec) {
  auto params = library().whisper_context_default_params();
  params.use_gpu = false;
  ContextPointer context(
      library().whisper_init_from_file_with_params_no_state(spec.weights.c_str(), params));
  if (context) return context;
  throw Error(ErrorCode::kBadRequest,
              "model " + spec.name + ": libwhisper cannot load " + spec.weights.native());
}

class WhisperModel : public inference::Model, public inference::HearSession {
 public:
  WhisperModel(const inference::ModelSpec& spec, std::size_t runs, TranscriberSettings settings,
               const RunContext& run)
      : context_(open_context(spec)), transcribers_(runs, [this, settings] {
          return std::make_unique<Transcriber>(*context_, settings);
        }) {
    transcribers_.acquire(run);
  }

  inference::HearSession* hear() noexcept override { return this; }
  bool alive() const noexcept override { return true; }
  /// Of the whole process, which is the model's own.
  inference::Footprint footprint() const override {
    const auto memory = os::find_process_memory(::getpid());
    return {memory ? memory->pss : ByteSize(), {}};
  }

  inference::HearAbilities abilities() const override {
    inference::HearAbilities abilities;
    abilities.streams = true;
    abilities.translates = is_multilingual();
    abilities.words = true;
    if (!is_multilingual()) abilities.languages = {"en"};
    return abilities;
  }

  inference::HearResult hear(const inference::HearRequest& request,
                             const inference::OnHeard& on_heard, const RunContext& run) override {
    check(request.options, request.audio.sample_rate);
    const auto transcriber = transcribers_.acquire(run);
    auto transcript = transcriber->run(
        request.audio.samples, request.options,
        [&](const inference::HeardSegment& segment) {
          if (!on_heard) return;
          on_heard({inference::HearEvent::Kind::kFinal, segment, 0, segment.end, {}});
        },
        run);
    return {std::move(transcript.language), transcript.language_probability,
            std::move(transcript.segments)};
  }

  inference::HearResult listen(const inference::HearOptions& options,
                               inference::AudioSource& source, const inference::OnHeard& on_heard,
                               const RunContext& run) override {
    check(options, source.sample_rate());
    // For each run anew: who listens for an hour must not keep others out meanwhile.
    const Decode decode = [&](std::span<const float> samples, const inference::HearOptions& what) {
      return transcribers_.acquire(run)->run(samples, what, {}, run);
    };
    return whisper::listen(options, source, decode, on_heard, run);
  }

 private:
  bool is_multilingual() const { return library().whisper_is_multilingual(context_.get()) != 0; }

  void check(const inference::HearOptions& options, int sample_rate) const {
    if (sample_rate != kSampleRate) {
      throw Error(ErrorCode::kBadRequest,
                  "16000 samples a second are wanted, not " + std::to_string(sample_rate));
    }
    if (options.translate && !is_multilingual()) {
      throw Error(ErrorCode::kUnsupported, "the model knows English alone and does not translate");
    }
    if (!options.grammar.empty()) {
      throw Error(ErrorCode::kUnsupported, "whisper takes no grammars", "starter-transcribe does");
    }
  }

  ContextPointer context_;
  ResourcePool<Transcriber> transcribers_;
};

class WhisperEngine : public inference::Engine {
 public:
  explicit WhisperEngine(int threads)
      : threads_(threads > 0
                     ? threads
                     : std::max(1, static_cast<int>(std::thread::hardware_concurrency()) - 1)) {}

  std::string_view name() const noexcept override { return kName; }

  inference::Availability probe() const override {
    if (const auto reason = open_library()) return {false, *reason};
    return {true, {}, library().whisper_version()};
  }

  inference::Footprint estimate(const inference::ModelSpec& spec,
                                const inference::LoadOptions& options) const override {
    const auto header = read_header(spec);
    std::error_code ignored;
    const ByteSize weights = ByteSize::bytes(fs::file_size(spec.weights, ignored));
    const ByteSize state = state_memory(header);
    ByteSize sum = weights;
    for (std::size_t i = 0; i < count_runs(options); ++i) sum += state;
    return {sum, {}};
  }

  inference::ModelFacts describe(const inference::ModelSpec& spec,
                                 inference::FactDetail) const override {
    const auto header = read_header(spec);
    inference::ModelFacts facts;
    facts.architecture = "whisper";
    facts.quantization = header.quantization;
    facts.context_length = header.text_context;
    facts.embedding_length = header.text_state;
    facts.metadata = {{"whisper.size", header.size_name()},
                      {"whisper.multilingual", header.is_multilingual()},
                      {"whisper.mels", std::int64_t{header.mels}}};
    return facts;
  }

  std::unique_ptr<inference::Model> load(const inference::ModelSpec& spec,
                                         const inference::LoadOptions& options,
                                         const RunContext& run) override {
    run.check();
    if (const auto availability = probe(); !availability.usable) {
      throw Error(ErrorCode::kUnsupported, availability.reason);
    }
    read_header(spec);  // for a clear error: libwhisper only logs one
    const TranscriberSettings settings{options.threads > 0 ? options.threads : threads_,
                                       parse_context(spec)};
    return std::make_unique<WhisperModel>(spec, count_runs(options), settings, run);
  }

 private:
  const int threads_;
};

}  // namespace

std::unique_ptr<inference::Engine> make_whisper_engine(int threads) {
  return std::make_unique<WhisperEngine>(threads);
}

}  // namespace hailstone::engines::whisper
