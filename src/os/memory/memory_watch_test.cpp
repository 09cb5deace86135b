// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "os/memory/memory_watch.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <future>

#include "os/child_process.hpp"

namespace hailstone::os {
namespace {

/// Doubles a text until it is stopped.
ChildOptions greedy() {
  ChildOptions options;
  options.argv = {"/bin/sh", "-c", "x=0123456789abcdef; while :; do x=$x$x; done"};
  return options;
}

TEST(MemoryWatch, TellsOfAChildThatTakesTooMuch) {
  ChildProcess child(greedy());
  std::promise<ByteSize> taken;
  const MemoryWatch watch(child.pid(), ByteSize::mib(64), [&](ByteSize found) {
    child.send_signal(SIGKILL);
    taken.set_value(found);
  });
  const ByteSize found = taken.get_future().get();
  EXPECT_GT(found, ByteSize::mib(64));
  EXPECT_EQ(watch.excess(), found);
}

TEST(MemoryWatch, LeavesOneAloneThatDoesNot) {
  ChildOptions options;
  options.argv = {"/bin/sleep", "60"};
  const ChildProcess child(std::move(options));
  const auto limit = [&] {
    rlimit found{};
    ::prlimit(child.pid(), RLIMIT_DATA, nullptr, &found);
    return found.rlim_cur;
  };
  const auto before = limit();
  {
    const MemoryWatch watch(child.pid(), ByteSize::gib(1), [](ByteSize) { FAIL(); });
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    EXPECT_EQ(limit(), ByteSize::gib(3).count());
#endif
    EXPECT_FALSE(watch.excess());
  }
  EXPECT_EQ(limit(), before);
}

}  // namespace
}  // namespace hailstone::os
