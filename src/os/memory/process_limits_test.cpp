// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "os/memory/process_limits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <future>

#include "os/child_process.hpp"

namespace hailstone::os {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

TEST(ProcessLimits, CountWhatTheChildStarts) {
  ChildOptions options;
  options.argv = {"/bin/sh", "-c", "sleep 60 & sleep 60 & echo ready; wait"};
  std::promise<void> ready;
  options.on_stdout = [&](std::string_view) { ready.set_value(); };
  ChildProcess child(std::move(options));
  ready.get_future().wait();
  EXPECT_EQ(count_session(child.pid()), 3);
  EXPECT_EQ(find_excess(child.pid(), {.processes = 3}), std::nullopt);
  EXPECT_THAT(find_excess(child.pid(), {.processes = 2}).value_or(""),
              HasSubstr("took 3 processes, 2 is allowed"));
  EXPECT_THAT(find_excess(child.pid(), {.memory = ByteSize::kib(1)}).value_or(""),
              HasSubstr("of memory"));
}

TEST(ProcessLimits, CountTheDiskUnderTheFolder) {
  const fs::path folder = fs::temp_directory_path() / ("limits-" + std::to_string(::getpid()));
  fs::create_directories(folder / "inner");
  std::ofstream(folder / "inner/file") << std::string(100'000, 'x') << std::flush;
  ProcessLimits limits;
  limits.folder = folder;
  limits.folder_bytes = ByteSize::mib(1);
  EXPECT_EQ(find_excess(::getpid(), limits), std::nullopt);
  limits.folder_bytes = ByteSize::kib(50);
  EXPECT_THAT(find_excess(::getpid(), limits).value_or(""), HasSubstr("of the disk"));
  fs::remove_all(folder);
}

TEST(ProcessLimits, TheWatchTellsOnce) {
  std::promise<std::string> told;
  const LimitWatch watch(::getpid(), {.memory = ByteSize::kib(1)},
                         [&](std::string excess) { told.set_value(std::move(excess)); });
  EXPECT_THAT(told.get_future().get(), HasSubstr("of memory"));
}

}  // namespace
}  // namespace hailstone::os
