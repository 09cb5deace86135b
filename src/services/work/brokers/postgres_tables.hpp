// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The tables of work and of results, as SQL. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "services/work/brokers/broker.hpp"

namespace hailstone::jobs {

/// Makes what is missing; "IF NOT EXISTS" throughout. The statements go together.
std::vector<std::string> results_schema(const std::string& table);
std::vector<std::string> work_schema(const std::string& table);

/// "public_jobs" for "public.jobs": a notification channel.
std::string channel_of(const std::string& table);

/// A result as the column "result" takes it, JSON, or as "content", bytes.
struct ResultColumns {
  std::string json;
  bool is_bytes = false;
};
ResultColumns columns_of(const WorkEnd& end);

/// $1 queue, $2 job, $3 name, $4 status, $5 content type, $6 result or error, $7 content. What is
/// there and good stays. from: "FROM table WHERE ...", of whose rows there is one or none.
std::string insert_result_sql(const std::string& table, const std::string& from = {});

}  // namespace hailstone::jobs
