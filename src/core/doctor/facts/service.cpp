// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/doctor/facts/service.hpp"

#include <charconv>
#include <filesystem>
#include <sstream>

#include "base/strings.hpp"

namespace hailstone::doctor {
namespace {

constexpr const char* kProperties =
    "LoadState,ActiveState,SubState,Result,NRestarts,User,Group,MainPID,ExecMainStatus,"
    "WorkingDirectory,Environment,PrivateDevices,DevicePolicy,DeviceAllow,ProtectHome,"
    "StateDirectory,FragmentPath";

std::map<std::string, std::string> show_unit(const Box& box) {
  std::map<std::string, std::string> properties;
  const auto shown =
      box.run({"systemctl", "show", kUnit, "--no-pager", std::string("--property=") + kProperties});
  if (!shown || shown->status != 0) return properties;
  for (const auto& line : split(shown->text, '\n')) {
    const auto equals = line.find('=');
    if (equals == std::string::npos) continue;
    auto& value = properties[line.substr(0, equals)];
    if (!value.empty()) value += ' ';  // DeviceAllow comes once per device
    value += line.substr(equals + 1);
  }
  return properties;
}

bool is_serving(const Process& process) {
  return process.words.size() > 1 && process.words[1] == "serve" &&
         std::filesystem::path(process.words[0]).filename() == "hailstone";
}

std::optional<int> find_pid(const Service& service, const std::map<int, Process>& processes) {
  const auto text = service.of_unit("MainPID");
  int pid = 0;
  std::from_chars(text.data(), text.data() + text.size(), pid);
  if (pid > 0) return pid;
  for (const auto& [number, process] : processes) {
    if (is_serving(process)) return number;
  }
  return std::nullopt;
}

/// What systemd would give it: its own variables, and the folders it makes.
core::Environment future_environment(const Box& box, const Service& service) {
  core::Environment environment;
  std::istringstream words(service.of_unit("Environment"));
  for (std::string word; words >> word;) {
    const auto equals = word.find('=');
    if (equals != std::string::npos) environment[word.substr(0, equals)] = word.substr(equals + 1);
  }
  if (const auto account = find_account(box, service.user)) environment["HOME"] = account->home;
  const auto state = service.of_unit("StateDirectory");
  if (!state.empty()) environment["STATE_DIRECTORY"] = "/var/lib/" + split(state, ' ').front();
  return environment;
}

std::string user_of(const Box& box, int pid) {
  const auto status = box.status("/proc/" + std::to_string(pid));
  return status ? user_name(box, status->user) : std::string();
}

}  // namespace

std::string Service::of_unit(const std::string& name) const {
  const auto found = unit.find(name);
  return found == unit.end() ? std::string() : found->second;
}

Service read_service(const Box& box, const std::map<int, Process>& processes) {
  Service service;
  service.unit = show_unit(box);
  service.has_systemd = !service.unit.empty();
  service.has_unit = service.of_unit("LoadState") == "loaded";
  service.pid = find_pid(service, processes);
  service.user = service.of_unit("User");
  if (service.has_unit && service.user.empty()) service.user = "root";
  if (service.pid) {
    if (const auto process = processes.find(*service.pid); process != processes.end()) {
      service.words = process->second.words;
    }
    if (service.user.empty()) service.user = user_of(box, *service.pid);
    if (auto seen = find_environment(box, std::to_string(*service.pid))) {
      service.environment = std::move(*seen);
      service.is_environment_seen = true;
      return service;
    }
  }
  service.environment = future_environment(box, service);
  return service;
}

}  // namespace hailstone::doctor
