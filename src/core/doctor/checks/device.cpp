// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// The device node: whether it is there, who may open it, and who has.

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

#include "base/strings.hpp"
#include "core/doctor/checks/checks.hpp"
#include "core/doctor/checks/remedies.hpp"

namespace hailstone::doctor {
namespace {

/// The driver has the chip: there has to be a node.
bool is_bound(const Examination& examination) {
  const auto* chip = examination.npu.find_10h();
  return chip != nullptr && chip->driver.starts_with("hailo1x");
}

std::vector<std::string> paths_of(const std::vector<Node>& nodes) {
  std::vector<std::string> paths;
  for (const auto& node : nodes) {
    if (node.status.kind == 'c') paths.push_back(node.path);
  }
  return paths;
}

bool is_container(const Box& box) {
  return box.has("/.dockerenv") || box.has("/run/.containerenv");
}

Finding no_node(const Examination& examination) {
  if (is_container(examination.box)) {
    return problem("no device node in this container",
                   "the chip is there, and the container was not given it",
                   {"# start it with --device /dev/h1x-0 (driver 5.3 and later) or "
                    "--device /dev/hailo0"});
  }
  return problem("the driver has the chip, and there is neither /dev/h1x-0 nor /dev/hailo0",
                 "the driver's start did not end, or nothing makes nodes here",
                 {"journalctl -k -b | grep -i hailo", "sudo udevadm trigger --action=add",
                  "sudo rmmod hailo1x_pci && sudo modprobe hailo1x_pci"});
}

/// "char-hailo1x rw /dev/hailo0 rw".
bool allows_device(const Service& service) {
  const auto allowed = service.of_unit("DeviceAllow");
  if (allowed.find("char-" + std::string(kDeviceClass)) != std::string::npos) return true;
  const auto words = split(allowed, ' ');
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word.starts_with("/dev/hailo") || word.starts_with("/dev/h1x") || word == "char-*";
  });
}

constexpr const char* kDropIn = "sudo systemctl edit hailstone   # [Service]";

/// Ours, or a child of ours.
bool belongs_to(const Process& process, const std::map<int, Process>& all, int service) {
  int pid = process.pid;
  for (std::size_t steps = 0; steps < all.size() && pid > 1; ++steps) {
    if (pid == service) return true;
    const auto found = all.find(pid);
    if (found == all.end()) return false;
    pid = found->second.parent;
  }
  return false;
}

bool is_engine(const Process& process) {
  return process.name.starts_with("hailstone-host") || process.name == "hailstone" ||
         (!process.words.empty() &&
          process.words.front().find("hailstone-host-hailo") != std::string::npos);
}

std::vector<std::string> end_it(const Process& process) {
  if (process.unit.empty()) return {"kill " + std::to_string(process.pid)};
  auto unit = process.unit;
  if (unit.ends_with(".service")) unit.resize(unit.size() - 8);
  std::vector<std::string> fix = {"sudo systemctl disable --now " + unit};
  if (unit.find("hailo-ollama") != std::string::npos || process.name == "hailo-ollama") {
    fix.emplace_back(
        "# or, from 5.3 on, let both share: HAILO_OLLAMA_VDEVICE_GROUP_ID=SHARED in its "
        "environment");
  }
  return fix;
}

Finding held_by_another(const Process& holder, bool is_shared) {
  if (is_shared) {
    return note(holder.describe() + " holds the device, too",
                "both share it (VDevice group SHARED). Only one language model fits on the chip, "
                "whoever loads it",
                {});
  }
  return problem(
      holder.describe() + " holds the device",
      "HailoRT refuses everybody else: HAILO_OUT_OF_PHYSICAL_DEVICES (74), unless both use "
      "the VDevice group SHARED",
      end_it(holder));
}

Finding held_by_worker(const Process& worker) {
  return warning(
      worker.name + " (process " + std::to_string(worker.pid) + ")" +
          ", a worker of the service, opens the chip itself",
      "it needs the VDevice group SHARED, and what it takes of the chip's memory has to be "
      "in its description (npu_bytes)",
      {"tr '\\0' '\\n' < /proc/" + std::to_string(worker.pid) + "/cmdline"});
}

struct StatusMeaning {
  int status;
  std::string_view name;
  std::string_view means;
};

/// What HailoRT says, and what it comes from.
constexpr std::array kStatuses = {
    StatusMeaning{4, "TIMEOUT", "the chip does not answer"},
    StatusMeaning{6, "INVALID_OPERATION", "this version cannot do that on the Hailo-10H"},
    StatusMeaning{36, "DRIVER_OPERATION_FAILED",
                  "the driver refused: no permission, or the chip dropped off the bus"},
    StatusMeaning{62, "COMMUNICATION_CLOSED", "the chip's own server has ended"},
    StatusMeaning{64, "DRIVER_NOT_INSTALLED", "no driver is loaded"},
    StatusMeaning{73, "DEVICE_IN_USE", "another process has the chip for itself"},
    StatusMeaning{74, "OUT_OF_PHYSICAL_DEVICES", "no chip, or another process has it for itself"},
    StatusMeaning{76, "INVALID_DRIVER_VERSION", "driver and library are of different versions"},
    StatusMeaning{77, "RPC_FAILED",
                  "the chip's own server did not understand: firmware and library "
                  "are of different versions"},
    StatusMeaning{81, "OUT_OF_HOST_CMA_MEMORY", "not enough contiguous memory"},
    StatusMeaning{85, "DRIVER_VERSION_MISMATCH", "driver and library are of different versions"},
    StatusMeaning{86, "DRIVER_VERSION_MISMATCH", "driver and firmware are of different versions"},
    StatusMeaning{96, "DEVICE_NOT_CONNECTED", "the chip dropped off the bus"},
    StatusMeaning{97, "DEVICE_TEMPORARILY_UNAVAILABLE", "the chip is starting, or too hot"},
};

/// "... failed with status=HAILO_TIMEOUT(4) ...".
const StatusMeaning* find_status(std::string_view text) {
  for (const auto& one : kStatuses) {
    const auto number = "(" + std::to_string(one.status) + ")";
    if (text.find(number) != std::string_view::npos ||
        text.find("HAILO_" + std::string(one.name)) != std::string_view::npos) {
      return &one;
    }
  }
  return nullptr;
}

/// By an engine of ours: it may refuse others for so long.
bool service_holds(const Examination& examination) {
  const int service = examination.service.pid.value_or(-1);
  const auto holders =
      holders_of(examination.box, examination.processes, paths_of(examination.npu.nodes));
  return std::any_of(holders.begin(), holders.end(), [&](const Process& one) {
    return belongs_to(one, examination.processes, service) && is_engine(one);
  });
}

std::string last_line(const std::string& text) {
  const auto trimmed = trim(text);
  return std::string(trimmed.substr(trimmed.rfind('\n') + 1));
}

}  // namespace

Findings check_node(const Examination& examination) {
  if (!is_bound(examination)) return {skipped("no driver has a Hailo-10H")};
  const auto& nodes = examination.npu.nodes;
  Findings findings;
  for (const auto& node : nodes) {
    if (node.status.kind == 'c') {
      findings.push_back(ok(node.path));
    } else {
      findings.push_back(problem(
          node.path + " is a " + (node.status.kind == 'd' ? "folder" : "file") + ", not a device",
          "a container was started with it before the driver was there; it stands in the way",
          {"sudo rm -r " + node.path, "sudo udevadm trigger --action=add"}));
    }
  }
  if (paths_of(nodes).empty()) findings.insert(findings.begin(), no_node(examination));
  return findings;
}

Findings check_permissions(const Examination& examination) {
  const Box& box = examination.box;
  const auto& account = examination.account;
  Findings findings;
  for (const auto& node : examination.npu.nodes) {
    if (node.status.kind != 'c') continue;
    const auto what = node.path + ": " + describe(box, node.status);
    if (may(account, node.status, Want::kReadWrite)) {
      findings.push_back(ok(what + "; " + account.name + " may open it"));
      continue;
    }
    findings.push_back(problem(
        what + "; " + account.name +
            (examination.is_account_guessed ? "" : ", the service's user,") + " may not open it",
        "HAILO_DRIVER_OPERATION_FAILED (36). Drivers from 5.3 on come without a rule for udev",
        open_node(account.name)));
  }
  if (findings.empty()) findings.push_back(skipped("no device node"));
  return findings;
}

Findings check_sandbox(const Examination& examination) {
  const auto& service = examination.service;
  if (!service.has_unit || paths_of(examination.npu.nodes).empty()) {
    return {skipped("no unit, or no device node")};
  }
  if (service.of_unit("PrivateDevices") == "yes") {
    return {
        problem("the unit has PrivateDevices=yes", "the service sees no device node at all",
                {std::string(kDropIn) + " PrivateDevices=no", "sudo systemctl restart hailstone"})};
  }
  const auto policy = service.of_unit("DevicePolicy");
  const bool is_closed = policy == "closed" || policy == "strict" ||
                         (policy == "auto" && !service.of_unit("DeviceAllow").empty());
  if (is_closed && !allows_device(service)) {
    return {problem("the unit's DeviceAllow has no char-hailo1x",
                    "the kernel refuses the service the chip, whatever the node's permissions say",
                    {std::string(kDropIn) + " DeviceAllow=char-hailo1x rw",
                     "sudo systemctl restart hailstone"})};
  }
  return {ok("the unit lets the service open the chip")};
}

Findings check_holder(const Examination& examination) {
  const auto paths = paths_of(examination.npu.nodes);
  if (paths.empty()) return {skipped("no device node")};
  const auto holders = holders_of(examination.box, examination.processes, paths);
  const int service = examination.service.pid.value_or(-1);
  const bool is_ours = service_holds(examination);
  Findings findings;
  for (const auto& holder : holders) {
    if (!belongs_to(holder, examination.processes, service)) {
      findings.push_back(held_by_another(holder, is_ours));
    } else if (is_engine(holder)) {
      findings.push_back(ok(holder.describe() + " holds the device for the service"));
    } else {
      findings.push_back(held_by_worker(holder));
    }
  }
  if (!findings.empty()) return findings;
  if (!examination.is_root) {
    return {skipped("only root sees what other users hold: 'sudo hailstone doctor'")};
  }
  return {ok("nobody holds the device")};
}

Findings check_identify(const Examination& examination) {
  if (paths_of(examination.npu.nodes).empty()) return {skipped("no device node")};
  const auto& identify = examination.identify;
  if (!identify) return {skipped("hailortcli is not installed")};
  if (identify->status == 0) {
    return {ok("the chip answers" + (examination.firmware
                                         ? ", firmware " + to_string(*examination.firmware)
                                         : std::string()))};
  }
  const auto* status = find_status(identify->text);
  const auto found = "hailortcli fw-control identify: " + last_line(identify->text);
  if (status == nullptr) {
    return {warning(found, "the chip does not say who it is",
                    {"hailortcli fw-control identify", "journalctl -k -b | grep -i hailo"})};
  }
  constexpr int kInUse = 73;
  constexpr int kNoDevices = 74;
  const bool is_held = status->status == kInUse || status->status == kNoDevices;
  if (is_held && service_holds(examination)) {
    return {note(found, "the service has the chip, and this tool does not share it", {})};
  }
  return {problem(
      found, std::string(status->means),
      {"sudo hailstone doctor   # sees who holds the device, and the kernel's log",
       "sudo systemctl stop hailstone && sudo rmmod hailo1x_pci && sudo modprobe hailo1x_pci "
       "&& sudo systemctl start hailstone",
       "# if that changes nothing: sudo poweroff, and the power off for ten seconds"})};
}

}  // namespace hailstone::doctor
