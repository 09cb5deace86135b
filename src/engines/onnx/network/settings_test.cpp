// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/onnx/network/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hailstone::engines::onnx {
namespace {

using inference::LoadOptions;
using inference::ModelSpec;

ModelSpec spec_with(std::map<std::string, std::string> settings) {
  ModelSpec spec;
  spec.name = "net";
  spec.settings = std::move(settings);
  return spec;
}

TEST(Settings, TheLoadsThreadsComeBeforeTheManifestsAndThoseBeforeOurs) {
  LoadOptions wish;
  EXPECT_EQ(read_settings(spec_with({}), wish, 3).threads, 3);
  EXPECT_EQ(read_settings(spec_with({{"threads", "2"}}), wish, 3).threads, 2);
  EXPECT_EQ(read_settings(spec_with({{"threads", "0"}}), wish, 3).threads, 3);
  wish.threads = 1;
  EXPECT_EQ(read_settings(spec_with({{"threads", "2"}}), wish, 3).threads, 1);
  wish.threads = 1'000'000;
  EXPECT_LE(read_settings(spec_with({}), wish, 3).threads, 64);
}

TEST(Settings, OptimisationHasWords) {
  EXPECT_EQ(read_settings(spec_with({}), {}, 1).optimisation, Optimisation::kAll);
  EXPECT_EQ(read_settings(spec_with({{"optimisation", "none"}}), {}, 1).optimisation,
            Optimisation::kNone);
}

TEST(Settings, ThatMakeNoSenseAreNamed) {
  for (const char* threads : {"", "two", "-1", "65", "1 "}) {
    try {
      read_settings(spec_with({{"threads", threads}}), {}, 1);
      ADD_FAILURE() << threads;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
      EXPECT_EQ(error.what(), "model net: setting threads: a number from 0 to 64 expected, got '" +
                                  std::string(threads) + "'");
    }
  }
  EXPECT_THROW(read_settings(spec_with({{"optimisation", "99"}}), {}, 1), Error);
  EXPECT_THROW(read_settings(spec_with({{"input", "nchw"}}), {}, 1), Error);
}

}  // namespace
}  // namespace hailstone::engines::onnx
