// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "os/groups/control_group.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

#include "base/error.hpp"
#include "os/child_process.hpp"
#include "os/unix_socket.hpp"

namespace hailstone::os {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

/// Plain files where a kernel would have its own.
class FakeTree : public ::testing::Test {
 protected:
  FakeTree() {
    write("proc/self/cgroup", "4:memory:/x\n0::/system.slice/hailstone.service\n");
    for (const char* file : {"cgroup.procs", "cgroup.subtree_control"}) write_own(file, "");
    for (const char* group : {"daemon", "host-onnx-1"}) {
      for (const char* file : {"cgroup.procs", "memory.max", "memory.oom.group", "cgroup.kill"}) {
        write_own(std::string(group) + "/" + file, "");
      }
    }
  }

  void write(const std::string& file, const std::string& text) const {
    fs::create_directories((root() / file).parent_path());
    std::ofstream(root() / file) << text;
  }
  void write_own(const std::string& file, const std::string& text) const {
    write("sys/fs/cgroup/system.slice/hailstone.service/" + file, text);
  }
  std::string read(const std::string& file) const {
    std::ifstream in(own() / file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  fs::path root() const { return directory_.path(); }
  fs::path own() const { return root() / "sys/fs/cgroup/system.slice/hailstone.service"; }

 private:
  const RuntimeDirectory directory_{"/tmp"};
};

TEST_F(FakeTree, WhatNobodyHasGivenUsIsLeftAlone) {
  EXPECT_EQ(ControlGroups::find(root()), nullptr);
  EXPECT_EQ(read("daemon/cgroup.procs"), "");
  write("proc/self/cgroup", "4:memory:/x\n");  // a machine of the first version
  EXPECT_EQ(ControlGroups::find(root()), nullptr);
}

TEST_F(FakeTree, AGivenPartIsSeenByItsMark) {
  if (::setxattr(own().c_str(), "user.delegate", "1", 1, 0) != 0) {
    GTEST_SKIP() << "no attributes on this file system";
  }
  const auto groups = ControlGroups::find(root());
  ASSERT_NE(groups, nullptr);
  EXPECT_EQ(groups->folder(), own());
  EXPECT_EQ(read("daemon/cgroup.procs"), std::to_string(::getpid()));
}

TEST_F(FakeTree, AHostIsLimitedMeasuredAndEnded) {
  ControlGroups groups(own());
  EXPECT_EQ(read("daemon/cgroup.procs"), std::to_string(::getpid()));
  EXPECT_THAT(read("cgroup.subtree_control"), HasSubstr("+"));
  const auto group = groups.make("onnx");
  ASSERT_NE(group, nullptr);
  EXPECT_EQ(read("host-onnx-1/memory.oom.group"), "1");
  EXPECT_TRUE(group->limit_memory(ByteSize::mib(3)));
  EXPECT_EQ(read("host-onnx-1/memory.max"), "3145728");
  EXPECT_EQ(group->memory(), std::nullopt);
  write_own("host-onnx-1/memory.current", "1000\n");
  write_own("host-onnx-1/memory.stat", "anon 600\nfile 400\ninactive_file 300\nactive_file 100\n");
  EXPECT_EQ(group->memory(), ByteSize::bytes(700));
  EXPECT_TRUE(group->kill());
  EXPECT_EQ(read("host-onnx-1/cgroup.kill"), "1");
  EXPECT_EQ(groups.make("onnx"), nullptr);  // no kernel makes its files here: without one
}

TEST_F(FakeTree, AProcessEntersBeforeItsProgramStarts) {
  ControlGroups groups(own());
  const auto group = groups.make("onnx");
  ChildOptions options;
  options.argv = {"/bin/sleep", "60"};
  options.group = group->entrance();
  const ChildProcess child(std::move(options));
  EXPECT_EQ(read("host-onnx-1/cgroup.procs"), "0");
}

/// A real one, where this machine has the second version and lets us.
TEST(RealGroup, TakesWhatAHostStartsAlong) {
  constexpr long kCgroup2 = 0x63677270;
  fs::path tree;
  for (const char* mount : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
    struct statfs info {};
    if (::statfs(mount, &info) == 0 && info.f_type == kCgroup2) tree = mount;
  }
  const fs::path own = tree / ("hailstone-test-" + std::to_string(::getpid()));
  std::error_code error;
  if (tree.empty() || !fs::create_directory(own, error)) GTEST_SKIP() << "no groups for us";
  {
    ControlGroup group(own / "host");
    ChildOptions options;
    // The second one leaves the session: a signal to the process group would not reach it.
    options.argv = {"/bin/sh", "-c", "setsid sleep 60 & echo started; wait"};
    options.group = group.entrance();
    std::atomic<bool> has_started{false};
    options.on_stdout = [&](std::string_view) { has_started = true; };
    options.cage.reset();
    const ChildProcess child(std::move(options));
    const Deadline limit = Deadline::in(20s);
    while (!has_started && !limit.has_passed()) std::this_thread::sleep_for(5ms);
    std::ifstream members(own / "host/cgroup.procs");
    const std::string listed{std::istreambuf_iterator<char>(members), {}};
    EXPECT_THAT(listed, HasSubstr(std::to_string(child.pid())));
    EXPECT_GE(std::count(listed.begin(), listed.end(), '\n'), 2);
    EXPECT_TRUE(group.kill());
    EXPECT_EQ(child.wait(Deadline::in(20s)).value_or(ExitStatus{}).signal, SIGKILL);
  }
  EXPECT_FALSE(fs::exists(own / "host"));  // all of it had ended
  EXPECT_EQ(::rmdir(own.c_str()), 0);
}

}  // namespace
}  // namespace hailstone::os
