// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/setup/engine_runtime.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include "base/error.hpp"

namespace hailstone::cli {
namespace {

namespace fs = std::filesystem;

/// Beside the engines' programs, where this program is installed and where it was built.
fs::path tool() {
  const auto program = fs::read_symlink("/proc/self/exe");
  return program.parent_path().parent_path() / "libexec/hailstone/engine-runtime";
}

bool is_default(const core::Settings& settings, std::string_view name) {
  return std::any_of(settings.effective.begin(), settings.effective.end(),
                     [&](const auto& one) { return one.name == name && one.source == "default"; });
}

}  // namespace

fs::path engine_runtime_folder(const core::Settings& settings, const core::Environment& environment,
                               bool is_root) {
  const bool is_service = core::find_variable(environment, "STATE_DIRECTORY").has_value();
  if (is_root && !is_service && is_default(settings, "engine_runtime")) {
    return "/var/lib/hailstone/engine-runtime";
  }
  return settings.engine_runtime;
}

void make_engine_runtime(const SetupRequest& request, const fs::path& folder) {
  const std::string program = tool();
  std::vector<std::string> words = {program, request.check ? "check" : "make", "--dir", folder};
  if (request.renew) words.emplace_back("--renew");
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execv(program.c_str(), argv.data());
  throw Error(ErrorCode::kNotFound,
              "cannot run " + program + ": " + std::generic_category().message(errno),
              "it comes with Hailstone's package; in the sources it is tools/engine-runtime");
}

}  // namespace hailstone::cli
