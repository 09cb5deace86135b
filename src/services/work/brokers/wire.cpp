// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/brokers/wire.hpp"

#include <nlohmann/json.hpp>

namespace hailstone::jobs {

WorkEnd too_large(const std::string& id, const WorkEnd& end, ByteSize most) {
  WorkEnd told;
  told.is_good = false;
  told.reason = "the answer has " + to_string(ByteSize::bytes(end.body.size())) +
                ", and this broker takes at most " + to_string(most) + " a message";
  const nlohmann::ordered_json failure{
      {"job_id", id},
      {"status", "failed"},
      {"error",
       {{"code", "too_large"},
        {"message", told.reason},
        {"detail", "raise max_payload of the broker, or ask for less"}}}};
  told.body = failure.dump();
  return told;
}

}  // namespace hailstone::jobs
