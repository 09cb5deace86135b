// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/programs/runtime_tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engines/llama/testing/micro_gguf.hpp"

namespace hailstone::engines::llama {
namespace {

namespace fs = std::filesystem;

#if defined(__aarch64__)
constexpr const char* kLibrary = "usr/lib/aarch64-linux-gnu";
constexpr const char* kLoader = "usr/lib/ld-linux-aarch64.so.1";
#else
constexpr const char* kLibrary = "usr/lib/x86_64-linux-gnu";
constexpr const char* kLoader = "usr/lib64/ld-linux-x86-64.so.2";
#endif

void put(const fs::path& file) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << "#!/bin/sh\n";
  fs::permissions(file, fs::perms::owner_all);
}

class RuntimeTree : public ::testing::Test {
 protected:
  void SetUp() override {
    put(tree_ / kLoader);
    put(tree_ / "usr/bin/llama-server");
    fs::create_directories(tree_ / kLibrary / "ggml/backends0");
    put(tree_ / "COMPLETE");
  }
  const testing::TempFile anchor_{"anchor", ""};
  const fs::path tree_ = anchor_.path().parent_path() / "tree";
};

TEST_F(RuntimeTree, StartsThroughItsOwnLoader) {
  const auto command = find_in_tree(tree_);
  ASSERT_TRUE(command);
  EXPECT_EQ(command->argv.front(), tree_ / kLoader);
  EXPECT_EQ(command->argv.back(), tree_ / "usr/bin/llama-server");
  EXPECT_EQ(command->working_directory, tree_ / kLibrary / "ggml/backends0");
}

TEST_F(RuntimeTree, TakesTheNewestBackends) {
  fs::create_directories(tree_ / kLibrary / "ggml/backends1");
  EXPECT_EQ(find_in_tree(tree_)->working_directory.filename(), "backends1");
}

TEST_F(RuntimeTree, AnIncompleteTreeIsNone) {
  for (const char* part : {"COMPLETE", kLoader, "usr/bin/llama-server"}) {
    fs::remove(tree_ / part);
    EXPECT_FALSE(find_in_tree(tree_)) << part;
    SetUp();
  }
  fs::remove(tree_ / kLibrary / "ggml/backends0");
  EXPECT_FALSE(find_in_tree(tree_));
}

TEST_F(RuntimeTree, AServerOfTheUsersOwnComesFirst) {
  const fs::path own = tree_ / "own";
  put(own);
  EXPECT_EQ(find_server(own, {tree_})->argv, std::vector<std::string>{own});
  EXPECT_FALSE(find_server("/nonexistent/llama-server", {tree_}));
  EXPECT_EQ(find_server({}, {"/nonexistent", tree_})->argv.front(), tree_ / kLoader);
}

TEST_F(RuntimeTree, LooksOnThePath) {
  const std::string path = ":/nonexistent:" + (tree_ / "usr/bin").native();
  EXPECT_EQ(find_on_path("llama-server", path), tree_ / "usr/bin/llama-server");
  EXPECT_FALSE(find_on_path("no-such-program", path));
}

}  // namespace
}  // namespace hailstone::engines::llama
