// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is told instead of an answer. Pure.

#include <string>

#include "base/byte_size.hpp"
#include "services/work/brokers/broker.hpp"

namespace hailstone::jobs {

/// Of an answer that the broker does not take.
WorkEnd too_large(const std::string& id, const WorkEnd& end, ByteSize most);

}  // namespace hailstone::jobs
