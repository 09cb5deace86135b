// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A connection to PostgreSQL on which no call waits for ever. Only for programs with libpq.

#include <libpq-fe.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/run_context.hpp"
#include "core/queues/queue_file.hpp"

namespace hailstone::jobs {

struct PostgresValue {
  std::optional<std::string> value;  ///< nothing: NULL
  bool is_bytes = false;             ///< of a bytea

  PostgresValue(std::string text) : value(std::move(text)) {}  // NOLINT: a value as it is
  PostgresValue(std::nullopt_t) {}                             // NOLINT
  static PostgresValue bytes(std::string bytes) {
    PostgresValue value(std::move(bytes));
    value.is_bytes = true;
    return value;
  }
};

struct PostgresCommand {
  std::string sql;
  std::vector<PostgresValue> values;
};

using PostgresRow = std::vector<std::optional<std::string>>;

/// One thread at a time. Connects when it is needed, and again after a failure. Everything but the
/// constructor throws Error(kEngineFailed) with what the server says.
class PostgresLink {
 public:
  /// Throws Error(kBadRequest) for a connection that is none and a password that cannot be read.
  PostgresLink(const core::QueueFile& queue, const core::PostgresServer& server);

  /// Whether it had to connect, so that what belongs to a session is to be said again.
  bool ensure_connected();
  std::vector<PostgresRow> run(const PostgresCommand& command);
  /// All or none, in one round trip. The rows of each.
  std::vector<std::vector<PostgresRow>> run_together(const std::vector<PostgresCommand>& commands);
  /// Waits until somebody notifies this session, at most as long as the run has time.
  void wait_for_notice(const RunContext& run);

  /// Of a bytea as it comes in a row.
  static std::string bytes_of(const std::string& text);

 private:
  struct Close {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };

  void send(const PostgresCommand& command);
  void await_answer(const Deadline& deadline);
  void wait_for_socket(bool to_write, const Deadline& deadline);
  [[noreturn]] void fail();
  [[noreturn]] void lose(const std::string& why);

  const std::string name_;
  std::string connection_text_;
  std::string password_;
  std::unique_ptr<PGconn, Close> connection_;
};

}  // namespace hailstone::jobs
