// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "inference/engines/engine_descriptor.hpp"

#include <gtest/gtest.h>

#include <set>

namespace hailstone::inference {
namespace {

TEST(EngineDescriptor, EachKnownEngineHasANameAndNoTwoClaimAFormat) {
  std::set<std::string> names;
  std::set<std::string> formats;
  for (const auto& engine : known_engines()) {
    EXPECT_TRUE(is_engine_word(engine.name)) << engine.name;
    EXPECT_TRUE(names.insert(engine.name).second) << engine.name;
    EXPECT_FALSE(engine.description.empty()) << engine.name;
    for (const auto& format : engine.formats) {
      EXPECT_TRUE(formats.insert(format).second) << format;
      EXPECT_EQ(engine_of_format(format), engine.name);
    }
  }
}

TEST(EngineDescriptor, AFormatThatNobodyClaimsIsRunByTheEngineOfItsName) {
  EXPECT_EQ(engine_of_format("gguf"), "llama");
  EXPECT_EQ(engine_of_format("upper"), "upper");
  EXPECT_EQ(find_known_engine("upper"), nullptr);
  EXPECT_EQ(find_known_engine("hailo")->accelerator, "npu");
}

TEST(EngineDescriptor, WordsAreNoPathsAndNoOptions) {
  EXPECT_TRUE(is_engine_word("my-engine2"));
  for (const char* bad : {"", "-x", "a/b", "..", "A", "a b"}) EXPECT_FALSE(is_engine_word(bad));
  EXPECT_FALSE(is_engine_word(std::string(33, 'a')));
}

}  // namespace
}  // namespace hailstone::inference
