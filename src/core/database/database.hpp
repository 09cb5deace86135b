// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A file of SQLite's, and statements on it. The only place that knows the library.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace hailstone::core {

/// One connection: one thread at a time. Everything throws Error: kBusy where another process holds
/// the file for too long, kConflict where a constraint of the schema is broken, kEngineFailed where
/// the file is broken or cannot be read or written. Messages name the file, without its folder.
class Database {
 public:
  /// Opens the file or makes it, for its owner alone (mode 0600). Write-ahead log, foreign keys,
  /// deleted content overwritten. A file that is broken is left as it is. On a full disk this and
  /// whatever writes throws Error(kOutOfMemory).
  explicit Database(std::filesystem::path file);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// One or more statements without results.
  void run(const char* sql);
  std::int64_t read_number(const char* sql);

  /// Whether its name still means the file that was opened: an operator may have moved it away.
  bool is_in_place() const noexcept;

  /// "the file people.db is broken: why", with what to do about it.
  [[noreturn]] void refuse_broken(const std::string& why) const;

 private:
  friend class Statement;
  friend class Transaction;

  struct Close {
    void operator()(sqlite3* handle) const noexcept;
  };

  [[noreturn]] void fail(int code) const;
  [[noreturn]] void refuse_full() const;
  void create_private() const;
  void write_ahead();

  std::filesystem::path file_;
  std::uint64_t inode_ = 0;
  std::unique_ptr<sqlite3, Close> handle_;
};

/// Parameters are bound in order, from the first "?" on; columns count from 0.
class Statement {
 public:
  Statement(Database& database, const char* sql);

  Statement& bind(std::string_view text);
  Statement& bind(std::int64_t number);
  Statement& bind(double number);
  Statement& bind(std::span<const float> numbers);  ///< as a blob: float32, little endian
  Statement& bind_bytes(std::string_view bytes);    ///< as a blob
  Statement& bind_null();

  /// Whether there is a (further) row.
  bool step();
  /// For what gives no rows. How many rows it changed.
  int run();

  bool is_null(int column) const noexcept;
  std::int64_t number(int column) const noexcept;
  double real(int column) const noexcept;
  std::string text(int column) const;
  std::string bytes(int column) const;  ///< of a blob
  /// Throws as the database does where the blob's size is no multiple of a float's.
  std::vector<float> floats(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };

  void check(int code) const;

  Database& database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bound_ = 0;
};

/// All or nothing: what is not committed is undone by the destructor. Takes the right to write at
/// once, so that nobody writes between what it reads and what it writes.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit();

 private:
  Database& database_;
  bool is_open_ = true;
};

}  // namespace hailstone::core
