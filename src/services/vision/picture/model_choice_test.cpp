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

  void write_catalog(const std::string& name, const std::string& engine) {
    const auto folder = daemon_.files.root() / "catalog";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / (name + ".toml"))
        << "[[model]]\nname = \"" << name << "\"\ntask = \"pose\"\nlicence = \"MIT\"\n"
        << "default = true\n[[model.variant]]\nengine = \"" << engine << "\"\nformat = \"onnx\"\n"
        << "[[model.variant.file]]\nurl = \"https://example.org/" << name << ".onnx\"\n";
  }

  http::StatusError refusal_of_none(std::string_view task) {
    try {
      choice_.choose(task, "");
    } catch (const http::StatusError& error) {
      return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return {500, ""};
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
  write_catalog("upright", "onnx");
  write_catalog("elsewhere", "hailo");
  const auto error = refusal_of_none("pose");
  EXPECT_EQ(error.status(), 503);
  EXPECT_STREQ(error.what(), "no model for pose is installed");
  // The engine of the one is nowhere, that of the other is not here: neither is advice.
  EXPECT_THAT(error.detail(), testing::Not(testing::HasSubstr("hailstone pull")));
  EXPECT_THAT(error.detail(), testing::HasSubstr("needs the engine"));
  EXPECT_THAT(error.detail(), testing::HasSubstr("is not installed"));
  write_catalog("usual", "fake");
  EXPECT_EQ(refusal_of_none("pose").detail(), "install one with: hailstone pull usual");
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
