// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/memory/refusal.hpp"

#include <algorithm>
#include <vector>

#include "base/strings.hpp"

namespace hailstone::core {
namespace {

using inference::Footprint;

struct Pool {
  const char* name;
  ByteSize Footprint::*amount;
};

constexpr Pool kPools[] = {{"host memory", &Footprint::host}, {"NPU memory", &Footprint::npu}};

/// Of all, or only of those with that hold.
Footprint total_of(const RoomRequest& request, std::optional<Hold> hold = std::nullopt) {
  Footprint total;
  for (const auto& occupant : request.occupants) {
    if (!hold || occupant.hold == *hold) total += occupant.footprint;
  }
  return total;
}

std::string list_of(const RoomRequest& request, Hold hold) {
  std::vector<std::string> texts;
  for (const auto& occupant : request.occupants) {
    if (occupant.hold != hold) continue;
    texts.push_back(occupant.name + " " +
                    to_string(occupant.footprint.host + occupant.footprint.npu));
  }
  return join(texts, ", ");
}

std::string describe_pool(const Pool& pool, const RoomRequest& request, RoomVerdict verdict) {
  const ByteSize capacity = request.capacity.*pool.amount;
  std::string text = "needs " + to_string(request.wanted.*pool.amount) + " of " + pool.name;
  if (verdict == RoomVerdict::kNever) {
    text += ", and the limit is " + to_string(capacity);
    const ByteSize pinned = total_of(request, Hold::kPinned).*pool.amount;
    if (pinned > ByteSize()) text += ", of which pinned models hold " + to_string(pinned);
    return text;
  }
  return text + ", and " + to_string(capacity - total_of(request).*pool.amount) + " of " +
         to_string(capacity) + " are free";
}

}  // namespace

std::string describe_shortage(const RoomRequest& request, RoomVerdict verdict) {
  // What can never fit is short of what is not pinned; what fits later, of what is free.
  const bool never = verdict == RoomVerdict::kNever;
  const Footprint taken = never ? total_of(request, Hold::kPinned) : total_of(request);
  std::vector<std::string> texts;
  for (const auto& occupant : request.occupants) {
    if (!is_rival(request, occupant)) continue;
    texts.push_back("needs the place of '" + occupant.name + "', as only one " + request.group +
                    " model is loaded at a time");
  }
  for (const Pool& pool : kPools) {
    const ByteSize room = (request.capacity - taken).*pool.amount;
    if (request.wanted.*pool.amount > room) texts.push_back(describe_pool(pool, request, verdict));
  }
  if (texts.empty() && request.max_models > 0) {
    texts.push_back("needs a place, and " + std::to_string(request.occupants.size()) + " of " +
                    std::to_string(request.max_models) + " models are loaded");
  }
  if (texts.empty()) texts.push_back(describe_pool(kPools[0], request, verdict));
  return join(texts, "; ");
}

Error refuse_room(const std::string& model, const RoomRequest& request, RoomVerdict verdict) {
  std::string shortage = describe_shortage(request, verdict);
  if (verdict == RoomVerdict::kNever) {
    return Error(ErrorCode::kOutOfMemory, "model '" + model + "' can never fit: it " + shortage,
                 "a smaller context or a smaller quantisation takes less; the settings "
                 "memory_limit, npu_memory, max_loaded_models and pin make the limit");
  }
  if (verdict == RoomVerdict::kFits) shortage += "; but other loads were before it";
  // Whoever comes back finds it loaded, if it gets its place then.
  constexpr std::chrono::seconds kRetryAfter{5};
  const auto retry_after =
      std::max(kRetryAfter, std::chrono::ceil<std::chrono::seconds>(request.load_time));
  std::vector<std::string> parts;
  if (const auto used = list_of(request, Hold::kInUse); !used.empty()) {
    parts.push_back("in use: " + used);
  }
  if (const auto pinned = list_of(request, Hold::kPinned); !pinned.empty()) {
    parts.push_back("pinned: " + pinned);
  }
  if (const auto idle = list_of(request, Hold::kNone); !idle.empty()) {
    parts.push_back("idle: " + idle);
  }
  return Error(ErrorCode::kOutOfMemory,
               "model '" + model + "' does not fit into memory now: it " + shortage,
               join(parts, "; "))
      .set_retry_after(retry_after);
}

}  // namespace hailstone::core
