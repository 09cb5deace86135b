// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/chip/library.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hailstone::engines::hailo {
namespace {

using testing::HasSubstr;

TEST(HailoLibrary, TakesTheAdapterOfItsVersionOrOfItsMinor) {
  const std::vector<std::string> adapters = {"5.1.1", "5.2.0", "standin"};
  EXPECT_EQ(choose_adapter(adapters, "5.2.0"), "5.2.0");
  EXPECT_EQ(choose_adapter(adapters, "5.2.3"), "5.2.0");
  EXPECT_EQ(choose_adapter(adapters, "5.4.0"), std::nullopt);
  EXPECT_EQ(choose_adapter(adapters, "6.2.0"), std::nullopt);
  EXPECT_EQ(choose_adapter(adapters, "nonsense"), std::nullopt);
}

TEST(HailoLibrary, ReadsVersions) {
  EXPECT_EQ(parse_version("5.2"), (std::vector<int>{5, 2, 0}));
  EXPECT_EQ(parse_version("5.2.1"), (std::vector<int>{5, 2, 1}));
  EXPECT_EQ(parse_version("5"), std::nullopt);
  EXPECT_EQ(parse_version("5.x.1"), std::nullopt);
  EXPECT_EQ(parse_version("5.2.1.4"), std::nullopt);
}

TEST(HailoLibrary, SaysWhatToInstallWhereThereIsNone) {
  LibraryOptions options;
  options.search = {"/nonexistent"};
  Library library(options);
  EXPECT_EQ(library.open().runtime, nullptr);
  EXPECT_THAT(library.open().reason, HasSubstr("hailo-h10-all"));
}

TEST(HailoLibrary, NamesAFileThatIsNoHailoRt) {
  LibraryOptions options;
  options.library = "libc.so.6";
  EXPECT_THAT(Library(options).open().reason, HasSubstr("libc.so.6 is no HailoRT"));
  options.library = "/nonexistent/libhailort.so.5.2.0";
  EXPECT_THAT(Library(options).open().reason, HasSubstr("/nonexistent/libhailort.so.5.2.0"));
}

}  // namespace
}  // namespace hailstone::engines::hailo
