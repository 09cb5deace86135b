// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A table that takes results, whoever makes them.

#include <memory>
#include <string>
#include <vector>

#include "core/queues/queue_file.hpp"
#include "services/work/brokers/broker.hpp"

namespace hailstone::jobs {

struct NamedResult {
  std::string id;
  std::string name;  ///< a file's
  WorkEnd end;
};

/// Thread-safe.
class ResultTable {
 public:
  virtual ~ResultTable() = default;
  /// All or none; what is there and good stays. Throws Error(kEngineFailed) where that cannot be.
  virtual void insert(const std::vector<NamedResult>& results) = 0;
};

/// queue.results says where. Throws Error(kBadRequest) for a connection that is none,
/// kUnsupported where the program was built without libpq.
std::unique_ptr<ResultTable> make_result_table(const core::QueueFile& queue);

}  // namespace hailstone::jobs
