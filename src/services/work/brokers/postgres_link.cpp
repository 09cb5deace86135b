// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#ifdef HAILSTONE_HAS_POSTGRES

#include "services/work/brokers/postgres_link.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "log/log.hpp"
#include "services/work/brokers/secret.hpp"

namespace hailstone::jobs {
namespace {

using namespace std::chrono_literals;

/// A server that hangs is one that is away.
constexpr std::chrono::seconds kLongestAnswer{15};
constexpr std::chrono::milliseconds kLook{100};
constexpr int kText = 0;
constexpr int kBinary = 1;

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

/// The first line: the others say where in our SQL.
std::string reason_of(const char* message) {
  const std::string text(trim(message == nullptr ? "" : message));
  return text.empty() ? "no reason is given" : text.substr(0, text.find('\n'));
}

std::vector<PostgresRow> rows_of(PGresult* result) {
  std::vector<PostgresRow> rows;
  for (int i = 0; i < PQntuples(result); ++i) {
    PostgresRow row;
    for (int j = 0; j < PQnfields(result); ++j) {
      row.emplace_back(PQgetisnull(result, i, j) != 0
                           ? std::nullopt
                           : std::optional<std::string>(PQgetvalue(result, i, j)));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

bool is_good(ExecStatusType status) noexcept {
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_PIPELINE_SYNC;
}

void check_connection(const core::QueueFile& queue, const std::string& text) {
  char* why = nullptr;
  auto* parts = PQconninfoParse(text.c_str(), &why);
  const std::string reason = reason_of(why);
  PQfreemem(why);
  PQconninfoFree(parts);
  if (parts == nullptr) refuse_queue(queue, "connection: " + reason);
}

}  // namespace

PostgresLink::PostgresLink(const core::QueueFile& queue, const core::PostgresServer& server)
    : name_(queue.name),
      connection_text_(server.connection),
      password_(read_password(queue, server.password_file)) {
  check_connection(queue, connection_text_);
}

bool PostgresLink::ensure_connected() {
  if (connection_ && PQstatus(connection_.get()) == CONNECTION_OK) return false;
  // What the connection's text says goes before what is usual here, but for what must be so.
  const std::array<const char*, 10> names = {"connect_timeout",
                                             "keepalives_idle",
                                             "keepalives_interval",
                                             "keepalives_count",
                                             "tcp_user_timeout",
                                             "application_name",
                                             "dbname",
                                             "password",
                                             "client_encoding",
                                             nullptr};
  const std::array<const char*, 10> values = {"5",
                                              "10",
                                              "5",
                                              "3",
                                              "20000",
                                              "hailstone",
                                              connection_text_.c_str(),
                                              password_.empty() ? nullptr : password_.c_str(),
                                              "UTF8",
                                              nullptr};
  connection_.reset(PQconnectdbParams(names.data(), values.data(), /*expand_dbname=*/1));
  if (PQstatus(connection_.get()) != CONNECTION_OK) {
    lose(reason_of(PQerrorMessage(connection_.get())));
  }
  PQsetnonblocking(connection_.get(), 1);
  PQsetNoticeProcessor(
      connection_.get(), [](void*, const char*) {}, nullptr);
  log::info("queues", "connected to PostgreSQL", {{"queue", name_}});
  return true;
}

void PostgresLink::lose(const std::string& why) {
  connection_.reset();
  throw Error(ErrorCode::kEngineFailed, "PostgreSQL: " + why);
}

void PostgresLink::fail() {
  const std::string why = reason_of(PQerrorMessage(connection_.get()));
  lose(why);
}

void PostgresLink::wait_for_socket(bool to_write, const Deadline& deadline) {
  pollfd socket{PQsocket(connection_.get()),
                static_cast<short>(to_write ? POLLIN | POLLOUT : POLLIN), 0};
  if (deadline.has_passed()) lose("the server does not answer");
  ::poll(&socket, 1, static_cast<int>(kLook.count()));
  if ((socket.revents & (POLLIN | POLLERR | POLLHUP)) != 0 &&
      PQconsumeInput(connection_.get()) == 0) {
    fail();
  }
}

void PostgresLink::send(const PostgresCommand& command) {
  std::vector<const char*> values;
  std::vector<int> lengths;
  std::vector<int> formats;
  for (const auto& each : command.values) {
    values.push_back(each.value ? each.value->data() : nullptr);
    lengths.push_back(each.value ? static_cast<int>(each.value->size()) : 0);
    formats.push_back(each.is_bytes ? kBinary : kText);
  }
  if (PQsendQueryParams(connection_.get(), command.sql.c_str(), static_cast<int>(values.size()),
                        nullptr, values.data(), lengths.data(), formats.data(), kText) == 0) {
    fail();
  }
}

void PostgresLink::await_answer(const Deadline& deadline) {
  for (int left = PQflush(connection_.get()); left != 0; left = PQflush(connection_.get())) {
    if (left < 0) fail();
    wait_for_socket(/*to_write=*/true, deadline);
  }
  while (PQisBusy(connection_.get()) != 0) wait_for_socket(/*to_write=*/false, deadline);
}

std::vector<PostgresRow> PostgresLink::run(const PostgresCommand& command) {
  return run_together({command}).front();
}

std::vector<std::vector<PostgresRow>> PostgresLink::run_together(
    const std::vector<PostgresCommand>& commands) {
  ensure_connected();
  auto* connection = connection_.get();
  if (PQenterPipelineMode(connection) == 0) fail();
  for (const auto& command : commands) send(command);
  if (PQpipelineSync(connection) == 0) fail();
  const auto deadline = Deadline::in(kLongestAnswer);
  std::vector<std::vector<PostgresRow>> all(commands.size());
  std::string problem;
  std::size_t done = 0;
  for (;;) {
    await_answer(deadline);
    const Result result(PQgetResult(connection));
    if (!result) {  // the end of one command
      if (PQstatus(connection) != CONNECTION_OK) fail();
      if (++done > commands.size() + 1) lose("the server breaks off");
      continue;
    }
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_PIPELINE_SYNC) break;
    if (!is_good(status) && problem.empty()) {
      problem = reason_of(PQresultErrorMessage(result.get()));
    }
    if (done < all.size()) all[done] = rows_of(result.get());
  }
  if (PQexitPipelineMode(connection) == 0) fail();
  if (!problem.empty()) throw Error(ErrorCode::kEngineFailed, "PostgreSQL: " + problem);
  return all;
}

void PostgresLink::wait_for_notice(const RunContext& run) {
  while (!run.deadline.has_passed() && !run.stop.stop_requested()) {
    if (auto* notice = PQnotifies(connection_.get()); notice != nullptr) {
      while (notice != nullptr) {
        PQfreemem(notice);
        notice = PQnotifies(connection_.get());
      }
      return;
    }
    wait_for_socket(/*to_write=*/false, Deadline::never());
  }
}

std::string PostgresLink::bytes_of(const std::string& text) {
  std::size_t size = 0;
  auto* raw = PQunescapeBytea(reinterpret_cast<const unsigned char*>(text.c_str()), &size);
  if (raw == nullptr) throw Error(ErrorCode::kOutOfMemory, "no memory for a row");
  std::string bytes(reinterpret_cast<const char*>(raw), size);
  PQfreemem(raw);
  return bytes;
}

}  // namespace hailstone::jobs

#endif
