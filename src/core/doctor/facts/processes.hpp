// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who runs here, who holds a file open, who listens on a port: from /proc.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/doctor/facts/box.hpp"

namespace hailstone::doctor {

struct Process {
  int pid = 0;
  int parent = 0;
  std::string name;                ///< of its program, as in top
  std::vector<std::string> words;  ///< its command line
  std::string unit;                ///< "hailo-ollama.service", where systemd runs it
  bool is_open = false;            ///< we may see which files it holds

  /// "hailo-ollama (process 812)".
  std::string describe() const;
};

/// All of them, by number.
std::map<int, Process> read_processes(const Box& box);

/// Those that hold one of these files open, among what we may see.
std::vector<Process> holders_of(const Box& box, const std::map<int, Process>& processes,
                                const std::vector<std::string>& files);

struct Listener {
  std::uint16_t port = 0;
  bool is_loopback = false;
  std::uint64_t inode = 0;
};

/// Of TCP, both versions.
std::vector<Listener> read_listeners(const Box& box);
std::optional<Process> find_owner(const Box& box, const std::map<int, Process>& processes,
                                  std::uint64_t inode);

/// The variables that a process was started with; nothing where we may not see them. pid: or
/// "self".
std::optional<std::map<std::string, std::string>> find_environment(const Box& box,
                                                                   const std::string& pid);

}  // namespace hailstone::doctor
