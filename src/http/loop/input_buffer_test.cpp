// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/loop/input_buffer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace hailstone::http {
namespace {

void write(InputBuffer& buffer, InputBuffer::Space space, const std::string& text) {
  ASSERT_GE(space.size, text.size());
  std::memcpy(space.data, text.data(), text.size());
  buffer.commit(text.size());
}

TEST(InputBuffer, KeepsBytesInPlaceWhileMoreAreOnTheirWay) {
  InputBuffer buffer;
  write(buffer, buffer.prepare(1024), "first");
  const auto space = buffer.prepare(1024);
  buffer.consume(5);
  EXPECT_TRUE(buffer.empty());
  write(buffer, space, "second");
  EXPECT_EQ(buffer.bytes(), "second");
}

TEST(InputBuffer, GrowsToItsLimitAndNotBeyond) {
  InputBuffer buffer;
  std::string all;
  while (buffer.size() < 10'000) {
    const auto space = buffer.prepare(10'000);
    const std::string text(std::min<std::size_t>(space.size, 777),
                           static_cast<char>('a' + all.size() % 26));
    write(buffer, space, text);
    all += text;
  }
  EXPECT_EQ(buffer.size(), 10'000U);
  EXPECT_EQ(buffer.bytes(), all);
  buffer.consume(9'999);
  write(buffer, buffer.prepare(10'000), "x");
  EXPECT_EQ(buffer.bytes(), all.substr(9'999) + "x");
  buffer.consume(2);
  buffer.release();
  write(buffer, buffer.prepare(10'000), "again");
  EXPECT_EQ(buffer.bytes(), "again");
}

}  // namespace
}  // namespace hailstone::http
