// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/programs/server_version.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace hailstone::engines::llama {
namespace {

namespace fs = std::filesystem;

TEST(ServerVersion, ReadsTheFirstWordOfTheLine) {
  EXPECT_EQ(version_in("version: 0.7.0 (build 11669, commit Debian)"), "0.7.0");
  EXPECT_EQ(version_in("version: 4242 (1a2b3c)"), "4242");
  EXPECT_EQ(version_in("version: 7"), "7");
  EXPECT_EQ(version_in("built with GNU 16.2.0 for Linux x86_64"), "");
  EXPECT_EQ(version_in(""), "");
}

class ServerVersionOf : public testing::Test {
 protected:
  ServerVersionOf() : program_(fs::temp_directory_path() / name()) {}
  ~ServerVersionOf() override { fs::remove(program_); }

  static std::string name() { return "hailstone-version-" + std::to_string(::getpid()); }
  /// age: how much earlier than now it was written, so that two writes differ for sure.
  void write(const std::string& script, std::chrono::seconds age) const {
    fs::remove(program_);
    std::ofstream(program_) << "#!/bin/sh\n" << script << '\n';
    fs::permissions(program_, fs::perms::owner_all);
    fs::last_write_time(program_, fs::file_time_type::clock::now() - age);
  }
  std::string ask() { return version_.of({{program_}, {}}); }

  const fs::path program_;
  ServerVersion version_;
};

TEST_F(ServerVersionOf, AsksTheProgramAndAgainWhenItIsReplaced) {
  write("[ \"$1\" = --version ] && echo 'version: 1.2 (x)' >&2", std::chrono::seconds(60));
  EXPECT_EQ(ask(), "1.2");
  EXPECT_EQ(ask(), "1.2");
  write("echo 'version: 1.3 (y)'", std::chrono::seconds(30));
  EXPECT_EQ(ask(), "1.3");
}

TEST_F(ServerVersionOf, IsEmptyWhereTheProgramDoesNotSay) {
  EXPECT_EQ(ask(), "");
  write("exit 1", std::chrono::seconds(30));
  EXPECT_EQ(ask(), "");
}

}  // namespace
}  // namespace hailstone::engines::llama
