// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cmath>

#include "base/error.hpp"
#include "support/golden.hpp"
#include "vision/scores/class_scores.hpp"
#include "vision/scores/embedding.hpp"

namespace hailstone::vision {
namespace {

using testing::make_tensor;

const std::filesystem::path kGolden =
    std::filesystem::path(HAILSTONE_ROOM_DIR) / "testdata/golden/scores";

void expect_near(std::span<const float> found, std::span<const float> expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-5);
}

TEST(ClassScores, AgreeWithTheReference) {
  const auto expected = testing::read_floats(kGolden / "softmax.npy");
  expect_near(read_probabilities(testing::read_npy(kGolden / "logits.npy")), expected);
  expect_near(read_probabilities(testing::read_npy(kGolden / "softmax.npy")), expected);
}

TEST(ClassScores, AreNeverNan) {
  const auto scores = read_probabilities(make_tensor({1, 4}, {NAN, 1000, INFINITY, -1000}));
  expect_near(scores, std::vector<float>{0, 1, 0, 0});
  EXPECT_THROW(read_probabilities(make_tensor({2}, {NAN, NAN})), Error);
  EXPECT_THROW(read_probabilities(make_tensor({0}, {})), Error);
}

TEST(ClassScores, TheBestComeFirst) {
  const std::vector<float> scores = {0.1F, 0.4F, 0.1F, 0.4F};
  const auto top = top_classes(scores, 3);
  ASSERT_EQ(top.size(), 3U);
  EXPECT_EQ(top[0].class_id, 1);
  EXPECT_EQ(top[1].class_id, 3);
  EXPECT_EQ(top[2].class_id, 0);
  EXPECT_EQ(top_classes(scores, 99).size(), 4U);
  EXPECT_TRUE(top_classes(scores, -1).empty());
}

TEST(Embedding, AgreesWithTheReference) {
  const auto vectors = testing::read_floats(kGolden / "vectors.npy");
  const auto units = testing::read_floats(kGolden / "unit.npy");
  std::vector<std::vector<float>> found;
  for (std::size_t i = 0; i < 4; ++i) {
    found.push_back(read_embedding(
        make_tensor({1, 16}, {vectors.begin() + 16 * i, vectors.begin() + 16 * (i + 1)})));
    expect_near(found.back(), std::span(units).subspan(16 * i, 16));
  }
  expect_near(compare_prompts(found[0], {found.begin() + 1, found.end()}),
              testing::read_floats(kGolden / "prompts.npy"));
}

TEST(Embedding, RefusesWhatIsNoDirection) {
  EXPECT_THROW(read_embedding(make_tensor({3}, {0, 0, 0})), Error);
  EXPECT_THROW(read_embedding(make_tensor({2}, {1, NAN})), Error);
  EXPECT_THROW(cosine(std::vector<float>{1}, std::vector<float>{1, 2}), Error);
  EXPECT_EQ(cosine(std::vector<float>{0, 0}, std::vector<float>{1, 2}), 0);
}

}  // namespace
}  // namespace hailstone::vision
