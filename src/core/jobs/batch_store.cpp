// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/jobs/batch_store.hpp"

#include <array>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/ids.hpp"
#include "core/database/database.hpp"
#include "core/jobs/job_rows.hpp"

namespace hailstone::core {
namespace {

constexpr std::int64_t kVersion = 1;

constexpr const char* kSchema = R"(
  CREATE TABLE files(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    filename TEXT NOT NULL,
    purpose TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    created INTEGER NOT NULL) STRICT;
  CREATE TABLE batches(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    status INTEGER NOT NULL,
    input_file TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    window TEXT NOT NULL,
    metadata TEXT NOT NULL,
    errors TEXT NOT NULL,
    output_file TEXT NOT NULL,
    error_file TEXT NOT NULL,
    total INTEGER NOT NULL,
    completed INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    started INTEGER,
    finalizing INTEGER,
    cancelling INTEGER,
    ended INTEGER) STRICT;
  PRAGMA user_version = 1;
)";

constexpr const char* kFileColumns =
    "SELECT number, id, filename, purpose, bytes, created FROM files ";
constexpr const char* kBatchColumns =
    "SELECT number, id, status, input_file, endpoint, window, metadata, errors, output_file, "
    "error_file, total, completed, failed, created, expires, started, finalizing, cancelling, "
    "ended FROM batches ";

constexpr std::array<std::string_view, 8> kNames = {"validating", "failed",    "in_progress",
                                                    "finalizing", "completed", "expired",
                                                    "cancelling", "cancelled"};

std::filesystem::path folder_of(std::filesystem::path file) {
  return file.replace_extension();
}

void ensure_schema(Database& database) {
  const auto version = database.read_number("PRAGMA user_version");
  if (version == kVersion) return;
  if (version > kVersion) {
    throw Error(ErrorCode::kUnsupported, "the batches database was made by a newer version",
                "install that version again, or move the file away to start with an empty one");
  }
  Transaction transaction(database);
  database.run(kSchema);
  transaction.commit();
}

std::optional<WallTime> find_time(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return from_milliseconds(row.number(column));
}

StoredFile read_file(const Statement& row) {
  return {row.number(0),
          row.text(1),
          row.text(2),
          row.text(3),
          static_cast<std::uint64_t>(row.number(4)),
          from_milliseconds(row.number(5))};
}

Batch read_batch(const Statement& row) {
  Batch batch;
  batch.number = row.number(0);
  batch.id = row.text(1);
  batch.status = static_cast<BatchStatus>(row.number(2));
  batch.input_file = row.text(3);
  batch.endpoint = row.text(4);
  batch.window = row.text(5);
  batch.metadata = row.text(6);
  batch.errors = row.text(7);
  batch.output_file = row.text(8);
  batch.error_file = row.text(9);
  batch.total = static_cast<std::size_t>(row.number(10));
  batch.completed = static_cast<std::size_t>(row.number(11));
  batch.failed = static_cast<std::size_t>(row.number(12));
  batch.created = from_milliseconds(row.number(13));
  batch.expires = from_milliseconds(row.number(14));
  batch.started = find_time(row, 15);
  batch.finalizing = find_time(row, 16);
  batch.cancelling = find_time(row, 17);
  batch.ended = find_time(row, 18);
  return batch;
}

void bind_time(Statement& row, const std::optional<WallTime>& time) {
  time ? row.bind(to_milliseconds(*time)) : row.bind_null();
}

/// What may change, in the order of the UPDATE.
void bind_changes(Statement& row, const Batch& batch) {
  row.bind(static_cast<std::int64_t>(batch.status)).bind(batch.errors);
  row.bind(batch.output_file).bind(batch.error_file);
  row.bind(static_cast<std::int64_t>(batch.total));
  row.bind(static_cast<std::int64_t>(batch.completed));
  row.bind(static_cast<std::int64_t>(batch.failed));
  for (const auto* time : {&batch.started, &batch.finalizing, &batch.cancelling, &batch.ended}) {
    bind_time(row, *time);
  }
}

Error no_file(const std::string& id) {
  return {ErrorCode::kNotFound, "there is no file '" + id + "'", "GET /v1/files lists them"};
}

}  // namespace

std::string_view to_string(BatchStatus status) noexcept {
  return kNames.at(static_cast<std::size_t>(status));
}

bool is_final(BatchStatus status) noexcept {
  return status == BatchStatus::kFailed || status == BatchStatus::kCompleted ||
         status == BatchStatus::kExpired || status == BatchStatus::kCancelled;
}

BatchStore::BatchStore(std::filesystem::path file, ByteSize max_stored, const Clock& clock)
    : file_(std::move(file)), payloads_(folder_of(file_)), max_stored_(max_stored), clock_(clock) {}

BatchStore::~BatchStore() = default;

Database& BatchStore::open() {
  if (database_) return *database_;
  auto database = std::make_unique<Database>(file_);
  ensure_schema(*database);
  std::set<std::string> known;
  {
    Statement row(*database, "SELECT id FROM files");
    while (row.step()) known.insert(row.text(0));
  }
  payloads_.remove_all_but([&](const std::string& name) { return known.contains(name); });
  database_ = std::move(database);
  return *database_;
}

BatchStore::Incoming BatchStore::receive() {
  const std::lock_guard lock(mutex_);
  const auto stored =
      static_cast<std::uint64_t>(open().read_number("SELECT total(bytes) FROM files"));
  if (stored >= max_stored_.count()) {
    throw Error(ErrorCode::kBusy,
                "files take " + to_string(ByteSize::bytes(stored)) + ", and at most " +
                    to_string(max_stored_) + " are kept",
                "delete some: DELETE /v1/files/{id}");
  }
  Incoming incoming;
  incoming.id = make_id("file-");
  incoming.writer = std::make_unique<PayloadWriter>(folder_of(file_), incoming.id);
  return incoming;
}

StoredFile BatchStore::keep(Incoming incoming, const std::string& filename,
                            const std::string& purpose) {
  incoming.writer->finish();
  const std::lock_guard lock(mutex_);
  Statement(open(),
            "INSERT INTO files(id, filename, purpose, bytes, created) VALUES(?, ?, ?, ?, ?)")
      .bind(incoming.id)
      .bind(filename)
      .bind(purpose)
      .bind(static_cast<std::int64_t>(incoming.writer->size()))
      .bind(to_milliseconds(clock_.wall()))
      .run();
  Statement row(open(), (std::string(kFileColumns) + "WHERE id = ?").c_str());
  row.bind(incoming.id).step();
  return read_file(row);
}

std::optional<StoredFile> BatchStore::find_file(const std::string& id) {
  const std::lock_guard lock(mutex_);
  Statement row(open(), (std::string(kFileColumns) + "WHERE id = ?").c_str());
  if (!row.bind(id).step()) return std::nullopt;
  return read_file(row);
}

std::vector<StoredFile> BatchStore::list_files(const std::string& purpose, std::int64_t before,
                                               std::size_t limit) {
  const std::lock_guard lock(mutex_);
  Statement row(open(), (std::string(kFileColumns) +
                         "WHERE (? = '' OR purpose = ?) AND (? = 0 OR number < ?) "
                         "ORDER BY number DESC LIMIT ?")
                            .c_str());
  row.bind(purpose).bind(purpose).bind(before).bind(before).bind(static_cast<std::int64_t>(limit));
  std::vector<StoredFile> files;
  while (row.step()) files.push_back(read_file(row));
  return files;
}

std::ifstream BatchStore::open_file(const std::string& id) {
  if (!find_file(id)) throw no_file(id);
  return payloads_.open(id);
}

void BatchStore::remove_file(const std::string& id) {
  const std::lock_guard lock(mutex_);
  if (Statement(open(), "DELETE FROM files WHERE id = ?").bind(id).run() == 0) throw no_file(id);
  payloads_.remove(id);
}

Batch BatchStore::create(Batch batch) {
  batch.id = make_id("batch_");
  {
    const std::lock_guard lock(mutex_);
    Statement row(open(),
                  "INSERT INTO batches(id, status, input_file, endpoint, window, metadata, errors, "
                  "output_file, error_file, total, completed, failed, created, expires) "
                  "VALUES(?, 0, ?, ?, ?, ?, '', '', '', 0, 0, 0, ?, ?)");
    row.bind(batch.id).bind(batch.input_file).bind(batch.endpoint).bind(batch.window);
    row.bind(batch.metadata).bind(to_milliseconds(batch.created));
    row.bind(to_milliseconds(batch.expires)).run();
  }
  return require(batch.id);
}

Batch BatchStore::require(const std::string& id) {
  const std::lock_guard lock(mutex_);
  Statement row(open(), (std::string(kBatchColumns) + "WHERE id = ?").c_str());
  if (row.bind(id).step()) return read_batch(row);
  throw Error(ErrorCode::kNotFound, "there is no batch '" + id + "'", "GET /v1/batches lists them");
}

void BatchStore::update(const Batch& batch) {
  const std::lock_guard lock(mutex_);
  Statement row(open(),
                "UPDATE batches SET status = ?, errors = ?, output_file = ?, error_file = ?, "
                "total = ?, completed = ?, failed = ?, started = ?, finalizing = ?, "
                "cancelling = ?, ended = ? WHERE id = ?");
  bind_changes(row, batch);
  row.bind(batch.id).run();
}

std::vector<Batch> BatchStore::select(const std::string& condition, std::int64_t argument,
                                      std::size_t limit) {
  const std::lock_guard lock(mutex_);
  Statement row(open(), (kBatchColumns + condition).c_str());
  row.bind(argument).bind(static_cast<std::int64_t>(limit));
  std::vector<Batch> batches;
  while (row.step()) batches.push_back(read_batch(row));
  return batches;
}

std::vector<Batch> BatchStore::list(std::int64_t before, std::size_t limit) {
  if (before == 0) return select("WHERE number > ? ORDER BY number DESC LIMIT ?", 0, limit);
  return select("WHERE number < ? ORDER BY number DESC LIMIT ?", before, limit);
}

std::vector<Batch> BatchStore::unfinished() {
  return select("WHERE ended IS NULL AND number > ? ORDER BY number LIMIT ?", 0, 1000);
}

}  // namespace hailstone::core
