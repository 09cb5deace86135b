// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/people/nearest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hailstone::core {
namespace {

People two_people() {
  People people;
  people.people.push_back({"ann", {}, {{"m", "w1", {1, 0, 0}, {}}, {"m", "w1", {0, 1, 0}, {}}}});
  people.people.push_back({"bob", {}, {{"n", "w2", {0, 0, 1}, {}}, {"m", "w1", {0, 0, 1}, {}}}});
  return people;
}

TEST(FindNearest, TakesTheBestOfAPersonsFaces) {
  const People people = two_people();
  const std::vector<float> face = {0.6F, 0.8F, 0};
  const auto nearest = find_nearest(people, "w1", face);
  ASSERT_NE(nearest.person, nullptr);
  EXPECT_EQ(nearest.person->name, "ann");
  EXPECT_NEAR(nearest.similarity, 0.8, 1e-6);
}

TEST(FindNearest, AnswersHoweverUnlikeTheFaceIs) {
  People people = two_people();
  people.people.resize(1);
  people.people[0].faces.resize(1);
  const std::vector<float> face = {-1, 0, 0};
  EXPECT_EQ(find_nearest(people, "w1", face).similarity, -1);
}

TEST(FindNearest, NeverComparesWithAnotherNetworksFaces) {
  const People people = two_people();
  const std::vector<float> face = {0, 0, 1};
  EXPECT_EQ(find_nearest(people, "w3", face).person, nullptr);
  EXPECT_EQ(find_nearest(people, "w2", face).person->name, "bob");
  const std::vector<float> shorter = {0, 1};
  EXPECT_EQ(find_nearest(people, "w1", shorter).person, nullptr);
  EXPECT_THAT(other_models(people, "w1"), testing::ElementsAre("n"));
}

}  // namespace
}  // namespace hailstone::core
