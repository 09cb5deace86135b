// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where llama.cpp's programs are, and how they are started: from the engine runtime tree through
// the tree's own loader, or the system's own.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "os/cage/cage.hpp"

namespace hailstone::engines::llama {

/// What to execute, its own arguments still missing.
struct ServerCommand {
  std::vector<std::string> argv;
  std::filesystem::path working_directory;  ///< ggml looks for its CPU variants here; may be empty
  os::Cage cage{};                          ///< what it needs to start
};

/// A program of the tree's own; nothing where the tree is not there or incomplete.
std::optional<ServerCommand> find_in_tree(const std::filesystem::path& tree,
                                          const std::string& program = "llama-server");

/// The first executable of that name in the folders of a PATH.
std::optional<std::filesystem::path> find_on_path(const std::string& program,
                                                  const std::string& path);

/// server, if it is not empty; else the first whole tree; else what is on the system. Nothing if
/// there is none.
std::optional<ServerCommand> find_server(const std::filesystem::path& server,
                                         const std::vector<std::filesystem::path>& trees);

/// Another program of llama.cpp's, "llama-quantize": beside the server, if that is not empty; else
/// as find_server looks for it.
std::optional<ServerCommand> find_tool(const std::string& program,
                                       const std::filesystem::path& server,
                                       const std::vector<std::filesystem::path>& trees);

}  // namespace hailstone::engines::llama
