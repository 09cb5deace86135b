// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <initializer_list>

#include "base/error.hpp"
#include "core/doctor/facts/box.hpp"
#include "os/child_process.hpp"

namespace hailstone::doctor {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::seconds kPatience{10};
constexpr std::size_t kMostText = 1U << 20U;

std::optional<fs::path> find_program(const std::string& name) {
  for (const char* folder :
       {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}) {
    auto path = fs::path(folder) / name;
    std::error_code ignored;
    if (fs::exists(path, ignored)) return path;
  }
  return std::nullopt;
}

std::optional<CommandOutput> run_here(const Command& command) {
  const auto program = find_program(command.front());
  if (!program) return std::nullopt;
  CommandOutput output;
  os::ChildOptions options;
  options.argv = command;
  options.argv.front() = *program;
  // HailoRT would write a log into the folder that we stand in.
  options.environment = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                         "LC_ALL=C", "HAILORT_LOGGER_PATH=NONE"};
  options.cage = std::nullopt;  // it is to see what the person who asks may see
  options.on_stdout = options.on_stderr = [&output](std::string_view line) {
    if (output.text.size() < kMostText) output.text.append(line).append("\n");
  };
  options.thread_name = "doctor";
  try {
    os::ChildProcess child(std::move(options));
    auto status = child.wait(Deadline::in(kPatience));
    if (!status) {
      child.terminate(std::chrono::seconds(1));
      output.text += "(did not end within 10 s)\n";
    }
    output.status = status && status->signal == 0 ? status->code : -1;
  } catch (const Error& error) {  // what cannot be started tells nothing
    return std::nullopt;
  }
  return output;
}

}  // namespace

Box live_box() {
  return Box({.roots = {"/"}, .run = run_here, .owners = {}, .hidden = {}});
}

}  // namespace hailstone::doctor
