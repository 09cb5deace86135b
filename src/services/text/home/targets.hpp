// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which of a home's devices somebody means. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/text/home/home_index.hpp"
#include "services/text/home/words.hpp"

namespace hailstone::home {

struct Target {
  std::vector<Slot> slots;  ///< as Home Assistant finds it: name, or area and domain
  std::string spoken;       ///< "the kitchen light"
  std::string domain;
};

/// A device by a name of its, also with its area before it; or all of a kind in an area ("lights in
/// the kitchen", "kitchen lights"), in the area where it is said ("the lights"), or anywhere ("all
/// lights"). here: the name of that area; may be empty. Nothing for what the home does not have.
std::optional<Target> find_target(WordSpan words, const HomeIndex& home, std::string_view here,
                                  std::string_view language);

/// An area alone: "the living room".
std::optional<Target> find_area(WordSpan words, const HomeIndex& home, std::string_view language);

}  // namespace hailstone::home
