// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/flite/engine.hpp"

#include <flite/flite.h>
#include <flite/flite_version.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <exception>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "engines/flite/text.hpp"
#include "inference/audio_sessions.hpp"
#include "inference/model_card.hpp"
#include "inference/voices/say_request.hpp"
#include "os/process_memory.hpp"

// No header declares them.
extern "C" {
cst_voice* register_cmu_us_slt(const char* folder);
cst_voice* register_cmu_us_rms(const char* folder);
cst_voice* register_cmu_us_awb(const char* folder);
cst_voice* register_cmu_us_kal16(const char* folder);
cst_voice* register_cmu_us_kal(const char* folder);
}

namespace hailstone::engines::flite {
namespace {

constexpr const char* kName = "flite";
// Measured with one voice in use.
constexpr std::uint64_t kMebibytes = 20;
/// Bytes of text: all of a sentence is worked on before its first sound comes out.
constexpr std::size_t kLongestPiece = 400;
/// Samples that come at a time: 40 ms.
constexpr int kPiece = 640;

struct BuiltIn {
  const char* name;
  const char* gender;
  const char* language;
  const char* description;
  cst_voice* (*find)(const char* folder);
};

constexpr std::array kVoices = {
    BuiltIn{"slt", "female", "en-us", "a woman from the US", register_cmu_us_slt},
    BuiltIn{"rms", "male", "en-us", "a man from the US", register_cmu_us_rms},
    BuiltIn{"awb", "male", "en-gb", "a man from Scotland", register_cmu_us_awb},
    BuiltIn{"kal16", "male", "en-us", "a man from the US, diphones at 16 kHz",
            register_cmu_us_kal16},
    BuiltIn{"kal", "male", "en-us", "a man from the US, diphones at 8 kHz", register_cmu_us_kal},
};

const BuiltIn& require_voice(const std::string& name) {
  const auto* found = std::find_if(kVoices.begin(), kVoices.end(),
                                   [&](const BuiltIn& voice) { return name == voice.name; });
  if (found != kVoices.end()) return *found;
  throw Error(ErrorCode::kNotFound,
              "flite has no voice '" + std::string(utf8_prefix(name, 40)) + "'",
              "voices: slt, rms, awb, kal16, kal");
}

/// What is being said; the library's callback sees it.
struct Job {
  const inference::OnAudio& on_audio;
  const RunContext& run;
  std::exception_ptr failure;
};

int take_samples(const cst_wave* wave, int start, int size, int /*is_last*/,
                 cst_audio_streaming_info* info) {
  auto& job = *static_cast<Job*>(info->userdata);
  try {
    job.run.check();
    if (size > 0) {
      media::Pcm piece{wave->sample_rate, std::vector<float>(static_cast<std::size_t>(size))};
      std::transform(wave->samples + start, wave->samples + start + size, piece.samples.begin(),
                     [](short sample) { return static_cast<float>(sample) / 32768.0F; });
      job.on_audio(std::move(piece));
    }
    return CST_AUDIO_STREAM_CONT;
  } catch (...) {  // kept for say(): the library is C
    job.failure = std::current_exception();
    return CST_AUDIO_STREAM_STOP;
  }
}

struct UtteranceDeleter {
  void operator()(cst_utterance* utterance) const noexcept { delete_utterance(utterance); }
};

class FliteModel : public inference::Model, public inference::SaySession {
 public:
  explicit FliteModel(std::string voice) : voice_(std::move(voice)) { require_voice(voice_); }

  inference::SaySession* say() noexcept override { return this; }
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
    cst_voice* voice = require_voice(request.voice.empty() ? voice_ : request.voice).find(nullptr);
    for (const auto& sentence : inference::cut_text(to_ascii(request.text), kLongestPiece)) {
      say_sentence(*voice, sentence, request.speed, on_audio, run);
    }
  }

  std::vector<inference::Voice> voices() const override {
    std::vector<inference::Voice> voices;
    for (const auto& voice : kVoices) {
      const int rate = std::string_view(voice.name) == "kal" ? 8000 : 16'000;
      voices.push_back({voice.name, voice.language, rate, {}, voice.description});
      if (voice.name == voice_) std::swap(voices.front(), voices.back());  // the default first
    }
    return voices;
  }

 private:
  /// The voice is only read, so that several threads may use it: what is a sentence's own goes into
  /// the utterance.
  static void say_sentence(cst_voice& voice, const std::string& text, double speed,
                           const inference::OnAudio& on_audio, const RunContext& run) {
    // Nothing that it could say: it would crash.
    if (std::none_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0; })) {
      return;
    }
    Job job{on_audio, run, {}};
    const std::unique_ptr<cst_utterance, UtteranceDeleter> utterance(new_utterance());
    utt_set_input_text(utterance.get(), text.c_str());
    utt_init(utterance.get(), &voice);
    const float stretch = get_param_float(voice.features, "duration_stretch", 1.0F);
    feat_set_float(utterance->features, "duration_stretch", stretch / static_cast<float>(speed));
    auto* info = new_audio_streaming_info();  // goes with the utterance's features
    info->min_buffsize = kPiece;
    info->asc = take_samples;
    info->userdata = &job;
    feat_set(utterance->features, "streaming_info", audio_streaming_info_val(info));
    const bool is_done = utt_synth(utterance.get()) != nullptr;
    if (job.failure) std::rethrow_exception(job.failure);
    if (!is_done) throw Error(ErrorCode::kEngineFailed, "flite cannot say a sentence");
  }

  const std::string voice_;
};

class FliteEngine : public inference::Engine {
 public:
  FliteEngine() {
    flite_init();
    // At once: later two threads might do it together.
    for (const auto& voice : kVoices) voice.find(nullptr);
  }

  std::string_view name() const noexcept override { return kName; }
  inference::Availability probe() const override { return {true, {}, FLITE_PROJECT_VERSION}; }

  inference::Footprint estimate(const inference::ModelSpec& spec,
                                const inference::LoadOptions&) const override {
    inference::check_model_card(spec, kName);
    return {ByteSize::mib(kMebibytes), {}};
  }

  inference::ModelFacts describe(const inference::ModelSpec& spec,
                                 inference::FactDetail) const override {
    inference::check_model_card(spec, kName);
    std::vector<inference::VoiceFact> voices;
    for (const auto& voice : kVoices) {
      voices.push_back({voice.name, voice.language, voice.description, voice.gender});
    }
    inference::ModelFacts facts;
    facts.architecture = "flite-clustergen";
    inference::add_voices(facts, voices);
    return facts;
  }

  std::unique_ptr<inference::Model> load(const inference::ModelSpec& spec,
                                         const inference::LoadOptions&,
                                         const RunContext& run) override {
    run.check();
    inference::check_model_card(spec, kName);
    return std::make_unique<FliteModel>(
        std::string(inference::setting_or(spec, "voice", kVoices.front().name)));
  }
};

}  // namespace

std::unique_ptr<inference::Engine> make_flite_engine() {
  return std::make_unique<FliteEngine>();
}

}  // namespace hailstone::engines::flite
