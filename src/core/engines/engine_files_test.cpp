// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engines/engine_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "base/error.hpp"

namespace hailstone::core {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

std::string problem_of(const std::string& text) {
  try {
    parse_engine_file(text, "/etc/engines.d/mine.toml");
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST(EngineFiles, AFileSaysAllThereIsToSay) {
  const auto engine = parse_engine_file(R"(
name = "mine"
description = "an engine of mine"
command = ["bin/host", "--fast"]
formats = ["mine", "mine-2"]
tasks = ["detect"]
scope = "shared"
accelerator = "npu"
start_limit = 5
stall_limit = 60
[environment]
LEVEL = "3"
[exclusive]
chat = "language"
)",
                                        "/etc/engines.d/mine.toml");
  EXPECT_EQ(engine.name, "mine");
  EXPECT_THAT(engine.command, ElementsAre("/etc/engines.d/bin/host", "--fast"));
  EXPECT_THAT(engine.formats, ElementsAre("mine", "mine-2"));
  EXPECT_EQ(engine.scope, inference::HostScope::kShared);
  EXPECT_EQ(engine.accelerator, "npu");
  EXPECT_EQ(engine.environment.at("LEVEL"), "3");
  EXPECT_EQ(engine.exclusive_groups.at("chat"), "language");
  EXPECT_EQ(engine.start_limit, std::chrono::seconds(5));
}

TEST(EngineFiles, WhatIsWrongIsNamedWithItsPlace) {
  const std::string good = "name = \"mine\"\ncommand = [\"/bin/host\"]\n";
  EXPECT_EQ(problem_of(good), "none");
  EXPECT_THAT(problem_of("name = "), HasSubstr("/etc/engines.d/mine.toml:1"));
  EXPECT_THAT(problem_of("name = \"mine\""), HasSubstr("command"));
  EXPECT_THAT(problem_of("name = \"../x\"\ncommand = [\"/bin/host\"]"), HasSubstr("name"));
  EXPECT_THAT(problem_of("name = \"llama\"\ncommand = [\"/bin/host\"]"),
              HasSubstr("an engine of the program itself"));
  EXPECT_THAT(problem_of(good + "comand = 1"), HasSubstr("comand"));
  EXPECT_THAT(problem_of(good + "scope = \"all\""), HasSubstr("scope"));
  EXPECT_THAT(problem_of(good + "stall_limit = -1"), HasSubstr("stall_limit"));
  EXPECT_THAT(problem_of("name = \"mine\"\ncommand = \"/bin/host\""), HasSubstr("command"));
}

TEST(EngineFiles, ABadFileIsLeftOutAndALaterFolderWins) {
  const fs::path root = fs::temp_directory_path() / ("engines-" + std::to_string(::getpid()));
  const auto write = [&](const std::string& where, const std::string& text) {
    fs::create_directories((root / where).parent_path());
    std::ofstream(root / where) << text;
  };
  write("system/a.toml", "name = \"one\"\ncommand = [\"/bin/old\"]");
  write("system/b.toml", "name = ");
  write("system/c.toml", "name = \"two\"\ncommand = [\"/bin/two\"]");
  write("home/a.toml", "name = \"one\"\ncommand = [\"/bin/new\"]");
  const auto engines = read_engine_files({root / "system", root / "home", root / "missing"});
  ASSERT_EQ(engines.size(), 2U);
  EXPECT_THAT(engines[0].command, ElementsAre("/bin/new"));
  EXPECT_EQ(engines[1].name, "two");
  fs::remove_all(root);
}

}  // namespace
}  // namespace hailstone::core
