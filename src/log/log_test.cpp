// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "log/log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "log/sink.hpp"

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

TEST(Log, LeavesOutFieldsWithoutAValue) {
  testing::internal::CaptureStderr();
  info("http", "request", {{"model", ""}, {"status", "200"}});
  const std::string out = testing::internal::GetCapturedStderr();
  EXPECT_EQ(out.find("model"), std::string::npos) << out;
  EXPECT_NE(out.find("request status=200"), std::string::npos) << out;
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

std::string seen_line;
std::vector<std::string> seen_fields;

bool remember(Level, std::string_view line, std::span<const Field> fields) {
  seen_line = line;
  for (const auto& field : fields)
    seen_fields.push_back(std::string(field.name) + "=" + field.value);
  return line.find("refused") == std::string_view::npos;
}

TEST(Log, GivesLinesAndFieldsToASinkAndWhatThatDoesNotTakeToStderr) {
  set_sink(remember);
  testing::internal::CaptureStderr();
  info("http", "request", {{"model", "a b"}, {"request", "r1"}});
  warning("http", "refused");
  set_sink(nullptr);
  const std::string out = testing::internal::GetCapturedStderr();
  EXPECT_EQ(seen_line, "http: refused");
  EXPECT_EQ(seen_fields, (std::vector<std::string>{"model=a b", "request=r1"}));
  EXPECT_EQ(out.find("request"), std::string::npos);
  EXPECT_NE(out.find("http: refused"), std::string::npos);
}

TEST(Log, FindsLevelsByName) {
  EXPECT_EQ(find_level("warning"), Level::kWarning);
  EXPECT_FALSE(find_level("WARN"));
}

}  // namespace
}  // namespace hailstone::log
