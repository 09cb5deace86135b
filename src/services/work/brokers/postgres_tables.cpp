// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/brokers/postgres_tables.hpp"

#include <algorithm>

namespace hailstone::jobs {
namespace {

/// Several boxes may begin at the same moment.
constexpr const char* kOneAtATime = "SELECT pg_advisory_xact_lock(724017)";

std::string with(std::string sql, const std::string& table) {
  for (auto place = sql.find("TABLE_NAME"); place != std::string::npos;
       place = sql.find("TABLE_NAME", place + table.size())) {
    sql.replace(place, std::string_view("TABLE_NAME").size(), table);
  }
  return sql;
}

}  // namespace

std::string channel_of(const std::string& table) {
  std::string channel = table;
  std::replace(channel.begin(), channel.end(), '.', '_');
  return channel;
}

std::vector<std::string> results_schema(const std::string& table) {
  return {kOneAtATime, with(R"(
    CREATE TABLE IF NOT EXISTS TABLE_NAME (
      queue text NOT NULL,
      job_id text NOT NULL,
      name text NOT NULL DEFAULT '',
      status text NOT NULL,
      content_type text NOT NULL,
      result jsonb,
      content bytea,
      error jsonb,
      finished timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (queue, job_id)))",
                            table)};
}

std::vector<std::string> work_schema(const std::string& table) {
  const std::string channel = channel_of(table);
  return {kOneAtATime,
          with(R"(
    CREATE TABLE IF NOT EXISTS TABLE_NAME (
      id text PRIMARY KEY DEFAULT gen_random_uuid()::text,
      request jsonb,
      content bytea,
      priority integer NOT NULL DEFAULT 0,
      not_before timestamptz NOT NULL DEFAULT now(),
      state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'taken', 'done', 'dead')),
      attempts integer NOT NULL DEFAULT 0,
      created timestamptz NOT NULL DEFAULT now(),
      box text,
      lease_until timestamptz,
      error text,
      finished timestamptz,
      CHECK (num_nonnulls(request, content) = 1)))",
               table),
          with("CREATE INDEX IF NOT EXISTS " + channel +
                   "_next ON TABLE_NAME (priority DESC, created, id) WHERE state IN ('waiting', "
                   "'taken')",
               table),
          with("CREATE OR REPLACE FUNCTION TABLE_NAME_told() RETURNS trigger LANGUAGE plpgsql AS "
               "$$ BEGIN PERFORM pg_notify('" +
                   channel + "', ''); RETURN NULL; END $$",
               table),
          with("CREATE OR REPLACE TRIGGER " + channel +
                   "_told AFTER INSERT ON TABLE_NAME FOR EACH STATEMENT EXECUTE FUNCTION "
                   "TABLE_NAME_told()",
               table)};
}

std::string insert_result_sql(const std::string& table, const std::string& from) {
  return with(
             "INSERT INTO TABLE_NAME AS r (queue, job_id, name, status, content_type, result, "
             "error, content) SELECT $1::text, $2::text, $3::text, $4::text, $5::text, "
             "CASE WHEN $4 = 'succeeded' THEN $6::jsonb END, "
             "CASE WHEN $4 <> 'succeeded' THEN $6::jsonb END, $7::bytea ",
             table) +
         from +
         " ON CONFLICT (queue, job_id) DO UPDATE SET name = excluded.name, "
         "status = excluded.status, content_type = excluded.content_type, "
         "result = excluded.result, error = excluded.error, content = excluded.content, "
         "finished = now() WHERE r.status <> 'succeeded'";
}

}  // namespace hailstone::jobs
