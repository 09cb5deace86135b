// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// worker: the Python package's own command line, told where this program's files are.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "cli/verbs/verb.hpp"
#include "core/config/store_roots.hpp"

namespace hailstone::cli {
namespace fs = std::filesystem;
namespace {

constexpr const char* kPython = "/usr/bin/python3";

struct WorkerRequest {
  CLI::App* app = nullptr;  ///< has the words that are Python's business
};

void add_worker(CLI::App& app, WorkerRequest& request) {
  app.prefix_command();
  app.set_help_flag();  // its help is Python's, too
  request.app = &app;
}

std::string join_paths(const std::vector<fs::path>& paths) {
  std::string text;
  for (const auto& path : paths) text += (text.empty() ? "" : ":") + fs::absolute(path).native();
  return text;
}

fs::path find_package(const core::Environment& environment, const fs::path& program) {
  const auto folders = core::python_folders(environment, program);
  for (const auto& folder : folders) {
    std::error_code error;
    if (fs::exists(folder / "hailstone_worker", error)) return folder;
  }
  throw Error(ErrorCode::kNotFound, "the Python package hailstone_worker is not there",
              "it should be in " + join_paths(folders));
}

core::Settings settings_of(const core::Environment& environment) {
  core::ConfigInput input;
  input.environment = environment;
  return core::load_settings(input);
}

/// Python's variables, before those of the user.
std::vector<std::string> variables(Invocation& invocation, const fs::path& package,
                                   const fs::path& program) {
  const auto settings = settings_of(invocation.environment());
  std::vector<std::string> out = {
      "HAILSTONE_PROGRAM=hailstone worker",
      "HAILSTONE_HOME=" + fs::absolute(settings.home).native(),
      "HAILSTONE_WORKER_FOLDERS=" +
          join_paths(core::worker_folders(settings, invocation.environment(), program)),
      "HAILSTONE_WORKER_CATALOGUE=" + (package.parent_path() / "workers").native(),
      "HAILSTONE_SERVICE=" + invocation.service().url(),
      "PYTHONPATH=" + package.native()};
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    const auto name = text.substr(0, text.find('=') + 1);
    const bool is_ours =
        std::any_of(out.begin(), out.end(), [&](const auto& own) { return own.starts_with(name); });
    if (!is_ours) out.emplace_back(text);
  }
  return out;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// This process becomes Python.
int worker(Invocation& invocation, const WorkerRequest& request) {
  const fs::path program = fs::read_symlink("/proc/self/exe");
  const fs::path package = find_package(invocation.environment(), program);
  std::vector<std::string> words = {kPython, "-m", "hailstone_worker"};
  for (auto& word : request.app->remaining()) words.push_back(word);
  auto environment = variables(invocation, package, program);
  auto argv = pointers_to(words);
  auto envp = pointers_to(environment);
  ::execve(kPython, argv.data(), envp.data());
  throw Error(ErrorCode::kNotFound, std::string(kPython) + ": " + std::strerror(errno),
              "apt install python3");
}

}  // namespace

Verb make_worker_verb() {
  return {"worker", "programs of your own as services: list, install, logs, remove, new, run",
          with_request(add_worker, worker)};
}

}  // namespace hailstone::cli
