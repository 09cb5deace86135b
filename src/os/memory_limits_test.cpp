// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "os/memory_limits.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "os/process_memory.hpp"

namespace hailstone::os {
namespace {

namespace fs = std::filesystem;

class MemoryLimits : public testing::Test {
 protected:
  ~MemoryLimits() override { fs::remove_all(root_); }

  void write(const std::string& name, const std::string& content) {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << content;
  }

  const fs::path root_ =
      fs::temp_directory_path() / ("hailstone-memory-limits-" + std::to_string(::getpid()));
};

TEST_F(MemoryLimits, AMachineWithoutThemHasNone) {
  EXPECT_EQ(find_cgroup_memory_limit(root_), std::nullopt);
  EXPECT_EQ(find_memory_pressure(root_), std::nullopt);
}

TEST_F(MemoryLimits, TheTightestOfVersionTwosGroupsCounts) {
  write("proc/self/cgroup", "0::/system.slice/hailstone.service\n");
  write("sys/fs/cgroup/system.slice/hailstone.service/memory.max", "max\n");
  EXPECT_EQ(find_cgroup_memory_limit(root_), std::nullopt);
  write("sys/fs/cgroup/system.slice/memory.max", "2147483648\n");
  EXPECT_EQ(find_cgroup_memory_limit(root_), ByteSize::gib(2));
  write("sys/fs/cgroup/system.slice/hailstone.service/memory.max", "1073741824\n");
  EXPECT_EQ(find_cgroup_memory_limit(root_), ByteSize::gib(1));
}

TEST_F(MemoryLimits, AContainerSeesItsLimitAtTheMount) {
  write("proc/self/cgroup", "0::/docker/0123\n");
  write("sys/fs/cgroup/memory.max", "536870912\n");
  EXPECT_EQ(find_cgroup_memory_limit(root_), ByteSize::mib(512));
}

TEST_F(MemoryLimits, VersionOneIsReadToo) {
  write("proc/self/cgroup", "5:cpu,cpuacct:/a\n4:hugetlb,memory:/a/b\n0::/\n");
  write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_EQ(find_cgroup_memory_limit(root_), std::nullopt);
  write("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "1048576\n");
  EXPECT_EQ(find_cgroup_memory_limit(root_), ByteSize::mib(1));
}

TEST_F(MemoryLimits, BrokenLinesAreNoLimits) {
  write("proc/self/cgroup", "nonsense\n0:\n::/x\n");
  write("sys/fs/cgroup/memory.max", "\n");
  write("proc/pressure/memory", "full of nonsense\n");
  EXPECT_EQ(find_cgroup_memory_limit(root_), std::nullopt);
  EXPECT_EQ(find_memory_pressure(root_), std::nullopt);
}

TEST_F(MemoryLimits, PressureIsTheWorseOfMachineAndGroup) {
  write("proc/self/cgroup", "0::/a\n");
  write(
      "proc/pressure/memory",
      "some avg10=1.50 avg60=0.20 avg300=0.00 total=1\nfull avg10=9.00 avg60=0 avg300=0 total=1\n");
  EXPECT_EQ(find_memory_pressure(root_), 1.5);
  write("sys/fs/cgroup/a/memory.pressure", "some avg10=12.25 avg60=0.20 avg300=0.00 total=1\n");
  EXPECT_EQ(find_memory_pressure(root_), 12.25);
}

TEST_F(MemoryLimits, TheMachinesMemoryIsReadFromTheSameRoot) {
  write("proc/meminfo", "MemTotal:       2048 kB\nMemFree: 1 kB\nMemAvailable:   1024 kB\n");
  EXPECT_EQ(read_machine_memory(root_).total, ByteSize::mib(2));
  EXPECT_EQ(read_machine_memory(root_).available, ByteSize::mib(1));
}

}  // namespace
}  // namespace hailstone::os
