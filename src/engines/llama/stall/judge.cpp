// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/stall/judge.hpp"

#include <algorithm>

#include "base/duration.hpp"

namespace hailstone::engines::llama {
namespace {

using namespace std::chrono_literals;

/// A server at rest takes less than a ten thousandth of a core for its open connections, one that
/// computes at least a core, of which a crowded machine gives it a part.
constexpr int kLeastPart = 100;

bool computes(const StallLook& before, const StallLook& now) {
  return now.activity.cpu_time - before.activity.cpu_time >= now.elapsed / kLeastPart ||
         now.activity.major_faults != before.activity.major_faults;
}

}  // namespace

std::chrono::nanoseconds StallLimits::interval() const noexcept {
  return std::clamp<std::chrono::nanoseconds>(std::min({idle, silent, unasked}) / 10, 10ms, 5s);
}

std::optional<std::string> StallJudge::look(const StallLook& look) {
  // What could not be looked at does not count: the whole machine may have stood still.
  const auto counted = std::min(look.elapsed, 2 * limits_.interval());
  const bool speaks = !look.is_awaited || look.signs != last_.signs;
  silent_ = speaks ? 0ns : silent_ + counted;
  const bool is_busy = computes(last_, look);
  idle_ = speaks || is_busy ? 0ns : idle_ + counted;
  unasked_ = look.is_asked || !is_busy ? 0ns : unasked_ + counted;
  last_ = look;
  if (idle_ >= limits_.idle) return "it did nothing for " + to_go_duration(limits_.idle);
  if (silent_ >= limits_.silent) {
    return "it computed for " + to_go_duration(limits_.silent) + " and said nothing";
  }
  if (unasked_ >= limits_.unasked) {
    return "it computed for " + to_go_duration(limits_.unasked) + " for nobody";
  }
  return std::nullopt;
}

}  // namespace hailstone::engines::llama
