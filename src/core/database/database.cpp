// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/database/database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.hpp"

namespace hailstone::core {
namespace {

static_assert(std::endian::native == std::endian::little, "the file holds little endian floats");

constexpr int kPatienceMs = 5000;

/// 0: there is none.
std::uint64_t inode_of(const std::filesystem::path& file) noexcept {
  struct stat status {};
  return stat(file.c_str(), &status) == 0 ? status.st_ino : 0;
}

}  // namespace

void Database::Close::operator()(sqlite3* handle) const noexcept {
  sqlite3_close_v2(handle);
}

Database::Database(std::filesystem::path file) : file_(std::move(file)) {
  create_private();
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(file_.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) fail(code);
  inode_ = inode_of(file_);
  sqlite3_busy_timeout(handle, kPatienceMs);
  run("PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;");
  write_ahead();
  run("PRAGMA synchronous=FULL");
  Statement check(*this, "PRAGMA quick_check(1)");
  if (check.step() && check.text(0) != "ok") refuse_broken(check.text(0));
}

Database::~Database() = default;

bool Database::is_in_place() const noexcept {
  return inode_of(file_) == inode_;
}

// SQLite gives its other files the mode of this one.
void Database::create_private() const {
  const int fd = open(file_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (fd >= 0) {
    close(fd);
  } else if (errno == ENOSPC || errno == EDQUOT) {
    refuse_full();
  } else if (errno != EEXIST) {
    throw Error(ErrorCode::kEngineFailed, "the file " + file_.filename().string() +
                                              " cannot be made: " + std::strerror(errno));
  }
  // By name: closing a file that SQLite has open elsewhere in this process would end its locks.
  const bool is_private = chmod(file_.c_str(), 0600) == 0;
  if (is_private) return;
  const std::string why = std::strerror(errno);
  throw Error(ErrorCode::kEngineFailed,
              "the file " + file_.filename().string() + " cannot be made private: " + why,
              "the daemon's home folder has to be its own");
}

// SQLite is busy at once here, whatever its patience, where another connection that opens the new
// file holds it: then that one does it.
void Database::write_ahead() {
  const int code =
      sqlite3_exec(handle_.get(), "PRAGMA journal_mode=WAL", nullptr, nullptr, nullptr);
  if (code != SQLITE_OK && code != SQLITE_BUSY) fail(code);
}

void Database::run(const char* sql) {
  const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

std::int64_t Database::read_number(const char* sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.number(0) : 0;
}

void Database::refuse_broken(const std::string& why) const {
  throw Error(ErrorCode::kEngineFailed,
              "the file " + file_.filename().string() + " is broken: " + why,
              "nothing was changed in it; put a copy in its place, or move it away to start with "
              "an empty one");
}

void Database::refuse_full() const {
  throw Error(ErrorCode::kOutOfMemory,
              "the file " + file_.filename().string() + " cannot be written: the disk is full",
              "delete models that are not needed ('hailstone delete'), or give the service a home "
              "on a larger disk");
}

void Database::fail(int code) const {
  const int system_error = handle_ ? sqlite3_system_errno(handle_.get()) : 0;
  const bool is_io = (code & 0xFF) == SQLITE_IOERR || (code & 0xFF) == SQLITE_CANTOPEN;
  if ((code & 0xFF) == SQLITE_FULL || (is_io && system_error == ENOSPC)) refuse_full();
  const std::string why =
      handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code);  // null: out of memory
  const std::string name = "the file " + file_.filename().string();
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw Error(ErrorCode::kBusy, name + " is held by another program", "try again");
    case SQLITE_CONSTRAINT:
      throw Error(ErrorCode::kConflict, name + ": " + why);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      refuse_broken(why);
    default:
      break;
  }
  throw Error(ErrorCode::kEngineFailed, name + " cannot be read or written: " + why);
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

Statement::Statement(Database& database, const char* sql) : database_(database) {
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v2(database.handle_.get(), sql, -1, &statement, nullptr));
  statement_.reset(statement);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) database_.fail(code);
}

Statement& Statement::bind(std::string_view text) {
  check(sqlite3_bind_text64(statement_.get(), ++bound_, text.data(), text.size(), SQLITE_TRANSIENT,
                            SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind(std::int64_t number) {
  check(sqlite3_bind_int64(statement_.get(), ++bound_, number));
  return *this;
}

Statement& Statement::bind(double number) {
  check(sqlite3_bind_double(statement_.get(), ++bound_, number));
  return *this;
}

Statement& Statement::bind(std::span<const float> numbers) {
  check(sqlite3_bind_blob64(statement_.get(), ++bound_, numbers.data(), numbers.size_bytes(),
                            SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::bind_bytes(std::string_view bytes) {
  // A null pointer would be NULL, not a blob without bytes.
  const char* const begin = bytes.empty() ? "" : bytes.data();
  check(sqlite3_bind_blob64(statement_.get(), ++bound_, begin, bytes.size(), SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::bind_null() {
  check(sqlite3_bind_null(statement_.get(), ++bound_));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) database_.fail(code);
  return false;
}

int Statement::run() {
  while (step()) {
  }
  return sqlite3_changes(database_.handle_.get());
}

bool Statement::is_null(int column) const noexcept {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::number(int column) const noexcept {
  return sqlite3_column_int64(statement_.get(), column);
}

double Statement::real(int column) const noexcept {
  return sqlite3_column_double(statement_.get(), column);
}

std::string Statement::text(int column) const {
  const auto* text = sqlite3_column_text(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text), size);
}

std::string Statement::bytes(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return bytes == nullptr ? std::string() : std::string(bytes, size);
}

std::vector<float> Statement::floats(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  if (size % sizeof(float) != 0)
    database_.refuse_broken("a vector has " + std::to_string(size) + " bytes");
  std::vector<float> out(size / sizeof(float));
  if (size > 0) std::memcpy(out.data(), bytes, size);
  return out;
}

Transaction::Transaction(Database& database) : database_(database) {
  database.run("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (is_open_) sqlite3_exec(database_.handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.run("COMMIT");
  is_open_ = false;
}

}  // namespace hailstone::core
