// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/files/labels.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hailstone::cli {
namespace {

using ::testing::ElementsAre;

TEST(Labels, AreAPythonDictionaryInOrder) {
  EXPECT_THAT(find_labels("{0: 'cat', 1: \"dog's\"}").value(), ElementsAre("cat", "dog's"));
  for (const char* text : {"", "{}", "[]", "{1: 'a'}", "{0: 'a', 2: 'b'}", "{0: a}", "{0: 'a}",
                           "{'0': 'a'}", "{0 'a'}", "{0:"}) {
    EXPECT_FALSE(find_labels(text)) << text;
  }
}

}  // namespace
}  // namespace hailstone::cli
