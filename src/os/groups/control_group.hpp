// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A control group (version 2) for each engine host, where the service manager has given us a part
// of its tree (Delegate=yes): the kernel then holds a host to its memory with all that it starts,
// knows what they take together, and ends them at once. Elsewhere hosts are kept as well as a
// process can keep its children.

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/byte_size.hpp"
#include "os/unique_fd.hpp"

namespace hailstone::os {

/// Thread-safe.
class ControlGroup {
 public:
  /// Made below the parent, which is there. Throws Error(kEngineFailed).
  explicit ControlGroup(std::filesystem::path folder);
  /// Ends what is still in it, waits for that for a moment, and removes it.
  ~ControlGroup();
  ControlGroup(const ControlGroup&) = delete;
  ControlGroup& operator=(const ControlGroup&) = delete;

  /// Where a process writes "0" to enter it: ChildOptions::group.
  int entrance() const noexcept { return entrance_.get(); }

  /// Whoever takes more is ended by the kernel, all of the group together. False where the kernel
  /// does not do that here.
  bool limit_memory(ByteSize most) const noexcept;
  /// What all in it take, without files that were only read. Nothing where the kernel does not say.
  std::optional<ByteSize> memory() const;
  /// SIGKILL to all, also to those that are just being started. False where the kernel cannot.
  bool kill() const noexcept;

 private:
  bool write(const char* file, const std::string& text) const noexcept;

  const std::filesystem::path folder_;
  UniqueFd entrance_;
};

/// The part of the tree that is ours. Thread-safe; outlives its groups.
class ControlGroups {
 public:
  /// Nothing where no part is ours. Moves this process into a group of its own, as a group with
  /// members can limit no others. root: "/" but in tests.
  static std::unique_ptr<ControlGroups> find(const std::filesystem::path& root = "/");

  /// Below a folder that is known to be ours. Throws Error(kEngineFailed).
  explicit ControlGroups(std::filesystem::path own);

  /// name: of the engine. Null where it cannot be made now: the host then runs without one.
  std::unique_ptr<ControlGroup> make(const std::string& name);

  const std::filesystem::path& folder() const noexcept { return own_; }

 private:
  const std::filesystem::path own_;
  std::atomic<unsigned> made_{0};
};

}  // namespace hailstone::os
