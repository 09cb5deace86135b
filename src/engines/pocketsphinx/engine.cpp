// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/pocketsphinx/engine.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/resource_pool.hpp"
#include "base/strings.hpp"
#include "engines/pocketsphinx/decoder.hpp"
#include "engines/pocketsphinx/listener.hpp"
#include "inference/audio_sessions.hpp"
#include "inference/model_card.hpp"
#include "os/process_memory.hpp"

namespace hailstone::engines::pocketsphinx {
namespace fs = std::filesystem;
namespace {

constexpr const char* kName = "pocketsphinx";
constexpr const char* kHowToInstall = "apt-get install pocketsphinx-en-us";
// Measured with Debian's model for US English.
constexpr std::uint64_t kDecoderMebibytes = 120;
/// More for a language model of its own, which a second search hears with.
constexpr std::uint64_t kOwnMebibytes = 45;

bool has_model(const fs::path& data) {
  std::error_code ignored;
  return fs::exists(data / "en-us/mdef", ignored) && fs::exists(data / "en-us.lm.bin", ignored) &&
         fs::exists(data / "cmudict-en-us.dict", ignored);
}

/// Nothing where there is none.
std::optional<fs::path> find_data() {
  for (const char* folder :
       {"/usr/local/share/pocketsphinx/model/en-us", "/usr/share/pocketsphinx/model/en-us",
        "/usr/share/pocketsphinx/en-us"}) {
    if (has_model(folder)) return fs::path(folder);
  }
  return std::nullopt;
}

void check_options(const inference::HearOptions& options) {
  if (!options.language.empty() && options.language != "en" &&
      !options.language.starts_with("en-")) {
    throw Error(ErrorCode::kUnsupported,
                "pocketsphinx hears English only, not '" +
                    std::string(utf8_prefix(options.language, 20)) + "'",
                "for other languages: hailstone pull whisper-base");
  }
  if (options.translate) {
    throw Error(ErrorCode::kUnsupported, "pocketsphinx does not translate",
                "what does: hailstone pull whisper-base");
  }
}

void check_rate(int sample_rate) {
  if (sample_rate == kSampleRate) return;
  throw Error(ErrorCode::kBadRequest,
              "16000 samples a second are wanted, not " + std::to_string(sample_rate));
}

std::chrono::milliseconds length_of(std::size_t samples) {
  return std::chrono::milliseconds(samples * 1000 / kSampleRate);
}

DecoderFiles make_files(const inference::ModelSpec& spec, const fs::path& data) {
  DecoderFiles files{data, {}};
  const auto own = spec.networks.find("language-model");
  if (own != spec.networks.end()) files.language_model = own->second;
  return files;
}

class PocketsphinxModel : public inference::Model, public inference::HearSession {
 public:
  PocketsphinxModel(const DecoderFiles& files, std::size_t decoders, const RunContext& run)
      : decoders_(decoders, [files] { return std::make_unique<Decoder>(files); }) {
    decoders_.acquire(run);
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
    abilities.words = true;
    abilities.grammars = true;
    abilities.languages = {"en"};
    return abilities;
  }

  inference::HearResult hear(const inference::HearRequest& request,
                             const inference::OnHeard& on_heard, const RunContext& run) override {
    run.check();
    check_options(request.options);
    check_rate(request.audio.sample_rate);
    const auto decoder = decoders_.acquire(run);
    decoder->use(request.options.grammar);
    auto words = decoder->decode(request.audio.samples, run);
    inference::HearResult result;
    result.language = "en";
    if (words.empty()) return result;
    auto segment = make_segment(std::move(words), {}, request.options.want_words);
    if (on_heard) {
      on_heard({inference::HearEvent::Kind::kFinal, segment, 0,
                length_of(request.audio.samples.size()), "en"});
    }
    result.segments.push_back(std::move(segment));
    return result;
  }

  /// A decoder is the listener's until the stream ends: it cannot hear two at once.
  inference::HearResult listen(const inference::HearOptions& options,
                               inference::AudioSource& source, const inference::OnHeard& on_heard,
                               const RunContext& run) override {
    check_options(options);
    check_rate(source.sample_rate());
    const auto decoder = decoders_.acquire(run);
    decoder->use(options.grammar);
    return pocketsphinx::listen(*decoder, options, source, on_heard, run);
  }

 private:
  ResourcePool<Decoder> decoders_;
};

class PocketsphinxEngine : public inference::Engine {
 public:
  explicit PocketsphinxEngine(const PocketsphinxOptions& options)
      : data_(options.data ? options.data : find_data()) {}

  std::string_view name() const noexcept override { return kName; }

  inference::Availability probe() const override {
    if (data_ && has_model(*data_)) return {true, {}};
    return {false, "pocketsphinx has no model for English here: " + std::string(kHowToInstall)};
  }

  inference::Footprint estimate(const inference::ModelSpec& spec,
                                const inference::LoadOptions& options) const override {
    inference::check_model_card(spec, kName);
    const bool has_own = spec.networks.contains("language-model");
    const std::uint64_t each = kDecoderMebibytes + (has_own ? kOwnMebibytes : 0);
    return {ByteSize::mib(each * decoders(options)), {}};
  }

  inference::ModelFacts describe(const inference::ModelSpec& spec,
                                 inference::FactDetail) const override {
    inference::check_model_card(spec, kName);
    inference::ModelFacts facts;
    facts.architecture = "pocketsphinx";
    facts.metadata = {{"speech.languages", inference::FactList{1, {std::string("en")}}}};
    if (data_) facts.metadata.emplace_back("pocketsphinx.data", data_->native());
    return facts;
  }

  std::unique_ptr<inference::Model> load(const inference::ModelSpec& spec,
                                         const inference::LoadOptions& options,
                                         const RunContext& run) override {
    run.check();
    inference::check_model_card(spec, kName);
    if (const auto availability = probe(); !availability.usable) {
      throw Error(ErrorCode::kUnsupported, availability.reason);
    }
    return std::make_unique<PocketsphinxModel>(make_files(spec, *data_), decoders(options), run);
  }

 private:
  static std::size_t decoders(const inference::LoadOptions& options) noexcept {
    return static_cast<std::size_t>(std::max(1, options.parallel));
  }

  const std::optional<fs::path> data_;
};

}  // namespace

std::unique_ptr<inference::Engine> make_pocketsphinx_engine(const PocketsphinxOptions& options) {
  return std::make_unique<PocketsphinxEngine>(options);
}

}  // namespace hailstone::engines::pocketsphinx
