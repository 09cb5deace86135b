// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/doctor/chip_watch.hpp"

#include <chrono>
#include <utility>

#include "core/doctor/checks/checks.hpp"

namespace hailstone::doctor {
namespace {

constexpr std::chrono::seconds kFresh{30};

Box silent_box() {
  return Box({.roots = {"/"},
              .run = [](const Command&) { return std::optional<CommandOutput>(); },
              .owners = {},
              .hidden = {}});
}

Account own_account(const Box& box) {
  const auto self = box.status("/proc/self");
  const unsigned user = self ? self->user : 0;
  return find_account(box, user).value_or(Account{std::to_string(user), user, user, {user}, {}});
}

/// Of those that need no more than files; in the order of cause and consequence.
std::string find_trouble(const Examination& examination) {
  for (const auto check :
       {check_chip, check_driver, check_versions, check_node, check_permissions}) {
    for (const auto& finding : check(examination)) {
      if (finding.verdict == Verdict::kProblem) return finding.found;
    }
  }
  return {};
}

}  // namespace

ChipSummary summarise_chip(const Box& box) {
  const Examination examination{.box = box, .npu = read_npu(box), .account = own_account(box)};
  const auto& npu = examination.npu;
  ChipSummary summary;
  if (npu.chips.empty()) return summary;
  const auto* ours = npu.find_10h();
  const auto& chip = ours != nullptr ? *ours : npu.chips.front();
  summary.is_present = true;
  summary.chip = to_string(chip.chip);
  summary.address = chip.address;
  if (!npu.nodes.empty()) summary.node = npu.nodes.front().path;
  if (npu.driver) summary.driver = to_string(*npu.driver);
  if (!npu.libraries.empty()) summary.library = to_string(npu.libraries.back());
  summary.trouble = find_trouble(examination);
  return summary;
}

ChipWatch::ChipWatch(Box box, const Clock& clock) : box_(std::move(box)), clock_(clock) {}

ChipWatch::ChipWatch() : ChipWatch(silent_box()) {}

ChipSummary ChipWatch::summary() const {
  const auto now = clock_.now();
  const MutexLock lock(mutex_);  // a few small files; whoever comes meanwhile needs the same
  if (!summary_ || now - read_at_ > kFresh) {
    summary_ = summarise_chip(box_);
    read_at_ = now;
  }
  return *summary_;
}

}  // namespace hailstone::doctor
