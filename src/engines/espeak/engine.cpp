// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/espeak/engine.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "engines/espeak/library.hpp"
#include "engines/espeak/phoneme_call.hpp"
#include "inference/audio_sessions.hpp"
#include "inference/model_card.hpp"
#include "inference/voices/say_request.hpp"
#include "inference/worker/call_session.hpp"
#include "os/process_memory.hpp"

namespace hailstone::engines::espeak {
namespace {

constexpr const char* kName = "espeak";
constexpr const char* kDefaultVoice = "en-us";
// Measured with some ten voices in use.
constexpr std::uint64_t kMebibytes = 12;
/// Bytes of text that are said before others get their turn.
constexpr std::size_t kLongestPiece = 400;

/// What the method says of itself where it is called wrongly.
constexpr const char* kPhonemesHelp = R"(arguments of phonemes: {"text": "...", "voice": "en-us"})";

class EspeakModel : public inference::Model,
                    public inference::SaySession,
                    public inference::CallSession {
 public:
  /// The library outlives it.
  EspeakModel(Library& library, std::string voice)
      : library_(library), voice_(std::move(voice)), sample_rate_(library.sample_rate()) {
    library_.require_voice(voice_);
  }

  inference::SaySession* say() noexcept override { return this; }
  inference::CallSession* call() noexcept override { return this; }
  bool alive() const noexcept override { return true; }
  /// Of the whole process, which is the model's own.
  inference::Footprint footprint() const override {
    const auto memory = os::find_process_memory(::getpid());
    return {memory ? memory->pss : ByteSize(), {}};
  }

  void say(const inference::SayRequest& request, const inference::OnAudio& on_audio,
           const RunContext& run) override {
    run.check();
    inference::check_say_request(request, kName);
    const std::string& voice = request.voice.empty() ? voice_ : request.voice;
    for (const auto& sentence : inference::cut_text(request.text, kLongestPiece)) {
      const auto samples = library_.say(sentence, voice, request.speed, run);
      media::Pcm piece{sample_rate_, std::vector<float>(samples.size())};
      std::transform(samples.begin(), samples.end(), piece.samples.begin(),
                     [](short sample) { return static_cast<float>(sample) / 32768.0F; });
      if (!samples.empty()) on_audio(std::move(piece));
    }
  }

  std::vector<std::string> methods() const override { return {"phonemes"}; }

  /// phonemes: how a text is pronounced, for voices of other engines. {"text", "voice"} to a text:
  /// a line of IPA for each clause, which ends with the mark that ends the clause.
  inference::CallValue call(const inference::CallRequest& request, inference::CallSource* input,
                            const inference::OnCallValue&, const RunContext& run) override {
    run.check();
    if (request.method != "phonemes") {
      throw Error(ErrorCode::kNotFound, "espeak has no method '" + request.method + "'",
                  "methods: phonemes");
    }
    if (input != nullptr) throw Error(ErrorCode::kUnsupported, "phonemes takes no further input");
    const auto wanted = read_phoneme_call(request.arguments.json);
    if (!wanted) throw Error(ErrorCode::kBadRequest, kPhonemesHelp);
    const std::string& voice = wanted->voice.empty() ? voice_ : wanted->voice;
    return {write_phonemes(library_.phonemes(wanted->text, voice))};
  }

  std::vector<inference::Voice> voices() const override {
    std::vector<inference::Voice> voices;
    for (auto& voice : library_.voices()) {
      voices.push_back({voice.code, voice.code, sample_rate_, {}, std::move(voice.name)});
      if (voice.code == voice_) std::swap(voices.front(), voices.back());  // the default first
    }
    return voices;
  }

 private:
  Library& library_;
  const std::string voice_;
  const int sample_rate_;
};

class EspeakEngine : public inference::Engine {
 public:
  std::string_view name() const noexcept override { return kName; }

  inference::Availability probe() const override {
    if (const auto fault = library_.find_fault()) return {false, *fault};
    return {true, {}, Library::version()};
  }

  inference::Footprint estimate(const inference::ModelSpec& spec,
                                const inference::LoadOptions&) const override {
    inference::check_model_card(spec, kName);
    return {ByteSize::mib(kMebibytes), {}};
  }

  inference::ModelFacts describe(const inference::ModelSpec& spec,
                                 inference::FactDetail) const override {
    inference::check_model_card(spec, kName);
    std::vector<inference::VoiceFact> voices;
    for (auto& voice : library_.voices()) {
      voices.push_back({voice.code, voice.code, std::move(voice.name), std::move(voice.gender)});
    }
    inference::ModelFacts facts;
    facts.architecture = "espeak-formants";
    facts.metadata = {{"espeak.version", Library::version()}};
    inference::add_voices(facts, voices);
    return facts;
  }

  std::unique_ptr<inference::Model> load(const inference::ModelSpec& spec,
                                         const inference::LoadOptions&,
                                         const RunContext& run) override {
    run.check();
    inference::check_model_card(spec, kName);
    return std::make_unique<EspeakModel>(
        library_, std::string(inference::setting_or(spec, "voice", kDefaultVoice)));
  }

 private:
  mutable Library library_;
};

}  // namespace

std::unique_ptr<inference::Engine> make_espeak_engine() {
  return std::make_unique<EspeakEngine>();
}

}  // namespace hailstone::engines::espeak
