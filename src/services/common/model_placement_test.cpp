// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/model_placement.hpp"

#include <gtest/gtest.h>

#include "core/measurements/measurements.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::services {
namespace {

class PlacementTest : public testing::Test {
 protected:
  void add(const std::string& name, const std::string& engine, const std::string& task = "detect") {
    test_support::TestModel model;
    model.name = name;
    model.engine = engine;
    model.task = task;
    daemon_.files.add(model);
  }
  void measure(const std::string& name, double per_second) {
    daemon_.models.placement().note_speed(
        daemon_.store.require(name),
        {core::SpeedKind::kRuns, per_second, {}, std::chrono::milliseconds(1), {}, 1}, {});
  }
  std::string chosen(const std::string& name) {
    return daemon_.models.choose(name, {}).stored.name.display();
  }

  const test_support::TempStore folder_;
  core::Measurements measurements_{folder_.root() / "measurements.json", "box"};
  test_support::FakeDaemon daemon_{{0, 0, &measurements_},
                                   engines::fake::make_fake_engine("hailo")};
};

TEST_F(PlacementTest, APlainNameStandsForTheVariantThatRunsHereBest) {
  add("net:fake", "fake");
  EXPECT_EQ(chosen("net"), "net:fake");
  add("net:hailo", "hailo");
  EXPECT_EQ(chosen("net"), "net:hailo");
  measure("net:fake", 30);
  EXPECT_EQ(chosen("net"), "net:hailo") << "nobody knows how fast the other one is";
  measure("net:hailo", 20);
  EXPECT_EQ(chosen("net"), "net:fake");
  EXPECT_EQ(chosen("net:hailo"), "net:hailo") << "who says the engine gets it";
  daemon_.models.placement().forget(core::parse_model_name("net:hailo"));
  EXPECT_EQ(chosen("net"), "net:hailo");
}

TEST_F(PlacementTest, WithTheFallbackTheProcessorAnswersWhereTheAcceleratorHasFailed) {
  add("net:fake", "fake");
  add("net:hailo", "hailo");
  ModelPlacement plain(daemon_.store, daemon_.runtime, nullptr);
  ModelPlacement careful(daemon_.store, daemon_.runtime, nullptr, Fallback::kProcessor);
  EXPECT_EQ(careful.require("net").name.display(), "net:hailo");
  for (auto* placement : {&plain, &careful}) {
    placement->note_trouble(daemon_.store.require("net:hailo"));
    placement->note_trouble(daemon_.store.require("net:fake"));
  }
  EXPECT_EQ(careful.require("net").name.display(), "net:fake");
  EXPECT_EQ(plain.require("net").name.display(), "net:hailo") << "nobody has allowed it";
  EXPECT_EQ(careful.require("net:hailo").name.display(), "net:hailo") << "who says it gets it";
}

TEST_F(PlacementTest, AnotherContentHasToBeMeasuredAgain) {
  add("net:fake", "fake");
  add("net:hailo", "hailo");
  measure("net:fake", 30);
  measure("net:hailo", 20);
  add("net:hailo", "hailo", "pose");
  EXPECT_EQ(chosen("net"), "net:hailo");
}

TEST_F(PlacementTest, WhatIsStoredUnderThePlainNameIsAVariantToo) {
  add("net", "fake");
  add("net:hailo", "hailo");
  EXPECT_EQ(chosen("net"), "net:hailo");
  add("talk:7b", "fake", "chat");
  add("talk:7b-hailo", "hailo", "chat");
  EXPECT_EQ(chosen("talk:7b"), "talk:7b");
}

TEST_F(PlacementTest, ATagThatIsNotItsEngineIsNoVariant) {
  add("net:hailo", "fake");
  EXPECT_THROW(chosen("net"), Error);
  add("net", "fake");
  add("net:fake", "fake");
  measure("net", 1);
  measure("net:fake", 9);
  EXPECT_EQ(chosen("net"), "net:latest") << "the same engine under another name is another model";
}

TEST_F(PlacementTest, APullPrefersWhatWasMeasuredFaster) {
  core::CatalogModel model;
  model.name = "net";
  model.task = "detect";
  model.variants.resize(2);
  model.variants[0].engine = "fake";
  model.variants[1].engine = "hailo";
  const core::Catalog catalog({model});
  const auto engine = [&] {
    const auto machine = daemon_.models.placement().machine(catalog);
    return core::choose_variant(catalog.models().front(), machine).engine;
  };
  EXPECT_EQ(engine(), "hailo");
  add("net:fake", "fake");
  add("net:hailo", "hailo");
  measure("net:fake", 30);
  measure("net:hailo", 20);
  EXPECT_EQ(engine(), "fake");
}

}  // namespace
}  // namespace hailstone::services
