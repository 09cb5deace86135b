// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// doctor: this machine and the service on it.

#include <CLI/CLI.hpp>

#include "cli/system/doctor.hpp"
#include "cli/verbs/verb.hpp"

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

}  // namespace

std::vector<Verb> make_system_verbs() {
  return {{"doctor", "what is wrong here, and which command repairs it",
           with_request(add_doctor, doctor)}};
}

}  // namespace hailstone::cli
