// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "speech/piper/piper_voice.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "speech/piper/phoneme_ids.hpp"

namespace hailstone::speech::piper {
namespace {

using inference::ElementType;
using inference::Tensor;
using inference::TensorInfo;

constexpr const char* kPhonemes = "input";
constexpr const char* kLength = "input_lengths";
constexpr const char* kScales = "scales";
constexpr const char* kSpeaker = "sid";
constexpr std::string_view kRawBegin = "[[";
constexpr std::string_view kRawEnd = "]]";
/// A sentence of silence is not made louder.
constexpr float kQuiet = 1e-4F;

template <typename Number>
Tensor make_tensor(const char* name, ElementType type, std::vector<std::int64_t> shape,
                   const std::vector<Number>& values) {
  std::vector<std::byte> bytes(values.size() * sizeof(Number));
  if (!bytes.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return {{name, type, std::move(shape)}, std::move(bytes)};
}

void check_network(const std::vector<TensorInfo>& inputs, bool has_speakers) {
  std::vector<std::string> expected{kPhonemes, kLength, kScales};
  if (has_speakers) expected.emplace_back(kSpeaker);
  std::vector<std::string> names;
  for (const auto& input : inputs) names.push_back(input.name);
  if (std::is_permutation(names.begin(), names.end(), expected.begin(), expected.end())) return;
  throw Error(ErrorCode::kBadRequest,
              "the network takes " + join(names, ", ") + ", a Piper voice of its file takes " +
                  join(expected, ", "),
              "the network and the JSON file of one and the same voice");
}

/// Each sentence is brought to its peak, as Piper does.
std::vector<float> samples_of(const std::vector<Tensor>& outputs) {
  if (outputs.empty() || outputs.front().info.type != ElementType::kFloat32) {
    throw Error(ErrorCode::kEngineFailed, "the voice's network gave no samples");
  }
  const auto& data = outputs.front().data;
  std::vector<float> samples(data.size() / sizeof(float));
  if (!samples.empty()) std::memcpy(samples.data(), data.data(), samples.size() * sizeof(float));
  float peak = 0;
  for (auto& sample : samples) {
    if (!std::isfinite(sample)) sample = 0;
    peak = std::max(peak, std::abs(sample));
  }
  if (peak < kQuiet) return samples;
  for (auto& sample : samples) sample /= peak;
  return samples;
}

}  // namespace

PiperVoice::PiperVoice(inference::TensorSession& network, VoiceConfig config, Pronounce pronounce)
    : network_(network), config_(std::move(config)), pronounce_(std::move(pronounce)) {
  check_network(network_.inputs(), !config_.speakers.empty());
}

void PiperVoice::say(const inference::SayRequest& request, const inference::OnAudio& on_audio,
                     const RunContext& run) {
  inference::check_say_request(request, "piper");
  for (const auto& sentence : sentences(request.text, run)) {
    run.check();
    const auto ids = ids_of(config_, sentence);
    if (ids.empty()) continue;
    auto samples = samples_of(network_.run(inputs(request, ids), run));
    if (!samples.empty()) on_audio({config_.sample_rate, std::move(samples)});
  }
}

/// As the network takes them. Raw phonemes are a clause of the sentence in which they stand.
std::vector<std::string> PiperVoice::sentences(const std::string& text,
                                               const RunContext& run) const {
  if (config_.takes_text) return {text};
  std::string clauses;
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto begin = std::min(rest.find(kRawBegin), rest.size());
    const std::string spoken(trim(rest.substr(0, begin)));
    if (!spoken.empty()) clauses += pronounce_(spoken, config_.espeak_voice, run);
    rest.remove_prefix(std::min(begin + kRawBegin.size(), rest.size()));
    const auto end = std::min(rest.find(kRawEnd), rest.size());
    clauses += "\n" + std::string(rest.substr(0, end)) + "\n";
    rest.remove_prefix(std::min(end + kRawEnd.size(), rest.size()));
  }
  return sentences_of(clauses);
}

std::int64_t PiperVoice::find_speaker(const inference::SayRequest& request) const {
  if (request.voice.empty()) return config_.default_speaker;
  const auto found = config_.speakers.find(request.voice);
  if (found != config_.speakers.end()) return found->second;
  throw Error(ErrorCode::kNotFound,
              "the voice has no speaker '" + std::string(utf8_prefix(request.voice, 40)) + "'");
}

std::vector<Tensor> PiperVoice::inputs(const inference::SayRequest& request,
                                       const std::vector<std::int64_t>& ids) const {
  const auto length = static_cast<std::int64_t>(ids.size());
  const std::vector<float> scales{
      static_cast<float>(request.noise_scale.value_or(config_.noise_scale)),
      config_.length_scale / static_cast<float>(request.speed),
      static_cast<float>(request.noise_width.value_or(config_.noise_width))};
  std::vector<Tensor> tensors;
  for (const auto& input : network_.inputs()) {
    if (input.name == kPhonemes) {
      tensors.push_back(make_tensor(kPhonemes, ElementType::kInt64, {1, length}, ids));
    } else if (input.name == kLength) {
      tensors.push_back(
          make_tensor(kLength, ElementType::kInt64, {1}, std::vector<std::int64_t>{length}));
    } else if (input.name == kScales) {
      tensors.push_back(make_tensor(kScales, ElementType::kFloat32, {3}, scales));
    } else {
      tensors.push_back(make_tensor(kSpeaker, ElementType::kInt64, {1},
                                    std::vector<std::int64_t>{find_speaker(request)}));
    }
  }
  return tensors;
}

std::vector<inference::Voice> PiperVoice::voices() const {
  std::vector<inference::Voice> voices;
  for (auto& fact : voice_facts(config_)) {
    voices.push_back({std::move(fact.id),
                      std::move(fact.language),
                      config_.sample_rate,
                      {},
                      std::move(fact.name)});
  }
  return voices;
}

std::vector<inference::VoiceFact> voice_facts(const VoiceConfig& config) {
  if (config.speakers.empty()) return {{{}, config.language, {}, {}}};
  std::vector<inference::VoiceFact> facts;
  for (const auto& [name, id] : config.speakers) {
    facts.push_back({name, config.language, name, {}});
    if (id == config.default_speaker) std::rotate(facts.begin(), facts.end() - 1, facts.end());
  }
  return facts;
}

}  // namespace hailstone::speech::piper
