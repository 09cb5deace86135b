// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which services this machine offers: the setting "services". A route of one that is switched off
// stays, and says so.

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "http/router.hpp"

namespace hailstone::app {

/// A value.
class Offers {
 public:
  /// Names of services, or of their groups: text, vision, speech, work. Empty: everything. Throws
  /// Error(kBadRequest) for a name that is none.
  explicit Offers(const std::vector<std::string>& names);

  bool has(std::string_view service) const;

  /// Adds the routes that `add` makes; where none of the services is offered, each of them answers
  /// 404 and says what there is.
  void add(http::Router& router, const std::vector<std::string_view>& services,
           const std::function<void(http::Router&)>& add) const;

 private:
  std::set<std::string, std::less<>> offered_;  ///< empty: all
};

}  // namespace hailstone::app
