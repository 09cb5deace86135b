// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/doctor/doctor.hpp"

#include <algorithm>
#include <array>

#include "core/doctor/checks/checks.hpp"

namespace hailstone::doctor {
namespace {

constexpr std::array kChecks = {
    // The ground that everything stands on.
    Check{"machine.system", "the system, the board, and whether this is a container", check_system},
    Check{"machine.power", "under-voltage and throttling", check_power},
    Check{"machine.disk", "room on the disk, and whether it can be written", check_disk},
    Check{"machine.clock", "whether the clock is set", check_clock},
    // The chip, from the slot to who holds it.
    Check{"npu.chip", "the chip on the PCI bus", check_chip},
    Check{"npu.packages", "packages of HailoRT that belong together", check_packages},
    Check{"npu.driver", "the driver: built, loaded, bound to the chip", check_driver},
    Check{"npu.versions", "versions of driver, library and firmware", check_versions},
    Check{"npu.kernel_log", "what the kernel says of the chip", check_kernel_log},
    Check{"npu.node", "the device node, under both its names", check_node},
    Check{"npu.permissions", "whether the service's user may open it", check_permissions},
    Check{"npu.sandbox", "whether the service's unit lets it", check_sandbox},
    Check{"npu.holder", "who holds the device", check_holder},
    Check{"npu.identify", "the chip's answer to hailortcli", check_identify},
    Check{"npu.cma", "contiguous memory for language models", check_cma},
    Check{"npu.link", "generation and width of the PCIe link", check_link},
    Check{"npu.pages", "page size and IOMMU", check_pages},
    // The service, from what it reads to whether it answers.
    Check{"service.settings", "the settings it starts with", check_settings},
    Check{"service.user", "its user and groups", check_user},
    Check{"service.home", "its folder of state", check_home},
    Check{"service.models", "folders of models, as its user sees them", check_models},
    Check{"service.environment", "its environment against this shell's", check_environment},
    Check{"service.ports", "its ports, and who has them", check_ports},
    Check{"service.unit", "its unit, and how often it was started", check_unit},
    Check{"service.journal", "its last errors", check_journal},
    Check{"service.health", "what it says of itself", check_health},
    Check{"service.reach", "who can reach it: containers, browsers", check_reach},
    Check{"service.others", "other services that want the chip", check_others},
    Check{"service.workers", "workers: their files, and whether they share the chip",
          check_workers},
    Check{"machine.memory", "memory for the models that are loaded at the start", check_memory},
    Check{"machine.swap", "swap", check_swap},
    Check{"machine.heat", "temperature", check_heat},
};

}  // namespace

std::span<const Check> checks() noexcept {
  return kChecks;
}

Findings examine(const Examination& examination) {
  Findings all;
  for (const Check& check : kChecks) {
    for (Finding& finding : check.look(examination)) {
      finding.check = check.id;
      all.push_back(std::move(finding));
    }
  }
  const auto rank = [](const Finding& finding) {
    // What could not be looked at is the last thing that anybody wants to read.
    return finding.verdict == Verdict::kSkipped ? -1 : static_cast<int>(finding.verdict);
  };
  std::stable_sort(all.begin(), all.end(),
                   [&](const auto& a, const auto& b) { return rank(a) > rank(b); });
  return all;
}

}  // namespace hailstone::doctor
