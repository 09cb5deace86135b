// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/wake/trigger.hpp"

namespace hailstone::wake {

bool Trigger::push(float score, std::uint64_t at) noexcept {
  constexpr std::uint64_t kSamplesPerMillisecond = 16;
  count_ = score >= options_.threshold ? count_ + 1 : 0;
  if (count_ < options_.patience) return false;
  const auto pause =
      static_cast<std::uint64_t>(options_.refractory.count()) * kSamplesPerMillisecond;
  if (last_ && at < *last_ + pause) return false;
  last_ = at;
  count_ = 0;
  return true;
}

}  // namespace hailstone::wake
