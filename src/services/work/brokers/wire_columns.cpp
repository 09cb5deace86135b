// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "base/strings.hpp"
#include "services/work/brokers/postgres_tables.hpp"

namespace hailstone::jobs {

ResultColumns columns_of(const WorkEnd& end) {
  // What jsonb does not take.
  const bool has_zero =
      end.body.find('\0') != std::string::npos || end.body.find("\\u0000") != std::string::npos;
  if (has_zero || !is_valid_utf8(end.body)) return {end.body, true};
  if (end.content_type.starts_with("application/json")) {
    if (nlohmann::json::accept(end.body)) return {end.body, false};
  } else if (end.content_type.starts_with("text/")) {
    return {nlohmann::json(end.body).dump(), false};
  }
  return {end.body, true};
}

}  // namespace hailstone::jobs
