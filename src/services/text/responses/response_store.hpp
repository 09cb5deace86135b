// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Responses that clients may come back to, in a file of SQLite's: for a time, and within a number
// of bytes; the oldest go first.

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_size.hpp"
#include "base/clock.hpp"
#include "services/text/responses/history.hpp"

namespace hailstone::core {
class Database;
}

namespace hailstone::responses {

struct StoreOptions {
  std::filesystem::path file;
  std::chrono::seconds keep{0};  ///< zero: nothing is kept, and no file is made
  ByteSize most = ByteSize::mib(256);
};

struct KeptResponse {
  std::string id;
  std::string previous;
  std::string json;
  std::vector<StoredItem> input;
  std::vector<StoredItem> output;
};

/// Thread-safe. The file is opened when it is first needed; what the database throws comes out.
class ResponseStore final : public History {
 public:
  explicit ResponseStore(StoreOptions options, const Clock& clock = system_clock());
  ~ResponseStore() override;

  bool keeps() const noexcept override { return options_.keep.count() > 0; }

  /// Throws Error(kTooLarge) for one that is larger than all together may be.
  void save(const KeptResponse& response);
  /// The JSON. Throws Error(kNotFound).
  std::string require(const std::string& id);
  /// Throws Error(kNotFound).
  void erase(const std::string& id);
  std::vector<StoredItem> input_items(const std::string& id);

  std::vector<StoredItem> conversation(const std::string& response) override;
  std::optional<StoredItem> find_item(const std::string& id) override;

 private:
  struct Row;
  core::Database& database();
  std::int64_t now() const;
  std::optional<Row> find(const std::string& id);
  void append_items(const std::string& id, int side, std::vector<StoredItem>& out);
  void make_room(std::int64_t wanted);

  const StoreOptions options_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unique_ptr<core::Database> database_;  ///< guarded by mutex_
};

}  // namespace hailstone::responses
