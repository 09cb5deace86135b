// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "os/files/regular_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>
#include <string>

#include "base/error.hpp"
#include "os/unix_socket.hpp"

namespace hailstone::os {
namespace {

using ::testing::HasSubstr;

Error error_of(const std::filesystem::path& path) {
  try {
    open_regular_file(path);
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << path << " was opened";
  return Error(ErrorCode::kInternal, "none");
}

TEST(RegularFile, IsReadAsStreamAndAsMemory) {
  const RuntimeDirectory directory("/tmp");
  const auto path = directory.path() / "file";
  std::ofstream(path) << "hail";
  std::string text;
  open_regular_stream(path) >> text;
  EXPECT_EQ(text, "hail");
  const MappedFile mapped(path);
  ASSERT_EQ(mapped.bytes().size(), 4U);
  EXPECT_EQ(std::memcmp(mapped.bytes().data(), "hail", 4), 0);
  std::ofstream(directory.path() / "empty").flush();
  EXPECT_TRUE(MappedFile(directory.path() / "empty").bytes().empty());
}

TEST(RegularFile, WhatIsNoneIsRefusedAndNeverWaitedFor) {
  const RuntimeDirectory directory("/tmp");
  const auto pipe = directory.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THAT(error_of(pipe).what(), HasSubstr("is a pipe, not a file"));
  EXPECT_THAT(error_of(directory.path()).what(), HasSubstr("is a folder, not a file"));
  EXPECT_THAT(error_of("/dev/zero").what(), HasSubstr("is a device, not a file"));
  EXPECT_EQ(error_of("/dev/zero").code(), ErrorCode::kBadRequest);
  EXPECT_EQ(error_of(directory.path() / "missing").code(), ErrorCode::kNotFound);
  const auto link = directory.path() / "link";
  std::filesystem::create_symlink(pipe, link);
  EXPECT_THAT(error_of(link).what(), HasSubstr("is a pipe, not a file"));
}

}  // namespace
}  // namespace hailstone::os
