// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/file_format.hpp"

#include <gmock/gmock.h>

namespace hailstone::formats {
namespace {

using namespace std::string_view_literals;

TEST(FileFormats, AreKnownByTheirFirstBytes) {
  EXPECT_EQ(find_format("GGUF\3\0\0\0"sv), FileFormat::kGguf);
  EXPECT_EQ(find_format("\x01HEF\0\0\0\2"sv), FileFormat::kHef);
  EXPECT_EQ(find_format("lmgg\0\0"sv), FileFormat::kGgml);
  EXPECT_EQ(find_format("\x08\x07\x12\x07pytorch"sv), FileFormat::kOnnx);
  EXPECT_EQ(find_format("\x08\x0a:\x80\x80"sv), FileFormat::kOnnx);
  EXPECT_EQ(find_format("\x10\x02\0\0\0\0\0\0{\"a\":"sv), FileFormat::kSafetensors);
  for (const auto bytes : {""sv, "GGU"sv, "hello"sv, "\x08\x07"sv, "\x08\x08\x08"sv}) {
    EXPECT_EQ(find_format(bytes), FileFormat::kUnknown);
  }
}

TEST(FileFormats, WhatPeopleDownloadInsteadOfAModelIsNamedAsSuch) {
  for (const auto bytes : {"<!DOCTYPE html>"sv, "\n\n<!doctype html"sv, "<html lang=\"en\""sv,
                           "\xEF\xBB\xBF<!DOCTYPE htm"sv}) {
    EXPECT_EQ(find_format(bytes), FileFormat::kWebPage) << bytes;
  }
  EXPECT_EQ(find_format("version https://git-lfs.github.com/spec/v1\n"sv.substr(0, kFormatBytes)),
            FileFormat::kGitPointer);
  EXPECT_EQ(find_format("<svg xmlns="sv), FileFormat::kUnknown);
  EXPECT_EQ(explain(FileFormat::kWebPage).what, "is a web page, not a model");
  EXPECT_THAT(std::string(explain(FileFormat::kGitPointer).help),
              ::testing::HasSubstr("git lfs pull"));
  EXPECT_THAT(std::string(explain(FileFormat::kUnknown).what), ::testing::HasSubstr("no model"));
}

}  // namespace
}  // namespace hailstone::formats
