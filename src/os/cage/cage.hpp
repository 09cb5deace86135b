// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a child process may do. Engines read files of strangers with libraries of others; whoever
// takes one of them over finds the model's own files, and little else. A cage is a plain value: an
// engine's descriptor says what its processes need, os/launch sees to it that they get no more.
//
// What all caged children have: the system's programs, libraries and data (/usr, /lib ...), what
// /proc and /sys say of the processors and of themselves, /dev/null and its kind. What none has:
// other processes (ptrace, signals), a session of its own (what it starts ends with it), new
// namespaces, mounts, kernel keys and modules, io_uring, privileges, core dumps. When memory runs
// short, the kernel takes them first.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_size.hpp"

namespace hailstone::os {

enum class Network {
  kNone,   ///< unix sockets that others connect to, and those that it finds open
  kLocal,  ///< and unix sockets that it connects to itself
  kAny     ///< and everything else
};

struct Cage {
  /// Files and folders to read, and to execute. What does not exist is left out.
  std::vector<std::filesystem::path> read;
  /// Folders in which it may do anything with files and folders.
  std::vector<std::filesystem::path> write;
  /// "/dev/hailo0": to read, write, and control.
  std::vector<std::filesystem::path> devices;
  Network network = Network::kNone;
  /// The largest file that it may write. Nothing: as this process.
  std::optional<ByteSize> file_size;
  /// Of heap and stacks, not of files that are mapped. Nothing: as this process.
  std::optional<ByteSize> memory;
  std::uint64_t descriptors = 1024;
  /// Of all processes and threads of its user: against those that never stop forking.
  std::uint64_t processes = 16384;
};

/// Which parts of a cage this kernel does not have, and what that means, for people; empty where
/// all of them work. Asked of the kernel once.
const std::vector<std::string>& missing_protections();

}  // namespace hailstone::os
