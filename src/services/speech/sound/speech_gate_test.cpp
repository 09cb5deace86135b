// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/sound/speech_gate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "media/audio/testing/sounds.hpp"

namespace hailstone::sound {
namespace {

/// Answers what it is told, window by window.
class ScriptedDetector final : public VoiceDetector {
 public:
  explicit ScriptedDetector(std::vector<float> answers) : answers_(std::move(answers)) {}
  std::size_t window() const noexcept override { return 512; }
  float judge(std::span<const float>) override {
    return next_ < answers_.size() ? answers_[next_++] : 0;
  }
  void reset() override { next_ = 0; }

 private:
  std::vector<float> answers_;
  std::size_t next_ = 0;
};

std::vector<GateEvent> run(const std::vector<float>& answers, std::size_t piece = 512) {
  SpeechGate gate(std::make_unique<ScriptedDetector>(answers), {});
  const std::vector<float> sound(answers.size() * 512);
  std::vector<GateEvent> all;
  for (std::size_t at = 0; at < sound.size(); at += piece) {
    const auto events = gate.push(std::span(sound).subspan(at, std::min(piece, sound.size() - at)));
    all.insert(all.end(), events.begin(), events.end());
  }
  const auto events = gate.finish();
  all.insert(all.end(), events.begin(), events.end());
  return all;
}

std::vector<float> repeat(std::initializer_list<std::pair<float, int>> parts) {
  std::vector<float> out;
  for (const auto& [value, count] : parts)
    out.insert(out.end(), static_cast<std::size_t>(count), value);
  return out;
}

using Kind = GateEvent::Kind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SpeechGate, SpeechBeginsAndEndsWhereItWasHeardFirst) {
  const auto answers = repeat({{0.1F, 10}, {0.9F, 20}, {0.1F, 30}});
  const auto expected =
      ElementsAre(GateEvent{Kind::kStarted, 10 * 512}, GateEvent{Kind::kStopped, 30 * 512});
  EXPECT_THAT(run(answers), expected);
  EXPECT_THAT(run(answers, 77), expected) << "pieces of any length";
}

TEST(SpeechGate, AClickIsNoSpeechAndABreathNoEnd) {
  EXPECT_THAT(run(repeat({{0.1F, 10}, {0.9F, 2}, {0.1F, 30}})), IsEmpty());
  EXPECT_THAT(run(repeat({{0.9F, 10}, {0.1F, 10}, {0.9F, 10}})),
              ElementsAre(GateEvent{Kind::kStarted, 0}, GateEvent{Kind::kStopped, 30 * 512}));
}

TEST(SpeechGate, BetweenTheThresholdsNothingChanges) {
  EXPECT_THAT(run(repeat({{0.4F, 30}})), IsEmpty());
  EXPECT_THAT(run(repeat({{0.9F, 10}, {0.4F, 40}})),
              ElementsAre(GateEvent{Kind::kStarted, 0}, GateEvent{Kind::kStopped, 50 * 512}));
}

double share_of_speech(VoiceDetector& detector, const std::vector<float>& sound) {
  int speech = 0;
  int windows = 0;
  for (std::size_t at = 0; at + detector.window() <= sound.size(); at += detector.window()) {
    speech += detector.judge(std::span(sound).subspan(at, detector.window())) > 0.5F ? 1 : 0;
    ++windows;
  }
  return static_cast<double>(speech) / windows;
}

TEST(EnergyDetector, FollowsTheNoiseOfThePlace) {
  const auto detector = make_energy_detector();
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same each time
  for (const float loudness : {0.0F, 0.0005F, 0.005F, 0.02F}) {
    std::normal_distribution<float> noise(0, 1);
    std::vector<float> quiet(8 * kSampleRate);
    for (auto& sample : quiet) sample = loudness * noise(random);
    share_of_speech(*detector, quiet);  // it gets used to it
    EXPECT_LT(share_of_speech(*detector, quiet), 0.05) << loudness;
    auto voice = media::testing::tone(700, 1).samples;
    for (std::size_t i = 0; i < voice.size(); ++i) voice[i] += quiet[i];
    EXPECT_GT(share_of_speech(*detector, voice), 0.95) << loudness;
  }
}

}  // namespace
}  // namespace hailstone::sound
