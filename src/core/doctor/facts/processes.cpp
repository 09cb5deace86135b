// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/doctor/facts/processes.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "base/strings.hpp"

namespace hailstone::doctor {
namespace {

std::optional<std::uint64_t> find_number(std::string_view text, int base = 10) {
  std::uint64_t number = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (result.ec != std::errc{} || result.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string folder_of(int pid) {
  return "/proc/" + std::to_string(pid);
}

std::vector<std::string> zero_ended(const std::string& text) {
  auto parts = split(text, '\0');
  if (!parts.empty() && parts.back().empty()) parts.pop_back();
  return parts;
}

/// "0::/system.slice/hailo-ollama.service".
std::string unit_of(const Box& box, int pid) {
  const auto path = box.line(folder_of(pid) + "/cgroup");
  const auto end = path.rfind(".service");
  if (end == std::string::npos) return {};
  const auto begin = path.rfind('/', end);
  constexpr std::size_t kEnding = 8;
  return path.substr(begin + 1, end + kEnding - begin - 1);
}

int parent_of(const Box& box, int pid) {
  for (const auto& line : split(box.text(folder_of(pid) + "/status").value_or(""), '\n')) {
    if (line.starts_with("PPid:")) {
      return static_cast<int>(find_number(trim(std::string_view(line).substr(5))).value_or(0));
    }
  }
  return 0;
}

Process read_process(const Box& box, int pid) {
  Process process;
  process.pid = pid;
  process.name = box.line(folder_of(pid) + "/comm");
  process.words = zero_ended(box.text(folder_of(pid) + "/cmdline").value_or(""));
  process.unit = unit_of(box, pid);
  process.parent = parent_of(box, pid);
  process.is_open = !box.names(folder_of(pid) + "/fd").empty();
  return process;
}

bool holds(const Box& box, const Process& process, const std::vector<std::string>& targets) {
  if (!process.is_open) return false;
  const auto folder = folder_of(process.pid) + "/fd";
  const auto files = box.names(folder);
  return std::any_of(files.begin(), files.end(), [&](const std::string& file) {
    const auto target = box.link(folder + "/" + file);
    return std::find(targets.begin(), targets.end(), target) != targets.end();
  });
}

/// "0100007F:2CAA" in the kernel's order of bytes.
std::optional<Listener> parse_listener(const std::string& line) {
  constexpr std::string_view kListening = "0A";
  std::istringstream words(line);
  std::string number, local, remote, state, queue, timer, retransmit, user, timeout, inode;
  words >> number >> local >> remote >> state >> queue >> timer >> retransmit >> user >> timeout >>
      inode;
  const auto colon = local.find(':');
  if (!words || state != kListening || colon == std::string::npos) return std::nullopt;
  const auto port = find_number(std::string_view(local).substr(colon + 1), 16);
  const auto node = find_number(inode);
  if (!port || !node) return std::nullopt;
  const auto address = local.substr(0, colon);
  const bool is_loopback = address.ends_with("7F") || address == "00000000000000000000000001000000";
  return Listener{static_cast<std::uint16_t>(*port), is_loopback, *node};
}

}  // namespace

std::string Process::describe() const {
  return (unit.empty() ? name : unit) + " (process " + std::to_string(pid) + ")";
}

std::map<int, Process> read_processes(const Box& box) {
  std::map<int, Process> processes;
  for (const auto& name : box.names("/proc")) {
    const auto pid = find_number(name);
    if (!pid) continue;
    auto process = read_process(box, static_cast<int>(*pid));
    if (!process.name.empty()) processes.emplace(process.pid, std::move(process));
  }
  return processes;
}

std::vector<Process> holders_of(const Box& box, const std::map<int, Process>& processes,
                                const std::vector<std::string>& files) {
  std::vector<Process> holders;
  for (const auto& [pid, process] : processes) {
    if (holds(box, process, files)) holders.push_back(process);
  }
  return holders;
}

std::vector<Listener> read_listeners(const Box& box) {
  std::vector<Listener> listeners;
  for (const char* file : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    for (const auto& line : split(box.text(file).value_or(""), '\n')) {
      if (const auto listener = parse_listener(line)) listeners.push_back(*listener);
    }
  }
  return listeners;
}

std::optional<Process> find_owner(const Box& box, const std::map<int, Process>& processes,
                                  std::uint64_t inode) {
  const auto owners = holders_of(box, processes, {"socket:[" + std::to_string(inode) + "]"});
  if (owners.empty()) return std::nullopt;
  return owners.front();
}

std::optional<std::map<std::string, std::string>> find_environment(const Box& box,
                                                                   const std::string& pid) {
  const auto text = box.text("/proc/" + pid + "/environ");
  if (!text || text->empty()) return std::nullopt;
  std::map<std::string, std::string> environment;
  for (const auto& pair : zero_ended(*text)) {
    const auto equals = pair.find('=');
    if (equals != std::string::npos) {
      environment.emplace(pair.substr(0, equals), pair.substr(equals + 1));
    }
  }
  return environment;
}

}  // namespace hailstone::doctor
