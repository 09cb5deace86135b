// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "hosting/hosted_engine.hpp"
#include "inference/audio_pipe.hpp"
#include "media/audio/sound_stream.hpp"

namespace hailstone::inference {
namespace {

namespace fs = std::filesystem;

class Pocketsphinx : public testing::Test {
 protected:
  void SetUp() override {
    const auto availability = engine_.probe();
    if (!availability.usable) GTEST_SKIP() << availability.reason;
    card_ = fs::temp_directory_path() / ("pocketsphinx-card-" + std::to_string(::getpid()));
    std::ofstream(card_) << "hailstone model card: pocketsphinx\n";
    ModelSpec spec;
    spec.name = "starter-transcribe";
    spec.engine = "pocketsphinx";
    spec.weights = card_;
    model_ = engine_.load(spec, {}, soon());
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove(card_, ignored);
  }
  static RunContext soon() { return {Deadline::in(std::chrono::seconds(120)), {}}; }

  static HearOptions in(const std::string& language) {
    HearOptions options;
    options.language = language;
    return options;
  }

  static std::optional<media::Pcm> find_recording(const char* name) {
    const char* assets = std::getenv("HAILSTONE_TEST_ASSETS");
    if (assets == nullptr) return std::nullopt;
    std::ifstream in(fs::path(assets) / "media/audio" / name, std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), {});
    media::MemorySource source(bytes);
    media::SoundStream stream(source);
    return media::Pcm{16'000, media::read_all(stream)};
  }

  fs::path card_;
  hosting::HostedEngine engine_{"pocketsphinx", hosting::HostCommand{{HAILSTONE_HOST_POCKETSPHINX},
                                                                     hosting::host_environment()}};
  std::unique_ptr<Model> model_;
};

TEST_F(Pocketsphinx, HearsNothingInSilence) {
  const auto result = model_->hear()->hear({{16'000, std::vector<float>(16'000)}, {}}, {}, soon());
  EXPECT_TRUE(result.segments.empty());
}

TEST_F(Pocketsphinx, OtherLanguagesAndRatesAreRefused) {
  for (const auto& [language, rate, code] : std::vector<std::tuple<std::string, int, ErrorCode>>{
           {"de", 16'000, ErrorCode::kUnsupported}, {"en", 8000, ErrorCode::kBadRequest}}) {
    try {
      model_->hear()->hear({{rate, std::vector<float>(8000)}, in(language)}, {}, soon());
      ADD_FAILURE() << language << rate;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code);
    }
  }
}

TEST_F(Pocketsphinx, AGrammarThatCannotBeUsedIsRefused) {
  for (const char* grammar : {"nonsense", "#JSGF V1.0; grammar g; public <g> = qqqzx;"}) {
    HearOptions options;
    options.grammar = grammar;
    try {
      model_->hear()->hear({{16'000, std::vector<float>(8000)}, options}, {}, soon());
      ADD_FAILURE() << grammar;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadRequest) << error.what();
    }
  }
}

TEST_F(Pocketsphinx, HearsNothingButTheGrammar) {
  auto audio = find_recording("cards/001.wav");
  if (!audio) GTEST_SKIP() << "HAILSTONE_TEST_ASSETS is not set";
  HearOptions options;
  options.grammar = "#JSGF V1.0; grammar g; public <g> = ten of hearts | ten of clubs | nine;";
  const auto result = model_->hear()->hear({*audio, options}, {}, soon());
  ASSERT_EQ(result.segments.size(), 1U);
  EXPECT_EQ(result.segments[0].text, " ten of clubs");
  options.grammar.clear();
  EXPECT_EQ(model_->hear()->hear({*audio, options}, {}, soon()).segments.size(), 1U)
      << "the next request has no grammar";
}

TEST_F(Pocketsphinx, TellsWhatItHearsWhileItListens) {
  auto audio = find_recording("librivox/sense_and_sensibility_01_austen_64kb-0880.wav");
  if (!audio) GTEST_SKIP() << "HAILSTONE_TEST_ASSETS is not set";
  AudioPipe pipe(16'000, audio->samples.size() + 1);
  pipe.push(audio->samples, soon());
  pipe.finish();
  int partials = 0;
  std::string text;
  model_->hear()->listen(
      in("en"), pipe,
      [&](HearEvent&& event) {
        if (event.kind == HearEvent::Kind::kPartial) ++partials;
        if (event.kind == HearEvent::Kind::kFinal) text += event.segment.text;
      },
      soon());
  EXPECT_GE(partials, 3);
  EXPECT_THAT(text, testing::HasSubstr("young man"));
}

TEST_F(Pocketsphinx, HearsARecording) {
  auto audio = find_recording("cards/001.wav");
  if (!audio) GTEST_SKIP() << "HAILSTONE_TEST_ASSETS is not set";
  const auto result = model_->hear()->hear({*audio, in("en")}, {}, soon());
  ASSERT_EQ(result.segments.size(), 1U);
  EXPECT_EQ(result.segments[0].text, " ten of clubs");
  EXPECT_GT(result.segments[0].end, result.segments[0].begin);
  EXPECT_LT(result.segments[0].end, std::chrono::milliseconds(1500));
  const auto again = model_->hear()->hear({*audio, in("en")}, {}, soon());
  EXPECT_EQ(again.segments, result.segments) << "what was heard before makes no difference";
}

}  // namespace
}  // namespace hailstone::inference
