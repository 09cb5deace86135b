// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/programs/runtime_tree.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "base/strings.hpp"

namespace hailstone::engines::llama {
namespace {

namespace fs = std::filesystem;

#if defined(__aarch64__)
constexpr const char* kTriplet = "aarch64-linux-gnu";
constexpr const char* kLoader = "usr/lib/ld-linux-aarch64.so.1";
#else
constexpr const char* kTriplet = "x86_64-linux-gnu";
constexpr const char* kLoader = "usr/lib64/ld-linux-x86-64.so.2";
#endif

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
  std::error_code ignored;
  const fs::path library = tree / "usr/lib" / kTriplet;
  const fs::path loader = tree / kLoader;
  const fs::path file = tree / "usr/bin" / program;
  const fs::path backends = find_backends(library / "ggml");
  // The seal is written last: without it the tree is half made.
  if (!fs::exists(tree / "COMPLETE", ignored) || !is_executable(loader) || !is_executable(file) ||
      backends.empty()) {
    return std::nullopt;
  }
  const std::string libraries =
      library.native() + ":" + (library / "llama").native() + ":" + (library / "ggml").native();
  return ServerCommand{{loader, "--library-path", libraries, file}, backends};
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
