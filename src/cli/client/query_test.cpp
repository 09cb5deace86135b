// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/client/query.hpp"

#include <gtest/gtest.h>

namespace hailstone::cli {
namespace {

TEST(Query, EncodesWhatIsNotPlainAndLeavesOutWhatIsEmpty) {
  EXPECT_EQ(make_target("/api/detect", {}), "/api/detect");
  EXPECT_EQ(make_target("/x", {{"model", ""}, {"a", "1.5"}, {"b", "~_-"}}), "/x?a=1.5&b=~_-");
  EXPECT_EQ(make_target("/x", {{"labels", "a cat,\u00e9t\u00e9&c=#%+"}}),
            "/x?labels=a%20cat%2C%C3%A9t%C3%A9%26c%3D%23%25%2B");
}

}  // namespace
}  // namespace hailstone::cli
