// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where several boxes get their work from together: a stream of NATS, a table of PostgreSQL. Work
// stays there until its result is there as well; a box has it on lease meanwhile, and whoever is
// not heard of for too long loses it to another.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/run_context.hpp"

namespace hailstone::jobs {

/// A piece of work that is this box's for a while.
struct LeasedWork {
  std::string id;  ///< the same on every box, whoever has it at last
  std::string payload;
  int attempt = 1;  ///< how often it has been given to somebody, with this time
};

/// What came of it.
struct WorkEnd {
  bool is_good = true;
  std::string content_type = "application/json";
  std::string body;    ///< the answer, or the failure as JSON
  std::string reason;  ///< of the failure, for people
};

struct FinishedWork {
  std::string id;
  WorkEnd end;
};

/// Whether work that goes back was begun.
enum class Begun : std::uint8_t { kNo, kYes };

struct Backlog {
  std::uint64_t waiting = 0;
  std::uint64_t taken = 0;  ///< by all boxes together
  std::uint64_t dead = 0;
  std::optional<std::chrono::seconds> oldest;  ///< the age of what has waited for longest
};

/// Thread-safe. Everything throws Error(kEngineFailed) where the other side cannot be reached, and
/// connects again by itself.
class Broker {
 public:
  virtual ~Broker() = default;

  /// Waits for about a second where there is nothing.
  virtual std::vector<LeasedWork> take(std::size_t most, const RunContext& run) = 0;
  /// Prolongs the leases of all that is held.
  virtual void keep() = 0;
  /// Whether the work is this box's, as far as it knows.
  virtual bool holds(const std::string& id) const = 0;
  /// Durable when it returns, all or some; what it throws may be tried again. The first result
  /// counts: that of another box is left as it is. Also without a lease, where it is good.
  virtual void finish(const std::vector<FinishedWork>& works) = 0;
  /// For another box, or this one, after the delay; nothing where it is not held.
  virtual void give_back(const std::string& id, std::chrono::milliseconds delay, Begun begun) = 0;
  virtual Backlog measure() = 0;
};

}  // namespace hailstone::jobs
