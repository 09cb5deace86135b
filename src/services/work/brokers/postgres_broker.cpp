// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/work/brokers/postgres_broker.hpp"

#include "base/error.hpp"
#include "services/work/brokers/postgres_results.hpp"

#ifdef HAILSTONE_HAS_POSTGRES

#include <algorithm>
#include <mutex>
#include <set>
#include <utility>

#include "base/ids.hpp"
#include "services/work/brokers/postgres_link.hpp"
#include "services/work/brokers/postgres_tables.hpp"

namespace hailstone::jobs {
namespace {

constexpr std::chrono::seconds kWait{1};
constexpr const char* kLeased = " AND box = $2 AND state = 'taken'";

std::string seconds_text(std::chrono::milliseconds time) {
  return std::to_string(time.count()) + " milliseconds";
}

std::string column(const PostgresRow& row, std::size_t index) {
  return row.at(index).value_or("");
}

std::uint64_t number(const PostgresRow& row, std::size_t index) {
  return std::stoull(row.at(index).value_or("0"));
}

bool exists(PostgresLink& link, const std::string& table) {
  return link.run({"SELECT to_regclass($1) IS NOT NULL", {table}}).at(0).at(0) == "t";
}

/// Made only where it is not there: a user who may only use it is enough.
void ensure_table(PostgresLink& link, const std::string& table,
                  std::vector<std::string> (*schema)(const std::string&)) {
  if (exists(link, table)) return;
  std::vector<PostgresCommand> commands;
  for (auto& sql : schema(table)) commands.push_back({std::move(sql), {}});
  link.run_together(commands);
}

PostgresCommand insert_result(const std::string& table, const std::string& queue,
                              const NamedResult& result, const std::string& from = {}) {
  const auto columns = columns_of(result.end);
  PostgresCommand command{
      insert_result_sql(table, from),
      {queue, result.id, result.name, std::string(result.end.is_good ? "succeeded" : "failed"),
       result.end.content_type}};
  if (columns.is_bytes) {
    command.values.emplace_back(std::nullopt);
    command.values.push_back(PostgresValue::bytes(columns.json));
  } else {
    command.values.emplace_back(columns.json);
    command.values.emplace_back(std::nullopt);
  }
  return command;
}

class PostgresBroker : public Broker {
 public:
  explicit PostgresBroker(const core::QueueFile& queue)
      : table_(std::get<core::PostgresTable>(queue.source)),
        box_(make_id("box_")),
        taking_(queue, table_.server),
        ending_(queue, table_.server) {}

  std::vector<LeasedWork> take(std::size_t most, const RunContext& run) override {
    make_ready();
    auto taken = claim(most);
    if (!taken.empty()) return taken;
    taking_.wait_for_notice({run.deadline.earlier(Deadline::in(kWait)), run.stop});
    return claim(most);
  }

  void keep() override {
    const std::string ids = held_ids();
    if (ids == "{}") return;
    const auto rows = taking_.run(
        {"UPDATE " + table_.table + " SET lease_until = now() + $3::interval WHERE id = ANY($1)" +
             kLeased + " RETURNING id",
         {ids, box_, seconds_text(table_.sharing.lease)}});
    std::set<std::string> kept;
    for (const auto& row : rows) kept.insert(column(row, 0));
    const std::lock_guard lock(mutex_);
    held_ = std::move(kept);
  }

  bool holds(const std::string& id) const override {
    const std::lock_guard lock(mutex_);
    return held_.contains(id);
  }

  void finish(const std::vector<FinishedWork>& works) override {
    const std::lock_guard lock(ending_mutex_);
    std::vector<PostgresCommand> commands;
    for (const auto& [id, end] : works) {
      end.is_good ? add_good(commands, id, end) : add_bad(commands, id, end);
    }
    ending_.run_together(commands);
    for (const auto& work : works) forget(work.id);
  }

  void give_back(const std::string& id, std::chrono::milliseconds delay, Begun begun) override {
    if (!holds(id)) return;
    const std::lock_guard lock(ending_mutex_);
    ending_.run({"UPDATE " + table_.table +
                     " SET state = 'waiting', box = NULL, lease_until = NULL, "
                     "not_before = now() + $3::interval, attempts = attempts - $4::integer "
                     "WHERE id = $1" +
                     kLeased,
                 {id, box_, seconds_text(delay), std::string(begun == Begun::kYes ? "0" : "1")}});
    forget(id);
  }

  Backlog measure() override {
    make_ready();
    const auto row =
        taking_
            .run({"SELECT count(*) FILTER (WHERE state = 'waiting'), "
                  "count(*) FILTER (WHERE state = 'taken'), "
                  "(SELECT count(*) FROM " +
                      table_.table +
                      " WHERE state = 'dead'), "
                      "greatest(0, extract(epoch FROM now() - min(created)))::bigint FROM " +
                      table_.table + " WHERE state IN ('waiting', 'taken')",
                  {}})
            .at(0);
    Backlog backlog{number(row, 0), number(row, 1), number(row, 2), {}};
    if (row.at(3)) backlog.oldest = std::chrono::seconds(number(row, 3));
    return backlog;
  }

 private:
  void make_ready() {
    if (!taking_.ensure_connected()) return;
    ensure_table(taking_, table_.table, work_schema);
    ensure_table(taking_, table_.server.results, results_schema);
    taking_.run({"LISTEN " + channel_of(table_.table), {}});
  }

  std::vector<LeasedWork> claim(std::size_t most) {
    const auto rows = taking_.run(
        {"WITH next AS (SELECT id FROM " + table_.table +
             " WHERE state IN ('waiting', 'taken') AND ((state = 'waiting' AND not_before <= "
             "now()) OR (state = 'taken' AND lease_until < now())) "
             "ORDER BY priority DESC, created, id LIMIT $1::integer FOR UPDATE SKIP LOCKED) "
             "UPDATE " +
             table_.table +
             " AS j SET state = 'taken', box = $2, attempts = attempts + 1, "
             "lease_until = now() + $3::interval FROM next WHERE j.id = next.id "
             "RETURNING j.id, j.request::text, j.content, j.attempts",
         {std::to_string(most), box_, seconds_text(table_.sharing.lease)}});
    std::vector<LeasedWork> taken;
    for (const auto& row : rows) {
      LeasedWork work{column(row, 0), column(row, 1), static_cast<int>(number(row, 3))};
      if (row.at(2)) work.payload = PostgresLink::bytes_of(*row.at(2));
      const std::lock_guard lock(mutex_);
      held_.insert(work.id);
      taken.push_back(std::move(work));
    }
    return taken;
  }

  /// Good is good, whoever holds the lease by now.
  void add_good(std::vector<PostgresCommand>& commands, const std::string& id,
                const WorkEnd& end) const {
    commands.push_back(insert_result(table_.server.results, table_.table, {id, {}, end}));
    commands.push_back({"UPDATE " + table_.table +
                            " SET state = 'done', finished = now(), lease_until = NULL, error = "
                            "NULL, box = $2 WHERE id = $1 AND state <> 'done'",
                        {id, box_}});
  }

  void add_bad(std::vector<PostgresCommand>& commands, const std::string& id,
               const WorkEnd& end) const {
    // Only whose lease holds has a say.
    auto insert =
        insert_result(table_.server.results, table_.table, {id, {}, end},
                      "FROM " + table_.table + " WHERE id = $2 AND box = $8 AND state = 'taken'");
    insert.values.emplace_back(box_);
    commands.push_back(std::move(insert));
    commands.push_back({"UPDATE " + table_.table +
                            " SET state = 'dead', finished = now(), lease_until = NULL, "
                            "error = $3 WHERE id = $1" +
                            kLeased,
                        {id, box_, end.reason}});
  }

  /// As PostgreSQL writes a list of texts.
  std::string held_ids() const {
    const std::lock_guard lock(mutex_);
    std::string list = "{";
    for (const auto& id : held_) {
      if (list.size() > 1) list += ',';
      list += '"';
      for (const char letter : id) {
        if (letter == '"' || letter == '\\') list += '\\';
        list += letter;
      }
      list += '"';
    }
    return list + "}";
  }

  void forget(const std::string& id) {
    const std::lock_guard lock(mutex_);
    held_.erase(id);
  }

  const core::PostgresTable table_;
  const std::string box_;  ///< who holds a lease
  PostgresLink taking_;    ///< of the thread that takes
  std::mutex ending_mutex_;
  PostgresLink ending_;  ///< guarded by ending_mutex_
  mutable std::mutex mutex_;
  std::set<std::string> held_;  ///< guarded by mutex_
};

class PostgresResults : public ResultTable {
 public:
  explicit PostgresResults(const core::QueueFile& queue)
      : queue_(queue.name), table_(queue.results->results), link_(queue, *queue.results) {}

  void insert(const std::vector<NamedResult>& results) override {
    const std::lock_guard lock(mutex_);
    if (link_.ensure_connected()) ensure_table(link_, table_, results_schema);
    std::vector<PostgresCommand> commands;
    for (const auto& result : results) commands.push_back(insert_result(table_, queue_, result));
    link_.run_together(commands);
  }

 private:
  const std::string queue_;
  const std::string table_;
  std::mutex mutex_;
  PostgresLink link_;  ///< guarded by mutex_
};

}  // namespace

std::unique_ptr<Broker> make_postgres_broker(const core::QueueFile& queue) {
  return std::make_unique<PostgresBroker>(queue);
}

std::unique_ptr<ResultTable> make_result_table(const core::QueueFile& queue) {
  return std::make_unique<PostgresResults>(queue);
}

}  // namespace hailstone::jobs

#else

namespace hailstone::jobs {
namespace {

[[noreturn]] void refuse(const core::QueueFile& queue) {
  throw Error(ErrorCode::kUnsupported,
              "the queue " + queue.name + " needs PostgreSQL, which this program was built without",
              "build it with libpq-dev");
}

}  // namespace

std::unique_ptr<Broker> make_postgres_broker(const core::QueueFile& queue) {
  refuse(queue);
}

std::unique_ptr<ResultTable> make_result_table(const core::QueueFile& queue) {
  refuse(queue);
}

}  // namespace hailstone::jobs

#endif
