// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/text/reply_reader.hpp"

#include <gtest/gtest.h>

namespace hailstone::engines::hailo {
namespace {

struct Read {
  std::string text;
  std::string thoughts;
  std::vector<inference::ToolCallPiece> calls;
  std::optional<std::string> stop;
};

ReplyMarks marks() {
  ReplyMarks marks;
  marks.ends = {"<|im_end|>", "<|im_end|>\n"};
  marks.has_thoughts = true;
  marks.has_calls = true;
  return marks;
}

void add(Read& read, inference::TextChunk&& chunk) {
  read.text += chunk.text;
  read.thoughts += chunk.thinking;
  for (auto& call : chunk.tool_calls) read.calls.push_back(call);
}

/// In pieces of so many bytes.
Read read(const std::string& text, ReplyMarks marks, std::size_t size) {
  ReplyReader reader(std::move(marks));
  Read read;
  for (std::size_t at = 0; at < text.size(); at += size) {
    add(read, reader.push(std::string_view(text).substr(at, size)));
  }
  add(read, reader.finish());
  read.stop = reader.stop_text();
  return read;
}

TEST(ReplyReader, TakesARepliesPartsApartHoweverItComes) {
  const std::string text =
      "<think>\nhm, so\n</think>\n\nIt is "
      "<b>.\n<tool_call>\n{\"name\":\"f\",\"arguments\":{\"a\":1}}"
      "\n</tool_call><|im_end|>\nand more";
  for (const std::size_t size : {1U, 2U, 3U, 7U, 1000U}) {
    const Read got = read(text, marks(), size);
    EXPECT_EQ(got.text, "It is <b>.\n") << size;
    EXPECT_EQ(got.thoughts, "hm, so\n") << size;
    ASSERT_EQ(got.calls.size(), 1U) << size;
    EXPECT_EQ(got.calls[0].name, "f");
    EXPECT_EQ(got.calls[0].arguments, "{\"a\":1}");
    EXPECT_EQ(got.calls[0].index, 0);
    EXPECT_FALSE(got.calls[0].id.empty());
  }
}

TEST(ReplyReader, AStopTextEndsItAndIsNotShown) {
  auto with_stop = marks();
  with_stop.stops = {"STOP", "never"};
  for (const std::size_t size : {1U, 4U, 100U}) {
    const Read got = read("one two STOP three", with_stop, size);
    EXPECT_EQ(got.text, "one two ");
    EXPECT_EQ(got.stop, "STOP");
  }
  EXPECT_EQ(read("one STO", with_stop, 1).text, "one STO");
}

TEST(ReplyReader, WhatIsNoCallIsShown) {
  EXPECT_EQ(read("<tool_call>nonsense</tool_call>", marks(), 3).text,
            "<tool_call>nonsense</tool_call>");
  EXPECT_EQ(read("<tool_call>cut", marks(), 3).text, "<tool_call>cut");
}

TEST(ReplyReader, ABareObjectMayBeACall) {
  ReplyMarks bare;
  bare.ends = {"<|eot_id|>"};
  bare.is_bare_call = true;
  const Read call = read("{\"name\":\"f\",\"parameters\":{}}<|eot_id|>", bare, 5);
  ASSERT_EQ(call.calls.size(), 1U);
  EXPECT_EQ(call.text, "");
  EXPECT_EQ(read("{\"x\":1}", bare, 5).text, "{\"x\":1}");
  EXPECT_EQ(read("text {", bare, 5).text, "text {");
}

TEST(ReplyReader, WithoutMarksNothingIsChanged) {
  EXPECT_EQ(read("  <think> <tool_call>", {}, 2).text, "  <think> <tool_call>");
}

}  // namespace
}  // namespace hailstone::engines::hailo
