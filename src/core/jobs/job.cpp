// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jobs/job.hpp"

#include <array>

namespace hailstone::core {
namespace {

/// In the order of the enumerators.
constexpr std::array<std::string_view, 7> kNames = {"queued",    "running", "succeeded", "failed",
                                                    "cancelled", "expired", "dead"};

}  // namespace

std::string_view to_string(JobState state) noexcept {
  return kNames.at(static_cast<std::size_t>(state));
}

std::optional<JobState> find_job_state(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames.at(i) == name) return static_cast<JobState>(i);
  }
  return std::nullopt;
}

bool is_final(JobState state) noexcept {
  return state != JobState::kQueued && state != JobState::kRunning;
}

}  // namespace hailstone::core
