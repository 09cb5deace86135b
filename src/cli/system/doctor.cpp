// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/system/doctor.hpp"

#include <algorithm>
#include <chrono>
#include <ostream>

#include "base/strings.hpp"
#include "cli/client/service.hpp"
#include "cli/term/text.hpp"
#include "core/doctor/doctor.hpp"

namespace hailstone::cli {
namespace {

using doctor::Finding;
using doctor::Findings;
using doctor::Verdict;

/// The service of this machine, which need not be the one that other commands talk to.
doctor::Answer ask(const Endpoint& endpoint, const core::Environment& environment) {
  doctor::Answer answer;
  const auto key = core::find_variable(environment, "HAILSTONE_API_KEY").value_or("");
  Service service(reachable(endpoint), split(key, ',').front(),
                  [](std::chrono::seconds, const std::string&) {});
  try {
    const Json health = service.get("/api/health", short_run());
    answer.version = text_of(health, "version");
    for (const Json& reason : array_of(health, "reasons")) {
      if (reason.is_string()) answer.reasons.push_back(reason.get<std::string>());
    }
    for (const Json& engine : array_of(health, "engines")) {
      if (truth_of(engine, "usable")) continue;
      answer.missing_engines.push_back(text_of(engine, "name") + ": " + text_of(engine, "reason"));
    }
    answer.reached = true;
  } catch (const RefusedError& error) {  // it wants a key
    answer.reached = true;
  } catch (const Error& error) {  // whether it answers is a finding
    answer.reached = false;
  }
  return answer;
}

Findings find_all(const core::Environment& environment, const DoctorRequest& request) {
  doctor::Asked asked;
  if (!request.box.empty()) {
    asked.program = "/usr/bin/hailstone";
    const auto box = doctor::recorded_box(request.box);
    return doctor::examine(doctor::examine_box(box, std::move(asked)));
  }
  asked.environment = environment;
  std::error_code ignored;
  asked.program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  asked.ask = [&environment](const Endpoint& endpoint) { return ask(endpoint, environment); };
  const auto box = doctor::live_box();
  return doctor::examine(doctor::examine_box(box, std::move(asked)));
}

std::size_t count(const Findings& findings, Verdict verdict) {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [verdict](const Finding& one) { return one.verdict == verdict; }));
}

std::string counted(std::size_t number, const char* what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

std::string summary(const Findings& findings) {
  return counted(count(findings, Verdict::kProblem), "problem") + ", " +
         counted(count(findings, Verdict::kWarning), "warning") + ", " +
         counted(count(findings, Verdict::kNote), "note") + "; " +
         std::to_string(count(findings, Verdict::kOk)) + " checks are well, " +
         std::to_string(count(findings, Verdict::kSkipped)) + " could not be made";
}

void print_json(std::ostream& out, const Findings& findings) {
  Json list = Json::array();
  for (const auto& one : findings) {
    list.push_back({{"check", one.check},
                    {"verdict", doctor::to_string(one.verdict)},
                    {"found", one.found},
                    {"means", one.means},
                    {"fix", one.fix}});
  }
  const Json whole = {{"problems", count(findings, Verdict::kProblem)},
                      {"warnings", count(findings, Verdict::kWarning)},
                      {"notes", count(findings, Verdict::kNote)},
                      {"findings", std::move(list)}};
  out << dump(whole, 2) << '\n';
}

/// A script to read, and to run piece by piece.
void print_fixes(std::ostream& out, const Findings& findings) {
  bool any = false;
  for (const auto& one : findings) {
    const bool is_bad = one.verdict == Verdict::kProblem || one.verdict == Verdict::kWarning;
    if (!is_bad || one.fix.empty()) continue;
    any = true;
    out << "# " << doctor::to_string(one.verdict) << ' ' << one.check << ": "
        << printable_line(one.found) << '\n';
    for (const auto& command : one.fix) out << printable_line(command) << '\n';
    out << '\n';
  }
  if (!any) out << "# nothing to repair\n";
}

void print_finding(std::ostream& out, const Finding& one) {
  out << doctor::to_string(one.verdict) << ' ' << one.check << ": ";
  bool first = true;
  for (const auto& line : split(one.found, '\n')) {
    if (!first) out << "    ";
    out << printable_line(line) << '\n';
    first = false;
  }
  if (!one.means.empty()) out << "    " << printable_line(one.means) << '\n';
  for (const auto& command : one.fix) out << "    $ " << printable_line(command) << '\n';
}

void print_all(std::ostream& out, const Findings& findings, bool all) {
  out << "hailstone doctor: " << summary(findings) << '\n';
  for (const auto& one : findings) {
    if (one.verdict == Verdict::kSkipped && !all) continue;
    const bool is_long = one.verdict != Verdict::kOk && one.verdict != Verdict::kSkipped;
    if (is_long) out << '\n';
    print_finding(out, one);
    if (is_long && &one != &findings.back() && (&one)[1].verdict == Verdict::kOk) out << '\n';
  }
}

}  // namespace

bool run_doctor(const Console& console, const core::Environment& environment,
                const DoctorRequest& request) {
  const Findings findings = find_all(environment, request);
  std::ostream& out = console.out;
  if (request.json) {
    print_json(out, findings);
  } else if (request.fix) {
    print_fixes(out, findings);
  } else {
    print_all(out, findings, request.all);
  }
  return count(findings, Verdict::kProblem) == 0;
}

}  // namespace hailstone::cli
