// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/trial/trial.hpp"

#include <gmock/gmock.h>

#include <cstring>

#include "base/error.hpp"

namespace hailstone::vision {
namespace {

using ::testing::HasSubstr;
using Shape = std::vector<std::int64_t>;

inference::Tensor tensor(std::string name, Shape shape, const std::vector<float>& values) {
  std::vector<std::byte> bytes(values.size() * sizeof(float));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return {{std::move(name), inference::ElementType::kFloat32, std::move(shape)}, std::move(bytes)};
}

TrialRun seen(std::vector<inference::Tensor> outputs, int side) {
  return {std::move(outputs), side, side};
}

KnownNetwork claim(std::string task, std::string decoder, Certainty certainty) {
  return {std::move(task), std::move(decoder), {}, {}, {}, certainty, "a test"};
}

TEST(TrialPicture, IsTheSameEachTimeAndNoOtherNumbers) {
  const auto first = make_trial_picture(32, 16, 0);
  EXPECT_EQ(first.pixels.size(), 32U * 16 * 3);
  EXPECT_EQ(first.pixels, make_trial_picture(32, 16, 0).pixels);
  EXPECT_NE(first.pixels, make_trial_picture(32, 16, 1).pixels);
  EXPECT_THROW(make_trial_picture(0, 16, 0), Error);
}

/// A table of YOLOv8 with two classes; all boxes alike.
TrialRun yolo(std::vector<float> row) {
  std::vector<float> values;
  for (const float value : row) values.insert(values.end(), 21, value);
  const auto columns = static_cast<std::int64_t>(row.size());
  return seen({tensor("output0", {1, columns, 21}, values)}, 32);
}

Verdict look_at(KnownNetwork& known, const TrialRun& run, std::size_t labels = 0) {
  return judge(known, {&run, 1}, labels);
}

TEST(Judge, ValuesThatFitMakeItOneStepSurer) {
  auto known = claim("detect", "yolov8", Certainty::kLikely);
  EXPECT_TRUE(look_at(known, yolo({16, 16, 8, 8, 0.1F, 0.9F})).fits);
  EXPECT_EQ(known.certainty, Certainty::kSure);
}

TEST(Judge, ScoresAndBoxesThatAreNoneAreTold) {
  auto known = claim("detect", "yolov8", Certainty::kLikely);
  EXPECT_THAT(look_at(known, yolo({16, 16, 8, 8, -3, 7})).reason, HasSubstr("scores reach -3"));
  EXPECT_THAT(look_at(known, yolo({0.5F, 0.5F, 0.2F, 0.2F, 0, 0.9F})).reason,
              HasSubstr("at most 0.2 pixels"));
  EXPECT_THAT(look_at(known, yolo({900, 900, 8, 8, 0, 0.9F})).reason, HasSubstr("outside"));
  EXPECT_THAT(look_at(known, yolo({16, 16, 8, 8, 0, 0.9F}), 7).reason, HasSubstr("[1,4+7,boxes]"))
      << "as many labels as classes";
  EXPECT_THAT(judge(known, {}, 0).reason, HasSubstr("no output"));
  EXPECT_EQ(known.certainty, Certainty::kLikely);
}

std::vector<float> ramp(std::size_t count, float first, float step) {
  std::vector<float> values;
  for (std::size_t i = 0; i < count; ++i) {
    values.push_back(first + step * static_cast<float>(i % 7));
  }
  return values;
}

TEST(Judge, CoordinatesAreNoEmbedding) {
  auto known = claim("face-embed", "embedding", Certainty::kGuess);
  const auto points = seen({tensor("output", {1, 128}, ramp(128, 0.1F, 0.1F))}, 112);
  EXPECT_THAT(look_at(known, points).reason, HasSubstr("no negative values"));
  const auto one = seen({tensor("output", {1, 128}, ramp(128, -1, 0.3F))}, 112);
  const std::vector<TrialRun> same = {one, one};
  EXPECT_THAT(judge(known, same, 0).reason, HasSubstr("the same of different pictures"));
  EXPECT_EQ(known.certainty, Certainty::kGuess);
  const std::vector<TrialRun> other = {
      one, seen({tensor("output", {1, 128}, ramp(128, 1, -0.5F))}, 112)};
  EXPECT_TRUE(judge(known, other, 0).fits);
  EXPECT_EQ(known.certainty, Certainty::kLikely);
}

TEST(Judge, BoxesOfUltraFaceThatAreNoCornersGoThroughItsPriors) {
  const auto run = [](const std::vector<float>& box) {
    std::vector<float> boxes;
    std::vector<float> scores;
    for (int i = 0; i < 4420; ++i) {
      boxes.insert(boxes.end(), box.begin(), box.end());
      scores.insert(scores.end(), {0.9F, 0.1F});
    }
    return TrialRun{
        {tensor("scores", {1, 4420, 2}, scores), tensor("boxes", {1, 4420, 4}, boxes)}, 320, 240};
  };
  auto known = claim("face-detect", "ssd", Certainty::kGuess);
  EXPECT_TRUE(look_at(known, run({0.2F, 0.2F, 0.4F, 0.5F})).fits);
  EXPECT_EQ(known.decoder, "ssd");
  known = claim("face-detect", "ssd", Certainty::kGuess);
  EXPECT_TRUE(look_at(known, run({0.7F, 0.2F, -0.4F, -0.5F})).fits);
  EXPECT_EQ(known.decoder, "lightface");
}

/// Rows of (x, y, w, h, objectness, one class).
TrialRun table(float x_step, float objectness) {
  std::vector<float> values;
  for (int i = 0; i < 21; ++i) {
    values.insert(values.end(), {x_step * static_cast<float>(i), 12, 6, 6, objectness, 0.4F});
  }
  return seen({tensor("outputs", {1, 21, 6}, values)}, 32);
}

TEST(Judge, YoloxThatItsExporterDecodedIsReadAsItIs) {
  auto known = claim("detect", "yolox", Certainty::kLikely);
  known.input.color = inference::ColorOrder::kBgr;
  look_at(known, table(3, 0.5F));
  EXPECT_EQ(known.decoder, "yolov5");
  EXPECT_EQ(known.input.color, inference::ColorOrder::kBgr);
  known.decoder = "yolox";
  known.certainty = Certainty::kLikely;
  look_at(known, table(3, 1));
  EXPECT_EQ(known.input.color, inference::ColorOrder::kRgb) << "YOLOv6";
  known = claim("detect", "yolox", Certainty::kLikely);
  look_at(known, table(0.01F, 0.5F));
  EXPECT_EQ(known.decoder, "yolox");
}

TEST(Judge, AMapOfTextIsAProbability) {
  auto known = claim("ocr", "db", Certainty::kLikely);
  EXPECT_TRUE(look_at(known, seen({tensor("map", {1, 1, 4, 4}, ramp(16, 0, 0.1F))}, 4)).fits);
  EXPECT_THAT(look_at(known, seen({tensor("map", {1, 1, 4, 4}, ramp(16, -4, 1))}, 4)).reason,
              HasSubstr("from -4 to 2, not 0 to 1"));
}

TEST(Judge, AMapOfClassesSaysNothingOfWhatItIs) {
  auto known = claim("semantic", "class-map", Certainty::kGuess);
  EXPECT_TRUE(look_at(known, seen({tensor("out", {1, 4, 4, 4}, ramp(64, 0, 1))}, 4)).fits);
  EXPECT_EQ(known.certainty, Certainty::kGuess);
}

TEST(Judge, AClassifierHasAClassForEachLabel) {
  auto known = claim("classify", "logits", Certainty::kSure);
  const auto run = seen({tensor("out", {1, 5}, ramp(5, 0, 1))}, 4);
  EXPECT_TRUE(look_at(known, run, 5).fits);
  EXPECT_THAT(look_at(known, run, 4).reason, HasSubstr("5 classes, and there are 4 labels"));
}

}  // namespace
}  // namespace hailstone::vision
