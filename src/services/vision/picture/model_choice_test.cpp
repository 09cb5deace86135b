// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/picture/model_choice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "http/pipeline/error_reply.hpp"
#include "services/vision/picture/timings.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::picture {
namespace {

using test_support::FakeDaemon;
using testing::ElementsAre;

class ModelChoiceTest : public testing::Test {
 protected:
  void add(const std::string& name, const std::string& task,
           std::map<std::string, std::string> settings = {}) {
    daemon_.files.add({.name = name,
                       .task = task,
                       .settings = std::move(settings),
                       .layers = {{"labels", "person\ntraffic light\n"}}});
  }

  Error refusal(std::string_view task, std::string_view name) {
    try {
      choice_.choose(task, name);
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return Error(ErrorCode::kInternal, "");
  }

  FakeDaemon daemon_;
  ModelChoice choice_{daemon_.models, {daemon_.files.root() / "catalog"}};
};

TEST_F(ModelChoiceTest, GivesTheNamedModelWithItsLabelsAndInput) {
  add("tiny", "detect", {{"input", R"({"width":64,"height":32,"resize":"letterbox"})"}});
  const auto model = choice_.choose("detect", "Tiny");
  EXPECT_EQ(model.chosen.name, "tiny:latest");
  EXPECT_THAT(model.labels, ElementsAre("person", "traffic light"));
  ASSERT_TRUE(model.input);
  EXPECT_EQ(model.input->resize, inference::Resize::kLetterbox);
}

TEST_F(ModelChoiceTest, AStarterStepsBackBehindAnyOtherModelOfTheTask) {
  add("starter-detect", "detect");
  EXPECT_EQ(choice_.choose("detect", "").chosen.name, "starter-detect:latest");
  add("tiny", "detect");
  add("upright", "pose");
  EXPECT_EQ(choice_.choose("detect", "").chosen.name, "tiny:latest");
}

TEST_F(ModelChoiceTest, AGuessIsNobodysDefault) {
  add("starter-semantic", "semantic");
  add("perhaps", "semantic", {{"certainty", "guess"}});
  EXPECT_EQ(choice_.choose("semantic", "").chosen.name, "starter-semantic:latest");
  EXPECT_EQ(choice_.choose("semantic", "perhaps").chosen.name, "perhaps:latest");
  add("maybe", "pose", {{"certainty", "guess"}});
  EXPECT_THAT(refusal("pose", "").detail(), testing::HasSubstr("'maybe:latest' may be for it"));
}

TEST_F(ModelChoiceTest, AModelWhoseEngineIsNotHereIsNoDefault) {
  add("tiny", "detect");
  daemon_.files.add({.name = "board", .engine = "hailo", .task = "detect"});
  EXPECT_EQ(choice_.choose("detect", "").chosen.name, "tiny:latest");
}

TEST_F(ModelChoiceTest, ABlankMayBeAmongTheCharactersOfAReader) {
  daemon_.files.add({.name = "reader", .task = "ocr", .layers = {{"labels", "a\r\n b \n \n\n"}}});
  EXPECT_THAT(choice_.choose("ocr", "reader").labels, testing::ElementsAre("a", "b", " "));
}

TEST_F(ModelChoiceTest, SaysWhichModelsThereAreForTheTask) {
  add("tiny", "detect");
  add("upright", "pose");
  auto error = refusal("detect", "yolov8");
  EXPECT_EQ(error.code(), ErrorCode::kNotFound);
  EXPECT_EQ(error.detail(), "models for detect: tiny:latest");
  error = refusal("detect", "upright");
  EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
  EXPECT_STREQ(error.what(), "model 'upright:latest' is for pose, not for detect");
}

TEST_F(ModelChoiceTest, NamesTheCommandThatInstallsOneWhereThereIsNone) {
  const auto folder = daemon_.files.root() / "catalog";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "pose.toml") << R"(
    [[model]]
    name = "upright"
    task = "pose"
    licence = "MIT"
    default = true
    [[model.variant]]
    engine = "onnx"
    format = "onnx"
    [[model.variant.file]]
    url = "https://example.org/upright.onnx"
  )";
  try {
    choice_.choose("pose", "");
    FAIL();
  } catch (const http::StatusError& error) {
    EXPECT_EQ(error.status(), 503);
    EXPECT_STREQ(error.what(), "no model for pose is installed");
    EXPECT_EQ(error.detail(), "install one with: hailstone pull upright");
  }
}

TEST(Timings, AreWrittenInMilliseconds) {
  Timings timings;
  timings.decode = std::chrono::microseconds(3214);
  timings += timings;
  EXPECT_EQ(write_server_timing(timings),
            "decode;dur=6.43, pre;dur=0.00, queue;dur=0.00, infer;dur=0.00, post;dur=0.00");
}

}  // namespace
}  // namespace hailstone::picture
