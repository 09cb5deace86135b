// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// An engine that speaks, in its host process, as tests use it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "hosting/hosted_engine.hpp"
#include "inference/audio_sessions.hpp"
#include "inference/voices/say_request.hpp"

namespace hailstone::test_support {

inline double seconds_of(const media::Pcm& sound) {
  return static_cast<double>(sound.samples.size()) / std::max(1, sound.sample_rate);
}

/// Root mean square.
inline double loudness_of(const media::Pcm& sound) {
  double sum = 0;
  for (const float sample : sound.samples) sum += static_cast<double>(sample) * sample;
  return std::sqrt(sum / static_cast<double>(std::max<std::size_t>(1, sound.samples.size())));
}

template <typename Work>
ErrorCode code_of(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::kInternal;
}

class HostedVoice : public ::testing::Test {
 protected:
  HostedVoice(const std::string& engine, const std::string& program)
      : name_(engine),
        engine_(engine, hosting::HostCommand{{program}, hosting::host_environment()}) {}

  void SetUp() override {
    const auto availability = engine_.probe();
    if (!availability.usable) GTEST_SKIP() << availability.reason;
  }
  ~HostedVoice() override {
    std::error_code ignored;
    std::filesystem::remove(card_path(), ignored);
  }

  static RunContext soon() { return {Deadline::in(std::chrono::seconds(60)), {}}; }
  inference::Engine& engine() noexcept { return engine_; }

  inference::ModelSpec card() const {
    inference::ModelSpec spec;
    spec.name = "starter-" + name_;
    spec.engine = name_;
    spec.weights = card_path();
    std::ofstream(spec.weights) << "hailstone model card: " << name_ << "\n";
    return spec;
  }
  inference::Model& model() {
    if (!model_) model_ = engine_.load(card(), {}, soon());
    return *model_;
  }

  media::Pcm say(const std::string& text, const std::string& voice, double speed = 1) {
    media::Pcm sound;
    model().say()->say(
        {text, voice, speed},
        [&](media::Pcm&& piece) {
          sound.sample_rate = piece.sample_rate;
          sound.samples.insert(sound.samples.end(), piece.samples.begin(), piece.samples.end());
        },
        soon());
    return sound;
  }

  void expect_streaming_and_calling_off() {
    std::string text;
    for (int i = 0; i < 100; ++i) text += "This is a sentence of a long text. ";
    int pieces = 0;
    std::stop_source stop;
    const auto listen = [&](media::Pcm&&) {
      if (++pieces == 3) stop.request_stop();
    };
    EXPECT_EQ(code_of([&] {
                model().say()->say({text, {}, 1}, listen, {Deadline::never(), stop.get_token()});
              }),
              ErrorCode::kCancelled);
    EXPECT_LT(pieces, 60) << "it went on after it had been called off";
    EXPECT_GT(say("still here", {}).samples.size(), 1000U);
  }

 private:
  std::filesystem::path card_path() const {
    return std::filesystem::temp_directory_path() / (name_ + "-card-" + std::to_string(::getpid()));
  }

  const std::string name_;
  hosting::HostedEngine engine_;
  std::unique_ptr<inference::Model> model_;
};

}  // namespace hailstone::test_support
