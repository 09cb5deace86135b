// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/sources/result_lines.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "support/temp_store.hpp"

namespace hailstone::jobs {
namespace {

class ResultLines : public testing::Test {
 protected:
  void put(const std::string& text) { std::ofstream(file_, std::ios::binary) << text; }
  void append(const std::string& id) { append_result(file_, id, line_of(id)); }
  static std::string line_of(const std::string& id) { return R"({"job_id":")" + id + R"("})"; }
  std::string text() const {
    std::ifstream in(file_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  test_support::TempStore folder_;
  const std::filesystem::path file_ = folder_.root() / "results.jsonl";
};

TEST_F(ResultLines, EachJobHasOne) {
  append("a");
  append("b");
  append("a");
  EXPECT_EQ(text(), line_of("a") + "\n" + line_of("b") + "\n");
}

TEST_F(ResultLines, ALineThatWasTornIsCompleted) {
  for (std::size_t length = 0; length <= line_of("b").size(); ++length) {
    put(line_of("a") + "\n" + line_of("b").substr(0, length));
    append("b");
    EXPECT_EQ(text(), line_of("a") + "\n" + line_of("b") + "\n") << length;
  }
}

TEST_F(ResultLines, WhatSomebodyElseHasWrittenStays) {
  put("a remark");
  append("a");
  EXPECT_EQ(text(), "a remark\n" + line_of("a") + "\n");
}

}  // namespace
}  // namespace hailstone::jobs
