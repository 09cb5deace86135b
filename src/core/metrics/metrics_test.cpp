// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/metrics/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hailstone::core {
namespace {

using testing::HasSubstr;

TEST(Metrics, ShowsWhatWasCountedUnderItsLabels) {
  Metrics metrics;
  metrics.counter("hailstone_requests_total", "Requests.", {{"status", "200"}}).add();
  metrics.counter("hailstone_requests_total", "Requests.", {{"status", "200"}}).add(2);
  metrics.histogram("hailstone_seconds", "Time.", {0.1, 1}).observe(0.5);
  const std::string text = metrics.expose();
  EXPECT_THAT(text, HasSubstr("# TYPE hailstone_requests_total counter"));
  EXPECT_THAT(text, HasSubstr("hailstone_requests_total{status=\"200\"} 3"));
  EXPECT_THAT(text, HasSubstr("hailstone_seconds_bucket{le=\"1\"} 1"));
}

TEST(Metrics, CollectorsSetGaugesAtTheMomentOfAsking) {
  Metrics metrics;
  int value = 1;
  metrics.add_collector([&] { metrics.gauge("hailstone_models", "Resident.").set(value); });
  EXPECT_THAT(metrics.expose(), HasSubstr("hailstone_models 1"));
  value = 7;
  EXPECT_THAT(metrics.expose(), HasSubstr("hailstone_models 7"));
}

}  // namespace
}  // namespace hailstone::core
