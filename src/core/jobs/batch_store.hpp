// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Files that clients keep here for batches, and the batches themselves: which file, how far, and
// where the answers are. The single requests are jobs (JobQueue).

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_size.hpp"
#include "base/clock.hpp"
#include "core/jobs/payloads.hpp"

namespace hailstone::core {

class Database;

struct StoredFile {
  std::int64_t number = 0;
  std::string id;
  std::string filename;
  std::string purpose;
  std::uint64_t bytes = 0;
  WallTime created{};
};

enum class BatchStatus : std::uint8_t {
  kValidating,
  kFailed,
  kInProgress,
  kFinalizing,
  kCompleted,
  kExpired,
  kCancelling,
  kCancelled,
};

/// "validating", "in_progress" ...
std::string_view to_string(BatchStatus status) noexcept;
bool is_final(BatchStatus status) noexcept;

struct Batch {
  std::int64_t number = 0;
  std::string id;
  BatchStatus status = BatchStatus::kValidating;
  std::string input_file;
  std::string endpoint;
  std::string window;    ///< as the client wrote it: "24h"
  std::string metadata;  ///< a JSON object as text; empty: none
  std::string errors;    ///< of the validation, a JSON array as text; empty: none
  std::string output_file;
  std::string error_file;
  std::size_t total = 0;
  std::size_t completed = 0;
  std::size_t failed = 0;
  WallTime created{};
  WallTime expires{};
  std::optional<WallTime> started;
  std::optional<WallTime> finalizing;
  std::optional<WallTime> cancelling;
  std::optional<WallTime> ended;  ///< completed, failed, expired or cancelled
};

/// Thread-safe. The file is opened or made at the first call. Everything throws as Database and
/// Payloads do.
class BatchStore {
 public:
  /// The clock outlives the store.
  explicit BatchStore(std::filesystem::path file, ByteSize max_stored = ByteSize::gib(4),
                      const Clock& clock = system_clock());
  ~BatchStore();
  BatchStore(const BatchStore&) = delete;
  BatchStore& operator=(const BatchStore&) = delete;

  /// A file that is on its way: write, then keep it. Throws kBusy where all take too much already.
  struct Incoming {
    std::string id;
    std::unique_ptr<PayloadWriter> writer;
  };
  Incoming receive();
  StoredFile keep(Incoming incoming, const std::string& filename, const std::string& purpose);

  std::optional<StoredFile> find_file(const std::string& id);
  /// The newest first; before: file numbers below it, zero: from the newest on.
  std::vector<StoredFile> list_files(const std::string& purpose, std::int64_t before,
                                     std::size_t limit);
  /// Throws kNotFound.
  std::ifstream open_file(const std::string& id);
  /// Throws kNotFound.
  void remove_file(const std::string& id);

  Batch create(Batch batch);
  /// Throws kNotFound.
  Batch require(const std::string& id);
  void update(const Batch& batch);
  std::vector<Batch> list(std::int64_t before, std::size_t limit);
  std::vector<Batch> unfinished();

 private:
  Database& open();
  std::vector<Batch> select(const std::string& condition, std::int64_t argument, std::size_t limit);

  const std::filesystem::path file_;
  const Payloads payloads_;
  const ByteSize max_stored_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unique_ptr<Database> database_;  ///< guarded by mutex_
};

}  // namespace hailstone::core
