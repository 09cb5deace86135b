// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who has to go so that a model fits. Pure.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "inference/engine.hpp"

namespace hailstone::core {

/// What keeps a model from being evicted.
enum class Hold {
  kNone,
  kInUse,   ///< leased or being loaded: ends by itself
  kPinned,  ///< by the operator
};

/// A model that takes memory, or is about to.
struct Occupant {
  std::string name;
  inference::Footprint footprint;
  Hold hold = Hold::kNone;
  SteadyTime last_used{};
  std::chrono::nanoseconds reload_time{};  ///< measured when it was loaded
  std::string group{};                     ///< empty, or it is alone of its group
  SteadyTime since{};                      ///< when it was ready
};

struct RoomRequest {
  std::vector<Occupant> occupants;
  inference::Footprint capacity;
  inference::Footprint wanted;
  int max_models = 0;   ///< together with the new one; 0: any number
  std::string group{};  ///< of the new one: nobody else of it may stay
  SteadyTime now{};
  std::chrono::nanoseconds load_time{};  ///< of the new one; zero: not known
};

enum class RoomVerdict {
  kFits,   ///< once the victims are gone
  kLater,  ///< only once models in use are idle
  kNever,  ///< it is larger than the budget, or than pinned models leave
};

struct RoomPlan {
  RoomVerdict verdict = RoomVerdict::kNever;
  /// Indices of occupants, in the order in which they go. With kLater some of them are in use.
  std::vector<std::size_t> victims;
};

/// Whether it cannot stay beside the new one, however much memory there is.
bool is_rival(const RoomRequest& request, const Occupant& occupant) noexcept;
bool has_rival(const RoomRequest& request) noexcept;

/// When models that cannot stay beside the new one have been there for as long as loading them
/// took, at most so long: where requests for both go on coming, no more than half of the time is
/// spent on changing places, and what is there serves all who come meanwhile.
SteadyTime earliest_switch(const RoomRequest& request, std::chrono::nanoseconds most) noexcept;

/// Evicts no pinned model, and one in use only in the sense of kLater. The longer a model was not
/// used in relation to the time that loading it again takes, the sooner it goes; of equals the
/// least recently used. Of all choices that make enough room it takes the one that spares the most
/// valuable model, then the next most valuable one, and so on; so nobody goes in vain.
RoomPlan plan_room(const RoomRequest& request);

}  // namespace hailstone::core
