// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "services/work/brokers/postgres_tables.hpp"
#include "services/work/brokers/wire.hpp"

namespace hailstone::jobs {
namespace {

using testing::HasSubstr;

ResultColumns columns(const std::string& type, const std::string& body) {
  return columns_of({true, type, body, {}});
}

TEST(ResultColumns, JsonAndTextAreJsonAndTheRestIsBytes) {
  EXPECT_EQ(columns("application/json; charset=utf-8", R"({"a":1})").json, R"({"a":1})");
  EXPECT_FALSE(columns("application/json", R"({"a":1})").is_bytes);
  EXPECT_EQ(columns("text/plain", "say \"hi\"").json, R"("say \"hi\"")");
  EXPECT_TRUE(columns("image/png", "\x89PNG").is_bytes);
  EXPECT_TRUE(columns("application/json", "broken").is_bytes);
}

TEST(ResultColumns, WhatJsonbDoesNotTakeIsBytes) {
  EXPECT_TRUE(columns("application/json", R"({"a":"\u0000"})").is_bytes);
  EXPECT_TRUE(columns("text/plain", std::string("a\0b", 3)).is_bytes);
  EXPECT_TRUE(columns("text/plain", "\xff").is_bytes);
}

TEST(BrokerWire, AnAnswerThatIsTooLargeIsAFailureThatSaysSo) {
  const auto told =
      too_large("x-1", {true, "image/png", std::string(3 << 20, 'x'), {}}, ByteSize::mib(1));
  EXPECT_FALSE(told.is_good);
  EXPECT_THAT(told.body, HasSubstr(R"("code":"too_large")"));
  EXPECT_THAT(told.reason, HasSubstr("1.0 MiB"));
}

}  // namespace
}  // namespace hailstone::jobs
