// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/runtime_wire.hpp"

#include <chrono>
#include <nlohmann/json.hpp>

namespace hailstone::services {
namespace {

using Json = nlohmann::ordered_json;

Json write_pool(ByteSize limit, ByteSize used) {
  return {{"limit_bytes", limit.count()},
          {"used_bytes", used.count()},
          {"free_bytes", (limit - used).count()}};
}

}  // namespace

Json write_footprint(const inference::Footprint& footprint) {
  return {{"host_bytes", footprint.host.count()}, {"npu_bytes", footprint.npu.count()}};
}

Json write_memory(const core::MemoryUse& memory) {
  return {{"host", write_pool(memory.limit.host, memory.used.host)},
          {"npu", write_pool(memory.limit.npu, memory.used.npu)}};
}

Json write_fault(const core::Fault& fault) {
  return {{"name", fault.name},
          {"reason", fault.reason},
          {"crashes", fault.crashes},
          {"retry_after_s", std::chrono::ceil<std::chrono::seconds>(fault.trial_in).count()}};
}

Json write_faults(const std::vector<core::Fault>& faults) {
  Json out = Json::array();
  for (const auto& fault : faults) out.push_back(write_fault(fault));
  return out;
}

}  // namespace hailstone::services
