// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A home whose things are found by what they are called, however many there are.

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "services/text/home/home.hpp"
#include "services/text/home/words.hpp"

namespace hailstone::home {

/// A value that does not change.
class HomeIndex {
 public:
  HomeIndex() = default;
  explicit HomeIndex(Home home);

  const Home& home() const noexcept { return home_; }
  bool is_known() const noexcept { return home_.is_known(); }

  /// Those with that name or alias. The index outlives them.
  std::vector<const Device*> find_devices(WordSpan words) const;
  /// Null where there is none.
  const Area* find_area(WordSpan words) const;
  /// Whether there is a device of that domain, in that area or (empty) anywhere.
  bool has(std::string_view domain, std::string_view area) const;
  /// Where a listening device stands; empty: that is not known.
  std::string area_of(const std::string& satellite) const;

 private:
  Home home_;
  std::unordered_map<std::string, std::vector<std::size_t>> devices_;  // joined words -> places
  std::unordered_map<std::string, std::size_t> areas_;
  std::set<std::pair<std::string, std::string>, std::less<>> kinds_;  // domain and area
};

}  // namespace hailstone::home
