// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A table of PostgreSQL's as a broker: a row for each piece of work, and one for each result.

#include <memory>

#include "core/queues/queue_file.hpp"
#include "services/work/brokers/broker.hpp"

namespace hailstone::jobs {

/// Connects by itself, again and again; makes the tables where there are none. Throws
/// Error(kBadRequest) for a connection that is none and a file that cannot be read, kUnsupported
/// where the program was built without libpq.
std::unique_ptr<Broker> make_postgres_broker(const core::QueueFile& queue);

}  // namespace hailstone::jobs
