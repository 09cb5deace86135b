// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What one run of the program works with.

#include <memory>

#include "cli/cli.hpp"
#include "cli/commands.hpp"

namespace hailstone::cli {

/// One thread. The references outlive it.
class Invocation {
 public:
  Invocation(const core::Environment& environment, const Console& console, const CliHooks& hooks)
      : environment_(environment), console_(console), hooks_(hooks) {}

  const core::Environment& environment() const noexcept { return environment_; }
  const Console& console() const noexcept { return console_; }
  const CliHooks& hooks() const noexcept { return hooks_; }

  /// The service that the environment names, with its key. Throws Error(kBadRequest) for an address
  /// that is none.
  Service& service();
  CommandContext context() { return {console_, environment_, service()}; }

 private:
  const core::Environment& environment_;
  const Console& console_;
  const CliHooks& hooks_;
  std::unique_ptr<Service> service_;
};

}  // namespace hailstone::cli
