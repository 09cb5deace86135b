// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The files that describe where work comes from besides the API: queues.d/NAME.toml. Their fields
// are explained in docs/queues.md.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hailstone::core {

enum class ResultPlace : std::uint8_t {
  kBeside,  ///< a file for each, in done/
  kLines,   ///< a line for each, in results.jsonl
  kTable,   ///< a row for each, in QueueFile::results
};

/// Files that somebody puts into PATH/in.
struct WatchedFolder {
  std::filesystem::path path;
  ResultPlace results = ResultPlace::kBeside;
};

/// Messages of a topic.
struct MqttTopic {
  std::string host;
  int port = 1883;
  std::string topic;
  std::string result_topic;  ///< for senders that name none
  std::string user;          ///< empty: none
  std::filesystem::path password_file;
  std::filesystem::path ca_file;  ///< with it the connection is TLS's
};

/// How boxes share work that stays with the broker until its result is there.
struct Sharing {
  std::chrono::seconds lease{30};  ///< a box that is not heard of for as long has lost its work
  int attempts = 5;                ///< so often something is begun before it is given up
};

/// Messages of a NATS stream.
struct NatsSubject {
  std::string url;
  std::string subject;
  std::string stream;          ///< empty: whichever has the subject, or a new one
  std::string consumer;        ///< the same on all boxes that share the work
  std::string result_subject;  ///< "{id}" in it is the job's id
  std::string dead_subject;    ///< of what could not be done, as it came; "{id}" as above
  std::string user;            ///< empty: none
  std::filesystem::path password_file;
  std::filesystem::path credentials_file;  ///< of `nsc`: a user's JWT and seed
  std::filesystem::path ca_file;           ///< with it the connection is TLS's
  Sharing sharing;
};

/// A database of PostgreSQL's.
struct PostgresServer {
  std::string connection;  ///< as libpq has it, without the password
  std::filesystem::path password_file;
  std::string results;  ///< the table
};

/// Rows of a table.
struct PostgresTable {
  PostgresServer server;
  std::string table;
  Sharing sharing;
};

struct QueueFile {
  std::string name;                            ///< of the file, without its ending
  std::string task;                            ///< "ocr": POST /api/ocr
  std::string model;                           ///< empty: the task's own
  std::map<std::string, std::string> options;  ///< of the task, as form fields
  int priority = 0;                            ///< the larger goes first
  int parallel = 4;                            ///< so many are taken before one of them has ended
  std::variant<WatchedFolder, MqttTopic, NatsSubject, PostgresTable> source;
  std::optional<PostgresServer> results;  ///< of a folder: a table instead of files
};

/// Throws Error(kBadRequest) that names the file, the line and the field.
QueueFile parse_queue_file(std::string_view text, const std::filesystem::path& file);

/// Of several files of one name that of the last folder counts. Those that are wrong are left out,
/// logged, and named in problems.
struct QueueFiles {
  std::vector<QueueFile> queues;
  std::vector<std::string> problems;
};
QueueFiles read_queue_files(const std::vector<std::filesystem::path>& folders);

}  // namespace hailstone::core
