// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Exchanges with hosts that the operator allows: small files that clients name by a URL instead of
// sending the bytes, and messages to URLs that clients name. Neither redirects nor what a name
// means lead anywhere else.

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
  /// Throws Error(kBadRequest) for what is no URL of HTTP or not of an allowed host.
  void check(const std::string& url) const;

  /// Blocks, at most some seconds. Throws Error(kBadRequest) for what is not allowed or not there,
  /// kTooLarge, kTimeout, kCancelled.
  std::string fetch(const std::string& url, const RunContext& run) const;
  /// headers: "Name: value". Throws Error(kBadRequest) for what is not allowed, kEngineFailed where
  /// it does not arrive or is not answered with 2xx, kTimeout, kCancelled.
  void post(const std::string& url, std::vector<std::string> headers, std::string body,
            const RunContext& run) const;

 private:
  std::vector<std::string> hosts_;
};

}  // namespace hailstone::core
