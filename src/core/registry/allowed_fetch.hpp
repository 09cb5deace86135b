// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Small files from hosts that the operator allows, for clients that name a URL instead of sending
// the bytes. Neither redirects nor what a name means lead anywhere else.

#include <string>
#include <vector>

#include "base/run_context.hpp"

namespace hailstone::core {

/// A value. Thread-safe.
class AllowedFetch {
 public:
  /// hosts: names ("img.example.com"), all names below one ("*.example.com"), numbers ("10.0.0.7",
  /// "[fd00::7]"), or "*" for every name. A name must mean an address of the world; who has a
  /// camera at home allows its number.
  explicit AllowedFetch(std::vector<std::string> hosts);

  bool allows_any() const noexcept { return !hosts_.empty(); }

  /// Blocks, at most some seconds. Throws Error(kBadRequest) for what is not allowed or not there,
  /// kTooLarge, kTimeout, kCancelled.
  std::string fetch(const std::string& url, const RunContext& run) const;

 private:
  std::vector<std::string> hosts_;
};

}  // namespace hailstone::core
