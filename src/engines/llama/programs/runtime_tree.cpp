// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/programs/runtime_tree.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/strings.hpp"
#include "os/engine_runtime.hpp"

namespace hailstone::engines::llama {
namespace {

namespace fs = std::filesystem;

bool is_executable(const fs::path& file) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0;
}

/// The folder with the newest number: ggml counts its plug-in interface in it.
fs::path find_backends(const fs::path& ggml) {
  std::error_code ignored;
  fs::path found;
  for (const auto& entry : fs::directory_iterator(ggml, ignored)) {
    const std::string name = entry.path().filename();
    if (name.starts_with("backends") && entry.is_directory(ignored)) {
      found = std::max(found, entry.path());
    }
  }
  return found;
}

}  // namespace

std::optional<ServerCommand> find_in_tree(const fs::path& tree, const std::string& program) {
  const auto runtime = os::find_engine_runtime(tree);
  const fs::path file = tree / "usr/bin" / program;
  if (!runtime || !is_executable(file)) return std::nullopt;
  const fs::path backends = find_backends(runtime->libraries / "ggml");
  if (backends.empty()) return std::nullopt;
  ServerCommand command{runtime->command(file), backends};
  command.cage.read = {runtime->root};
  return command;
}

std::optional<fs::path> find_on_path(const std::string& program, const std::string& path) {
  for (const std::string& folder : split(path, ':')) {
    const fs::path candidate = fs::path(folder) / program;
    if (!folder.empty() && is_executable(candidate)) return candidate;
  }
  return std::nullopt;
}

std::optional<ServerCommand> find_tool(const std::string& program, const fs::path& server,
                                       const std::vector<fs::path>& trees) {
  if (!server.empty()) {
    const fs::path tool = fs::absolute(server).parent_path() / program;
    if (!is_executable(tool)) return std::nullopt;
    return ServerCommand{{tool}, {}};
  }
  for (const fs::path& tree : trees) {
    if (auto command = find_in_tree(fs::absolute(tree), program)) return command;
  }
  const char* path = std::getenv("PATH");
  const auto native = find_on_path(program, path == nullptr ? "/usr/bin" : path);
  if (!native) return std::nullopt;
  return ServerCommand{{*native}, {}};
}

std::optional<ServerCommand> find_server(const fs::path& server,
                                         const std::vector<fs::path>& trees) {
  if (server.empty()) return find_tool("llama-server", server, trees);
  if (!is_executable(server)) return std::nullopt;
  return ServerCommand{{fs::absolute(server)}, {}};
}

}  // namespace hailstone::engines::llama
