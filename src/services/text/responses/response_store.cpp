// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/responses/response_store.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "core/database/database.hpp"

namespace hailstone::responses {
namespace {

using core::Database;
using core::Statement;

/// A chain of responses longer than this has no context that it fits into.
constexpr std::size_t kMostTurns = 1000;

constexpr int kInput = 0;
constexpr int kOutput = 1;

constexpr const char* kSchema = R"(
  CREATE TABLE IF NOT EXISTS responses(
    id TEXT PRIMARY KEY, previous TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL,
    bytes INTEGER NOT NULL, json TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS items(
    response TEXT NOT NULL REFERENCES responses(id) ON DELETE CASCADE, side INTEGER NOT NULL,
    position INTEGER NOT NULL, id TEXT NOT NULL, json TEXT NOT NULL,
    PRIMARY KEY(response, side, position));
  CREATE INDEX IF NOT EXISTS items_by_id ON items(id);
  CREATE INDEX IF NOT EXISTS responses_by_age ON responses(created);
)";

std::int64_t size_of(const std::vector<StoredItem>& items) {
  std::int64_t size = 0;
  for (const auto& item : items) size += static_cast<std::int64_t>(item.json.size());
  return size;
}

void add_items(Database& database, const std::string& response, int side,
               const std::vector<StoredItem>& items) {
  std::int64_t position = 0;
  for (const auto& item : items) {
    Statement(database, "INSERT INTO items(response, side, position, id, json) VALUES(?,?,?,?,?)")
        .bind(response)
        .bind(static_cast<std::int64_t>(side))
        .bind(position++)
        .bind(item.id)
        .bind(item.json)
        .run();
  }
}

[[noreturn]] void refuse_unknown(const std::string& id) {
  throw Error(ErrorCode::kNotFound, "response '" + id.substr(0, 80) + "' not found",
              "it was not stored, has been deleted, or its time is over");
}

}  // namespace

struct ResponseStore::Row {
  std::string previous;
  std::string json;
};

ResponseStore::ResponseStore(StoreOptions options, const Clock& clock)
    : options_(std::move(options)), clock_(clock) {}

ResponseStore::~ResponseStore() = default;

Database& ResponseStore::database() {
  if (!database_) {
    database_ = std::make_unique<Database>(options_.file);
    database_->run(kSchema);
  }
  return *database_;
}

std::int64_t ResponseStore::now() const {
  return std::chrono::duration_cast<std::chrono::seconds>(clock_.wall().time_since_epoch()).count();
}

void ResponseStore::save(const KeptResponse& response) {
  const std::int64_t bytes = static_cast<std::int64_t>(response.json.size()) +
                             size_of(response.input) + size_of(response.output);
  if (bytes > static_cast<std::int64_t>(options_.most.count())) {
    throw Error(ErrorCode::kTooLarge, "the response is too large to be stored",
                "ask with store: false");
  }
  const std::lock_guard lock(mutex_);
  core::Transaction transaction(database());
  make_room(bytes);
  Statement(
      database(),
      "INSERT INTO responses(id, previous, created, expires, bytes, json) VALUES(?,?,?,?,?,?)")
      .bind(response.id)
      .bind(response.previous)
      .bind(now())
      .bind(now() + options_.keep.count())
      .bind(bytes)
      .bind(response.json)
      .run();
  add_items(database(), response.id, kInput, response.input);
  add_items(database(), response.id, kOutput, response.output);
  transaction.commit();
}

void ResponseStore::make_room(std::int64_t wanted) {
  Statement(database(), "DELETE FROM responses WHERE expires <= ?").bind(now()).run();
  const auto most = static_cast<std::int64_t>(options_.most.count());
  while (database().read_number("SELECT COALESCE(SUM(bytes), 0) FROM responses") + wanted > most) {
    const int gone = Statement(database(),
                               "DELETE FROM responses WHERE rowid IN "
                               "(SELECT rowid FROM responses ORDER BY created, rowid LIMIT 16)")
                         .run();
    if (gone == 0) return;
  }
}

std::optional<ResponseStore::Row> ResponseStore::find(const std::string& id) {
  Statement statement(database(),
                      "SELECT previous, json FROM responses WHERE id = ? AND expires > ?");
  statement.bind(id).bind(now());
  if (!statement.step()) return std::nullopt;
  return Row{statement.text(0), statement.text(1)};
}

void ResponseStore::append_items(const std::string& id, int side, std::vector<StoredItem>& out) {
  Statement statement(
      database(), "SELECT id, json FROM items WHERE response = ? AND side = ? ORDER BY position");
  statement.bind(id).bind(static_cast<std::int64_t>(side));
  while (statement.step()) out.push_back({statement.text(0), statement.text(1)});
}

std::string ResponseStore::require(const std::string& id) {
  if (!keeps()) refuse_unknown(id);
  const std::lock_guard lock(mutex_);
  auto row = find(id);
  if (!row) refuse_unknown(id);
  return std::move(row->json);
}

void ResponseStore::erase(const std::string& id) {
  if (!keeps()) refuse_unknown(id);
  const std::lock_guard lock(mutex_);
  const int gone = Statement(database(), "DELETE FROM responses WHERE id = ?").bind(id).run();
  if (gone == 0) refuse_unknown(id);
}

std::vector<StoredItem> ResponseStore::input_items(const std::string& id) {
  if (!keeps()) refuse_unknown(id);
  const std::lock_guard lock(mutex_);
  if (!find(id)) refuse_unknown(id);
  std::vector<StoredItem> items;
  append_items(id, kInput, items);
  return items;
}

std::vector<StoredItem> ResponseStore::conversation(const std::string& response) {
  if (!keeps()) refuse_unknown(response);
  const std::lock_guard lock(mutex_);
  std::vector<std::string> turns;
  for (std::string id = response; !id.empty();) {
    auto row = find(id);
    if (!row || turns.size() == kMostTurns) refuse_unknown(id);
    turns.push_back(std::exchange(id, std::move(row->previous)));
  }
  std::vector<StoredItem> items;
  for (auto turn = turns.rbegin(); turn != turns.rend(); ++turn) {
    append_items(*turn, kInput, items);
    append_items(*turn, kOutput, items);
  }
  return items;
}

std::optional<StoredItem> ResponseStore::find_item(const std::string& id) {
  if (!keeps()) return std::nullopt;
  const std::lock_guard lock(mutex_);
  Statement statement(database(),
                      "SELECT items.id, items.json FROM items JOIN responses ON responses.id = "
                      "items.response WHERE items.id = ? AND responses.expires > ? LIMIT 1");
  statement.bind(id).bind(now());
  if (!statement.step()) return std::nullopt;
  return StoredItem{statement.text(0), statement.text(1)};
}

}  // namespace hailstone::responses
