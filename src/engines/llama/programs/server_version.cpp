// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/programs/server_version.hpp"

#include <chrono>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "log/log.hpp"
#include "os/child_process.hpp"

namespace hailstone::engines::llama {
namespace {

/// It reads no model, but a slow disk may have to bring its libraries first.
constexpr std::chrono::seconds kPatience{20};

std::string ask(const ServerCommand& command) {
  std::string version;
  os::ChildOptions options;
  options.argv = command.argv;
  options.argv.emplace_back("--version");
  options.environment = {"LC_ALL=C.UTF-8"};
  options.working_directory = command.working_directory;
  options.cage = command.cage;
  const auto read = [&version](std::string_view line) {
    if (version.empty()) version = version_in(line);
  };
  options.on_stdout = read;
  options.on_stderr = read;
  options.thread_name = "llama-version";
  const os::ChildProcess child(std::move(options));
  // Without a status its thread may still write to the text.
  return child.wait(Deadline::in(kPatience)) ? version : std::string();
}

}  // namespace

std::string_view version_in(std::string_view line) noexcept {
  constexpr std::string_view kBegin = "version: ";
  if (!line.starts_with(kBegin)) return {};
  line.remove_prefix(kBegin.size());
  return line.substr(0, line.find(' '));
}

std::string ServerVersion::of(const ServerCommand& command) {
  std::error_code ignored;
  const std::string& program = command.argv.back();
  const auto changed = std::filesystem::last_write_time(program, ignored);
  {
    const std::lock_guard lock(mutex_);
    if (program_ == program && changed_ == changed) return version_;
  }
  std::string version;
  try {
    version = ask(command);
  } catch (const Error& error) {  // whoever loads a model with it hears of it
    log::debug("llama", "no version", {{"program", program}, {"why", error.what()}});
  }
  const std::lock_guard lock(mutex_);
  program_ = program;
  changed_ = changed;
  version_ = version;
  return version;
}

}  // namespace hailstone::engines::llama
