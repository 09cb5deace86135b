// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/system/logs.hpp"

#include <csignal>
#include <optional>
#include <ostream>
#include <stop_token>

#include "base/error.hpp"
#include "base/run_context.hpp"
#include "cli/term/interrupts.hpp"
#include "cli/term/text.hpp"
#include "core/doctor/facts/box.hpp"
#include "core/doctor/facts/service.hpp"
#include "os/child_process.hpp"

namespace hailstone::cli {
namespace {

constexpr const char* kProgram = "/usr/bin/journalctl";

void require_journal(const doctor::Box& box) {
  const bool has_program = box.has(kProgram);
  if (has_program && (box.has("/run/log/journal") || box.has("/var/log/journal"))) return;
  throw Error(ErrorCode::kNotFound,
              has_program ? "there is no journal on this machine"
                          : "there is no journal on this machine: journalctl is not installed",
              "The service writes its lines to its standard error: look where whatever started it "
              "keeps that (a terminal, 'docker logs', a file).");
}

}  // namespace

std::vector<std::string> journal_command(const LogsRequest& request) {
  std::vector<std::string> command = {kProgram, "--no-pager",  "-o", "short-iso",
                                      "-u",     doctor::kUnit, "-n", std::to_string(request.lines)};
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) command.insert(command.end(), {option, value});
  };
  if (request.follow) command.emplace_back("-f");
  add("-p", request.priority);
  add("--since", request.since);
  const auto match = [&](const char* field, const std::string& value) {
    if (!value.empty()) command.push_back(field + ("=" + value));
  };
  match("MODEL", request.model);
  match("ENGINE", request.engine);
  match("REQUEST_ID", request.request);
  return command;
}

void show_logs(const Console& console, const LogsRequest& request, const doctor::Box& box) {
  require_journal(box);
  Interrupts interrupts;
  const auto stop = interrupts.arm();
  os::ChildOptions options;
  options.argv = journal_command(request);
  options.environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"};
  options.cage = std::nullopt;  // it reads what the person who asks may read
  options.on_stdout = [&console](std::string_view line) {
    console.out << printable_line(line) << std::endl;
  };
  options.on_stderr = [&console](std::string_view line) {
    console.err << printable_line(line) << std::endl;
  };
  options.thread_name = "journalctl";
  os::ChildProcess child(std::move(options));
  const std::stop_callback on_stop(stop, [&child] { child.send_signal(SIGTERM); });
  const auto status = child.wait(Deadline::never());
  if (stop.stop_requested() || !status || status->is_success()) return;
  throw Error(ErrorCode::kEngineFailed, "journalctl " + to_string(*status),
              "'sudo hailstone logs', or membership in the group systemd-journal, shows more");
}

}  // namespace hailstone::cli
