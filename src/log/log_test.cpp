// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "log/log.hpp"

#include <gtest/gtest.h>

namespace hailstone::log {
namespace {

TEST(Log, AValueCannotForgeALine) {
  testing::internal::CaptureStderr();
  info("http", "request", {{"path", "/a\nerror: http: forged"}, {"status", "200"}});
  const std::string out = testing::internal::GetCapturedStderr();
  EXPECT_NE(out.find("http: request path=\"/a\\nerror: http: forged\" status=200"),
            std::string::npos)
      << out;
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 1);
}

TEST(Log, DropsWhatIsBelowTheLevel) {
  set_level(Level::kError);
  testing::internal::CaptureStderr();
  info("http", "quiet");
  error("http", "loud");
  set_level(Level::kInfo);
  const std::string out = testing::internal::GetCapturedStderr();
  EXPECT_EQ(out.find("quiet"), std::string::npos);
  EXPECT_NE(out.find("loud"), std::string::npos);
}

TEST(Log, FindsLevelsByName) {
  EXPECT_EQ(find_level("warning"), Level::kWarning);
  EXPECT_FALSE(find_level("WARN"));
}

}  // namespace
}  // namespace hailstone::log
