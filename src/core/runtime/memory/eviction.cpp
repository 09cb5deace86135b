// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/memory/eviction.hpp"

#include <algorithm>
#include <tuple>

namespace hailstone::core {
namespace {

using inference::Footprint;
using Indices = std::vector<std::size_t>;

/// The higher, the sooner it goes.
double staleness(const Occupant& occupant, SteadyTime now) {
  using Seconds = std::chrono::duration<double>;
  constexpr double kShortestReload = 0.01;  // what costs nothing still has an age
  const double age = std::max(0.0, Seconds(now - occupant.last_used).count());
  return age / std::max(kShortestReload, Seconds(occupant.reload_time).count());
}

/// Of those that `may` go, the first to go first.
Indices rank(const RoomRequest& request, bool (*may)(Hold)) {
  Indices ranked;
  for (std::size_t i = 0; i < request.occupants.size(); ++i) {
    if (may(request.occupants[i].hold)) ranked.push_back(i);
  }
  const auto key = [&](std::size_t i) {
    const Occupant& occupant = request.occupants[i];
    // Who is in use goes after who is not: that costs nobody a wait.
    return std::make_tuple(occupant.hold == Hold::kInUse, -staleness(occupant, request.now),
                           occupant.last_used, std::string_view(occupant.name));
  };
  std::sort(ranked.begin(), ranked.end(),
            [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  return ranked;
}

/// What is there without the victims, counted anew for each question: there are few models.
bool is_room(const RoomRequest& request, const Indices& victims) {
  Footprint used;
  std::size_t staying = 0;
  for (std::size_t i = 0; i < request.occupants.size(); ++i) {
    if (std::find(victims.begin(), victims.end(), i) != victims.end()) continue;
    if (is_rival(request, request.occupants[i])) return false;
    used += request.occupants[i].footprint;
    ++staying;
  }
  if (request.max_models > 0 && staying >= static_cast<std::size_t>(request.max_models)) {
    return false;
  }
  return (used + request.wanted).fits_into(request.capacity);
}

/// The shortest beginning of the ranking that is enough, and of that only who is needed. Nothing if
/// even all are not enough.
std::optional<Indices> choose_victims(const RoomRequest& request, const Indices& ranked) {
  Indices victims;
  for (auto next = ranked.begin(); !is_room(request, victims); ++next) {
    if (next == ranked.end()) return std::nullopt;
    victims.push_back(*next);
  }
  for (std::size_t i = victims.size(); i-- > 0;) {
    Indices fewer = victims;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (is_room(request, fewer)) victims = std::move(fewer);
  }
  return victims;
}

}  // namespace

bool is_rival(const RoomRequest& request, const Occupant& occupant) noexcept {
  return !request.group.empty() && occupant.group == request.group;
}

bool has_rival(const RoomRequest& request) noexcept {
  return std::any_of(request.occupants.begin(), request.occupants.end(),
                     [&](const Occupant& occupant) { return is_rival(request, occupant); });
}

SteadyTime earliest_switch(const RoomRequest& request, std::chrono::nanoseconds most) noexcept {
  SteadyTime earliest = SteadyTime::min();
  for (const auto& occupant : request.occupants) {
    if (!is_rival(request, occupant)) continue;
    const auto stay = std::min(occupant.reload_time, most);
    earliest =
        std::max(earliest, occupant.since + std::chrono::duration_cast<SteadyTime::duration>(stay));
  }
  return earliest;
}

RoomPlan plan_room(const RoomRequest& request) {
  const auto idle = rank(request, [](Hold hold) { return hold == Hold::kNone; });
  if (auto victims = choose_victims(request, idle))
    return {RoomVerdict::kFits, std::move(*victims)};
  const auto unpinned = rank(request, [](Hold hold) { return hold != Hold::kPinned; });
  if (auto victims = choose_victims(request, unpinned)) {
    return {RoomVerdict::kLater, std::move(*victims)};
  }
  return {RoomVerdict::kNever, {}};
}

}  // namespace hailstone::core
