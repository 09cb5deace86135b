// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A subject of a NATS stream as a broker: a durable pull consumer, which all boxes share; results
// and dead letters on subjects of their own.

#include <memory>

#include "core/queues/queue_file.hpp"
#include "services/work/brokers/broker.hpp"

namespace hailstone::jobs {

/// Connects by itself, again and again; makes streams and consumer where there are none. Throws
/// Error(kBadRequest) for a file that cannot be read, kUnsupported where the program was built
/// without libnats.
std::unique_ptr<Broker> make_nats_broker(const core::QueueFile& queue);

}  // namespace hailstone::jobs
