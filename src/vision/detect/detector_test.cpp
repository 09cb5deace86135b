// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/detect/detector.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "base/error.hpp"
#include "support/golden.hpp"

namespace hailstone::vision {
namespace {

using ::testing::HasSubstr;
using testing::make_tensor;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

DetectOptions options_for(int classes) {
  DetectOptions options;
  options.class_count = classes;
  options.input_width = 64;
  options.input_height = 32;
  return options;
}

std::vector<Detection> decode(std::string_view name, std::vector<inference::Tensor> outputs,
                              const DetectOptions& options) {
  return find_detector(name)->decode(outputs, options);
}

/// Rows of x, y, width, height, score, class.
std::vector<Detection> decode_rows(const std::vector<float>& rows, const DetectOptions& options) {
  const auto count = static_cast<std::int64_t>(rows.size() / 6);
  return decode("boxes", {make_tensor({count, 6}, rows)}, options);
}

std::string message_of(const std::function<void()>& run) {
  try {
    run();
  } catch (const Error& error) {
    return std::string(error.what()) + " | " + error.detail();
  }
  return "nothing was thrown";
}

TEST(Detectors, AreSortedByName) {
  EXPECT_TRUE(std::is_sorted(detectors().begin(), detectors().end(),
                             [](const auto& a, const auto& b) { return a.name < b.name; }));
  EXPECT_EQ(find_detector("scdepth"), nullptr);
}

TEST(Detectors, FindNothingInATableWithoutRows) {
  for (const auto& shape : {std::vector<std::int64_t>{1, 84, 0}, {1, 0, 84}}) {
    EXPECT_TRUE(decode("yolov8", {make_tensor(shape, {})}, options_for(80)).empty());
  }
}

TEST(Detectors, NameExpectedAndFoundShape) {
  const auto text = message_of([] {
    decode("yolov8", {make_tensor({1, 7, 10}, std::vector<float>(70), "output0")}, options_for(80));
  });
  EXPECT_THAT(text, HasSubstr("\"output0\" [7,10]"));
  EXPECT_THAT(text, HasSubstr("[1,4+80,boxes]"));
}

TEST(Detectors, RefuseBytesThatDoNotFitTheShape) {
  auto tensor = make_tensor({1, 7, 10}, std::vector<float>(70));
  tensor.data = tensor.data.part(0, tensor.data.size() - 1);
  EXPECT_THROW(decode("yolov8", {tensor}, options_for(3)), Error);
  tensor.info.shape = {1, std::int64_t{1} << 62, 1 << 20};
  EXPECT_THROW(decode("yolov8", {tensor}, options_for(3)), Error);
}

TEST(Detectors, NeedTheSizeOfTheInputWhereItCounts) {
  DetectOptions options;
  const auto text = message_of([&] {
    decode("yolox", {make_tensor({1, 42, 6}, std::vector<float>(252))}, options);
  });
  EXPECT_THAT(text, HasSubstr("input = { width"));
}

TEST(Detectors, LeaveOutWhatIsNoNumber) {
  const std::vector<float> rows = {1,    1, 10,       10, 0.9F, 0,     //
                                   kNan, 1, 10,       10, 0.9F, 1,     //
                                   1,    1, INFINITY, 10, 0.9F, 2,     //
                                   1,    1, 10,       10, kNan, 3,     //
                                   1,    1, 10,       10, 0.9F, kNan,  //
                                   1,    1, -10,      10, 0.9F, 4};
  const auto found = decode_rows(rows, options_for(0));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].class_id, 0);
}

TEST(Detectors, ScoresAreAtMostOne) {
  const auto found = decode_rows({1, 1, 10, 10, 1.5F, 0}, options_for(0));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].score, 1);
}

TEST(Detectors, KeepOnlyTheWantedClasses) {
  auto options = options_for(0);
  options.classes = {2};
  const auto found = decode_rows({1, 1, 9, 9, 0.9F, 1, 1, 1, 9, 9, 0.8F, 2}, options);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].class_id, 2);
}

TEST(Detectors, SuppressWithinAClassUnlessToldOtherwise) {
  const std::vector<float> rows = {1, 1, 9, 9, 0.9F, 1, 1, 1, 9, 9, 0.8F, 2};
  auto options = options_for(0);
  EXPECT_EQ(decode_rows(rows, options).size(), 2U);
  options.suppression.rivals = Rivals::kAllClasses;
  EXPECT_EQ(decode_rows(rows, options).size(), 1U);
}

TEST(Detectors, EqualScoresStayInTheirOrder) {
  std::vector<float> rows;
  for (int i = 0; i < 20; ++i) {
    rows.insert(rows.end(), {static_cast<float>(20 * i), 0, 10, 10, 0.5F, static_cast<float>(i)});
  }
  const auto found = decode_rows(rows, options_for(0));
  ASSERT_EQ(found.size(), 20U);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(found[i].class_id, i);
}

TEST(Detectors, BoundTheNumberOfCandidatesButKeepTheBest) {
  std::vector<float> rows;
  for (int i = 0; i < 100'000; ++i) {
    const float score = 0.3F + 0.5F * static_cast<float>(i) / 100'000;
    rows.insert(rows.end(), {static_cast<float>(i % 1000) * 20, static_cast<float>(i / 1000) * 20,
                             10, 10, score, 0});
  }
  auto options = options_for(0);
  options.suppression.max_detections = 2;
  const auto found = decode_rows(rows, options);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_NEAR(found[0].box.x, 999 * 20, 1e-3);
  EXPECT_NEAR(found[1].box.x, 998 * 20, 1e-3);
}

TEST(Detectors, RefuseOptionsThatMakeNoSense) {
  auto options = options_for(0);
  options.score_threshold = std::nan("");
  EXPECT_THROW(decode_rows({}, options), Error);
  options = options_for(0);
  options.suppression.max_detections = 0;
  EXPECT_THROW(decode_rows({}, options), Error);
}

TEST(Detectors, NoObjectsIsNoError) {
  EXPECT_TRUE(decode_rows({}, options_for(0)).empty());
}

TEST(NmsByClass, RefusesMoreBoxesThanThereIsRoomFor) {
  EXPECT_THROW(decode("nms-by-class", {make_tensor({12}, {3, 0, 0, 1, 1, 0.9F})}, options_for(2)),
               Error);
  std::vector<float> list(12);
  list[0] = 2;  // room is for one of each class
  EXPECT_THROW(decode("nms-by-class", {make_tensor({12}, list)}, options_for(2)), Error);
}

TEST(NmsByClass, NeedsTheLabels) {
  EXPECT_THAT(message_of([] {
                decode("nms-by-class", {make_tensor({6}, std::vector<float>(6))}, options_for(0));
              }),
              HasSubstr("labels"));
}

/// HailoRT's records with masks: two objects, of which the second's mask lies outside of the
/// buffer.
inference::Tensor make_mask_list() {
  std::string bytes;
  const auto put = [&](auto value) {
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  put(std::uint16_t{2});
  for (int i = 0; i < 2; ++i) {
    for (const float value : {0.25F, 0.125F + 0.5F * static_cast<float>(i), 0.375F,
                              0.1875F + 0.5F * static_cast<float>(i), 0.9F}) {
      put(value);
    }
    put(static_cast<std::uint16_t>(i));
    put(std::uint64_t{16});
    put(std::uint64_t{0});
    put(i == 0 ? std::uint64_t{94} : std::uint64_t{95});
  }
  for (int i = 0; i < 16; ++i) put(static_cast<std::uint8_t>(i % 2));
  return {{"nms", inference::ElementType::kUint8, {static_cast<std::int64_t>(bytes.size())}},
          std::move(bytes)};
}

TEST(NmsWithByteMask, ReadsMasksWithinTheBufferOnly) {
  const auto found = decode("nms-with-byte-mask", {make_mask_list()}, options_for(0));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_NEAR(found[0].box.x, 8, 1e-6);
  EXPECT_NEAR(found[0].box.y, 8, 1e-6);
  EXPECT_EQ(found[0].mask.width, 4);
  EXPECT_EQ(found[0].mask.height, 4);
  EXPECT_THAT(found[0].mask.pixels,
              ::testing::ElementsAre(0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1));
  EXPECT_TRUE(found[1].mask.pixels.empty());
}

TEST(NmsByScore, RefusesAListThatIsCutOff) {
  const inference::Tensor tensor{{"nms", inference::ElementType::kUint8, {3}},
                                 std::vector<std::uint8_t>{9, 0, 0}};
  EXPECT_THROW(decode("nms-by-score", {tensor}, options_for(0)), Error);
}

TEST(Yolov8, KeyPointsThatAreNoNumbersAreNowhere) {
  std::vector<float> row = {10, 10, 8, 8, 0.9F, kNan, 3, 0.5F, 4, 5, 2.0F};
  const auto found = decode("yolov8-pose", {make_tensor({1, 1, 11}, row)}, options_for(1));
  ASSERT_EQ(found.size(), 1U);
  ASSERT_EQ(found[0].keypoints.size(), 2U);
  EXPECT_EQ(found[0].keypoints[0].confidence, 0);
  EXPECT_EQ(found[0].keypoints[1].confidence, 1);
}

}  // namespace
}  // namespace hailstone::vision
