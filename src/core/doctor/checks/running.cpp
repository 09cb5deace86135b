// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// The service at work: ports, unit, errors, and whoever is beside it.

#include <algorithm>
#include <charconv>
#include <set>

#include "base/strings.hpp"
#include "core/doctor/checks/checks.hpp"

namespace hailstone::doctor {
namespace {

constexpr int kManyRestarts = 3;
constexpr std::size_t kFewLines = 3;

int number_of(const std::string& text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::vector<std::string> end_owner(const Process& owner) {
  if (owner.unit.empty()) return {"kill " + std::to_string(owner.pid)};
  return {"sudo systemctl disable --now " + owner.unit};
}

/// Whoever listens on a port of ours and is not the service.
struct Squatter {
  std::optional<Process> process;  ///< nothing: we may not see whose it is
};

std::optional<Squatter> find_squatter(const Examination& examination, std::uint16_t port) {
  for (const auto& listener : read_listeners(examination.box)) {
    if (listener.port != port) continue;
    auto owner = find_owner(examination.box, examination.processes, listener.inode);
    if (owner && owner->pid == examination.service.pid) return std::nullopt;
    // Whose it is cannot be seen, but the service runs: mostly it is its own.
    if (!owner && examination.service.pid && !examination.is_root) return std::nullopt;
    return Squatter{std::move(owner)};
  }
  return std::nullopt;
}

Finding taken(const Squatter& squatter, const Endpoint& endpoint, bool is_main) {
  const auto who = squatter.process ? squatter.process->describe() : "another program";
  const auto found = who + " listens on port " + std::to_string(endpoint.port);
  if (!is_main) {
    return note(found, "a further port of Hailstone's; everything is on the first one, too", {});
  }
  std::vector<std::string> fix;
  if (squatter.process) {
    fix = end_owner(*squatter.process);
    fix.emplace_back("sudo systemctl restart hailstone");
  } else {
    fix.emplace_back("sudo ss -tlnp 'sport = :" + std::to_string(endpoint.port) + "'");
  }
  fix.emplace_back("# or give Hailstone another address: --listen, HAILSTONE_LISTEN");
  return problem(found, "the service cannot start, and clients talk to the other one",
                 std::move(fix));
}

bool is_active(const Service& service) {
  return service.of_unit("ActiveState") == "active";
}

std::vector<std::string> journal_lines(const Box& box) {
  const auto output = box.run(
      {"journalctl", "-u", kUnit, "-b", "-p", "warning", "-n", "20", "-o", "cat", "--no-pager"});
  std::vector<std::string> lines;
  if (!output || output->status != 0) return lines;
  for (const auto& line : split(output->text, '\n')) {
    if (!line.empty() && !line.starts_with("--")) lines.push_back(line);
  }
  return lines;
}

/// Loopback alone, where containers are: they cannot reach it there.
bool has_containers(const Box& box) {
  return box.has("/sys/class/net/docker0") || box.has("/sys/class/net/podman0");
}

bool is_public(const std::vector<Endpoint>& endpoints) {
  return std::any_of(endpoints.begin(), endpoints.end(),
                     [](const Endpoint& one) { return !is_loopback(one.host); });
}

/// Programs that open the chip for themselves.
bool wants_chip(const Process& process) {
  if (process.name == "hailo-ollama" || process.name.starts_with("hailo-")) return true;
  return std::any_of(process.words.begin(), process.words.end(), [](const std::string& word) {
    return word.find("hailo_apps") != std::string::npos ||
           word.find("hailo-device-manager") != std::string::npos;
  });
}

}  // namespace

Findings check_ports(const Examination& examination) {
  const auto& settings = examination.settings;
  if (settings.listen.empty()) return {skipped("the service's settings are not known")};
  Findings findings;
  for (const auto* endpoints : {&settings.listen, &settings.tls_listen, &settings.extra_ports}) {
    for (const auto& endpoint : *endpoints) {
      const auto squatter = find_squatter(examination, endpoint.port);
      if (!squatter) continue;
      findings.push_back(taken(*squatter, endpoint, endpoints != &settings.extra_ports));
    }
  }
  if (findings.empty() && settings.listen.front().port == 0) {
    findings.push_back(ok("a port that the system chooses"));
  } else if (findings.empty()) {
    findings.push_back(ok("port " + std::to_string(settings.listen.front().port) +
                          (examination.service.pid ? ", and it is the service's" : " is free")));
  }
  return findings;
}

Findings check_unit(const Examination& examination) {
  const auto& service = examination.service;
  if (!service.has_systemd) return {skipped("no systemd here")};
  if (!service.has_unit) {
    return {note(std::string("there is no unit ") + kUnit,
                 service.pid ? "the service runs without systemd, and ends with its terminal"
                             : "the service is not installed",
                 {})};
  }
  const auto state = service.of_unit("ActiveState") + " (" + service.of_unit("SubState") + ")";
  const int restarts = number_of(service.of_unit("NRestarts"));
  const auto often = restarts > 0 ? ", started anew " + std::to_string(restarts) + " times" : "";
  const std::vector<std::string> look = {"journalctl -u hailstone -b -n 50",
                                         "sudo systemctl reset-failed hailstone",
                                         "sudo systemctl restart hailstone"};
  if (is_active(service) && restarts < kManyRestarts) return {ok(state + often)};
  if (is_active(service)) return {warning(state + often, "it ends again and again", look)};
  if (service.of_unit("ActiveState") == "inactive") {
    return {warning(state, "the service is stopped", {"sudo systemctl enable --now hailstone"})};
  }
  return {problem(state + often + ", result " + service.of_unit("Result") + ", status " +
                      service.of_unit("ExecMainStatus"),
                  "the service does not run; problems above this one are the likely reason", look)};
}

Findings check_journal(const Examination& examination) {
  if (!examination.service.has_unit) return {skipped("no unit, so no journal of it")};
  auto lines = journal_lines(examination.box);
  if (lines.empty()) return {ok("no warnings since the start of this machine")};
  if (lines.size() > kFewLines) {
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(kFewLines));
  }
  Finding finding =
      warning(join(lines, "\n"), "its last warnings and errors", {"hailstone logs -p warning"});
  if (is_active(examination.service)) finding.verdict = Verdict::kNote;
  return {std::move(finding)};
}

Findings check_health(const Examination& examination) {
  const auto& answer = examination.answer;
  if (!answer) return {skipped("the service was not asked")};
  if (!answer->reached) {
    if (!examination.service.pid) return {skipped("the service does not run")};
    return {problem("the service runs and does not answer", "it hangs, or is still starting",
                    {"hailstone logs", "sudo systemctl restart hailstone"})};
  }
  Findings findings;
  if (answer->reasons.empty()) findings.push_back(ok("it is well, version " + answer->version));
  for (const auto& engine : answer->missing_engines) {
    findings.push_back(note("engine " + engine, "models for it cannot run here", {}));
  }
  if (answer->reasons.empty()) return findings;
  findings.push_back(warning("it calls itself degraded: " + join(answer->reasons, "; "),
                             "what does not need that still works", {"hailstone status"}));
  return findings;
}

Findings check_reach(const Examination& examination) {
  const auto& settings = examination.settings;
  if (settings.listen.empty()) return {skipped("the service's settings are not known")};
  Findings findings;
  auto endpoints = settings.listen;
  endpoints.insert(endpoints.end(), settings.tls_listen.begin(), settings.tls_listen.end());
  if (!is_public(endpoints) && has_containers(examination.box)) {
    findings.push_back(note(
        "the service listens on this machine alone, and there are containers",
        "in a container 127.0.0.1 is the container: Open WebUI does not find the service there",
        {"# HAILSTONE_LISTEN=0.0.0.0:11434 with HAILSTONE_API_KEY, or the container with "
         "--network=host"}));
  }
  if (is_public(settings.listen) && settings.tls_listen.empty()) {
    findings.push_back(note("other machines reach the service over plain HTTP",
                            "their browsers give a page no microphone and no camera without HTTPS",
                            {"# settings tls_listen, tls_cert and tls_key"}));
  }
  if (findings.empty()) findings.push_back(ok("as the settings say"));
  return findings;
}

Findings check_others(const Examination& examination) {
  Findings findings;
  std::set<std::string> named;
  for (const auto& [pid, process] : examination.processes) {
    if (!wants_chip(process) || !named.insert(process.describe()).second) continue;
    findings.push_back(
        note(process.describe() + " runs here",
             "it works with the same chip: only one of both can have a language model "
             "on it",
             end_owner(process)));
  }
  const auto units = examination.box.run(
      {"systemctl", "list-units", "--all", "--plain", "--no-legend", "--no-pager", "hailo*"});
  for (const auto& line : split(units ? units->text : std::string(), '\n')) {
    if (line.find("failed") == std::string::npos &&
        line.find("auto-restart") == std::string::npos) {
      continue;
    }
    const auto unit = line.substr(0, line.find(' '));
    if (unit.empty() || unit == kUnit) continue;
    findings.push_back(warning(
        unit + " starts again and again, or has failed", "each start takes the chip for a moment",
        {"systemctl status " + unit, "sudo systemctl disable --now " + unit}));
  }
  if (findings.empty()) findings.push_back(ok("none"));
  return findings;
}

}  // namespace hailstone::doctor
