// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/human_count.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace hailstone::services {
namespace {

TEST(HumanCount, IsAsShortAsOllamas) {
  for (const auto& [count, text] :
       std::vector<std::pair<std::uint64_t, std::string>>{{0, "0"},
                                                          {999, "999"},
                                                          {260'000, "260K"},
                                                          {4'720'000, "4.72M"},
                                                          {137'000'000, "137M"},
                                                          {1'200'000'000, "1.2B"},
                                                          {7'000'000'000, "7B"},
                                                          {1'500'000'000'000, "1.5T"}}) {
    EXPECT_EQ(human_count(count), text);
  }
}

}  // namespace
}  // namespace hailstone::services
