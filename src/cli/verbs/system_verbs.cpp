// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// status, logs and doctor: the service, and the machine that it is on.

#include <CLI/CLI.hpp>

#include "cli/system/doctor.hpp"
#include "cli/system/logs.hpp"
#include "cli/system/status.hpp"
#include "cli/verbs/verb.hpp"
#include "core/doctor/facts/box.hpp"

namespace hailstone::cli {
namespace {

void add_doctor(CLI::App& app, DoctorRequest& request) {
  auto* json = app.add_flag("--json", request.json, "print JSON");
  app.add_flag("--fix", request.fix, "print the commands that repair, and run none")
      ->excludes(json);
  app.add_flag("--all", request.all, "also what could not be looked at");
  app.add_option("--box", request.box,
                 "look at copies of another machine's files (docs/hailo.md says which)")
      ->type_name("DIR");
  app.footer(
      "Exit status: 0 no problem, 1 at least one. It changes nothing and does not take the chip.\n"
      "'sudo hailstone doctor' sees more: what other users' programs hold, and the kernel's log.");
}

int doctor(Invocation& invocation, const DoctorRequest& request) {
  return run_doctor(invocation.console(), invocation.environment(), request) ? kOk : kFailed;
}

void add_status(CLI::App& app, StatusRequest& request) {
  app.add_flag("--json", request.json, "print JSON");
  app.add_option("-n,--lines", request.lines, "of the journal, where there is one")
      ->check(CLI::Range(0, 1000));
  app.footer("Exit status: 0 it is well, 1 it is degraded, 3 no service there.");
}

int status(Invocation& invocation, const StatusRequest& request) {
  switch (show_status(invocation.context(), request, doctor::live_box())) {
    case ServiceState::kWell:
      return kOk;
    case ServiceState::kDegraded:
      return kFailed;
    case ServiceState::kAbsent:
      break;
  }
  return kUnreachable;
}

void add_logs(CLI::App& app, LogsRequest& request) {
  app.add_option("-n,--lines", request.lines, "how many")->check(CLI::Range(0, 1'000'000));
  app.add_flag("-f,--follow", request.follow, "and those that come, until Ctrl-C");
  app.add_option("-p,--priority", request.priority, "only these and worse ones")
      ->check(CLI::IsMember({"err", "warning", "info", "debug"}));
  app.add_option("--since", request.since, "only later ones: '10 min ago', '2026-05-01 12:00'")
      ->type_name("TIME");
  app.add_option("--model", request.model, "only of this model: starter-chat:latest");
  app.add_option("--engine", request.engine, "only of this engine: llama");
  app.add_option("--request", request.request, "only of the request with this X-Request-Id");
}

int logs(Invocation& invocation, const LogsRequest& request) {
  show_logs(invocation.console(), request, doctor::live_box());
  return kOk;
}

}  // namespace

std::vector<Verb> make_system_verbs() {
  return {{"status", "the service at a glance: models, memory, heat, queue",
           with_request(add_status, status)},
          {"logs", "the service's lines in the journal", with_request(add_logs, logs)},
          {"doctor", "what is wrong here, and which command repairs it",
           with_request(add_doctor, doctor)}};
}

}  // namespace hailstone::cli
