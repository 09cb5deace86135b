// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The runtime's state as JSON, the same on every route that shows it. Pure.

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "core/runtime/runtime.hpp"

namespace hailstone::services {

/// {"host_bytes":...,"npu_bytes":...}
nlohmann::ordered_json write_footprint(const inference::Footprint& footprint);

/// Limit, use and what is free, of each pool: {"host":{"limit_bytes":...},"npu":{...}}
nlohmann::ordered_json write_memory(const core::MemoryUse& memory);

/// {"name","reason","crashes","retry_after_s"}
nlohmann::ordered_json write_fault(const core::Fault& fault);
nlohmann::ordered_json write_faults(const std::vector<core::Fault>& faults);

}  // namespace hailstone::services
