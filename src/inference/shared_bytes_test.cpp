// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "inference/shared_bytes.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hailstone::inference {
namespace {

TEST(SharedBytes, TakesAVectorOverWithoutACopy) {
  std::vector<float> values{1, 2, 3};
  const void* where = values.data();
  const SharedBytes bytes(std::move(values));
  EXPECT_EQ(bytes.size(), 12U);
  EXPECT_EQ(bytes.data(), where);
}

TEST(SharedBytes, CopiesAndPartsKeepThemAlive) {
  const auto kept = std::make_shared<const std::string>("abcdef");
  SharedBytes part;
  {
    const SharedBytes all(kept, std::as_bytes(std::span(*kept)));
    part = all.part(2, 3);
    EXPECT_EQ(kept.use_count(), 3);
  }
  EXPECT_EQ(kept.use_count(), 2);
  EXPECT_EQ(part, SharedBytes(std::string("cde")));
  part = {};
  EXPECT_EQ(kept.use_count(), 1);
  EXPECT_TRUE(part.empty());
}

TEST(SharedBytes, AreEqualByWhatTheySay) {
  EXPECT_EQ(SharedBytes(std::string("ab")), SharedBytes(std::vector<char>{'a', 'b'}));
  EXPECT_FALSE(SharedBytes(std::string("ab")) == SharedBytes(std::string("ac")));
  EXPECT_FALSE(SharedBytes(std::string("ab")) == SharedBytes());
}

}  // namespace
}  // namespace hailstone::inference
