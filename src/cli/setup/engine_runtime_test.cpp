// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/setup/engine_runtime.hpp"

#include <gtest/gtest.h>

namespace hailstone::cli {
namespace {

std::string folder(core::Environment environment, bool is_root) {
  core::ConfigInput input;
  input.environment = environment;
  input.etc = "/nowhere";
  return engine_runtime_folder(core::load_settings(input), environment, is_root);
}

TEST(EngineRuntimeFolder, IsTheServicesOwnForTheServiceAndForRoot) {
  EXPECT_EQ(folder({{"HOME", "/srv"}, {"STATE_DIRECTORY", "/var/lib/hailstone-vision"}}, false),
            "/var/lib/hailstone-vision/engine-runtime");
  EXPECT_EQ(folder({{"HOME", "/root"}}, true), "/var/lib/hailstone/engine-runtime");
}

TEST(EngineRuntimeFolder, IsTheUsersForAnybodyElseAndTheNamedOneForAll) {
  EXPECT_TRUE(folder({{"HOME", "/home/ada"}}, false).starts_with("/home/ada/.local/share/"));
  const core::Environment named = {{"HOME", "/root"}, {"HAILSTONE_ENGINE_RUNTIME", "/opt/engines"}};
  EXPECT_EQ(folder(named, true), "/opt/engines");
  EXPECT_EQ(folder(named, false), "/opt/engines");
}

}  // namespace
}  // namespace hailstone::cli
