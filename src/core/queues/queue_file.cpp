// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/queues/queue_file.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hpp"
#include "core/catalog/toml_fields.hpp"
#include "log/log.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

constexpr std::array<std::string_view, 4> kKinds = {"folder", "mqtt", "nats", "postgres"};
constexpr std::array<std::string_view, 3> kResults = {"beside", "jsonl", "postgres"};
constexpr std::int64_t kMostPriority = 100;
constexpr std::int64_t kMostParallel = 1000;
constexpr std::int64_t kMqttPort = 1883;
constexpr std::int64_t kMqttTlsPort = 8883;
constexpr std::int64_t kShortestLease = 2;  // seconds
constexpr std::int64_t kLongestLease = 3600;
constexpr std::int64_t kMostAttempts = 100;

fs::path absolute(TomlFields& fields, std::string_view name, const std::string& text) {
  if (!text.empty() && !fs::path(text).is_absolute()) fields.refuse(name, "is no absolute path");
  return fs::path(text).lexically_normal();
}

/// "results" or "ai.results": what needs no quotes.
void check_table(TomlFields& fields, std::string_view name, const std::string& table) {
  const auto is_good = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_' ||
           letter == '.';
  };
  const auto starts = [](char letter) { return letter != '.' && (letter < '0' || letter > '9'); };
  const auto dot = table.find('.');
  const bool is_whole =
      !table.empty() && starts(table.front()) &&
      (dot == std::string::npos || (dot + 1 < table.size() && starts(table[dot + 1]) &&
                                    table.find('.', dot + 1) == std::string::npos));
  if (!is_whole || !std::all_of(table.begin(), table.end(), is_good)) {
    fields.refuse(name,
                  "is no table: small letters, digits and _, and perhaps a schema before a dot");
  }
}

PostgresServer read_postgres_server(TomlFields& fields) {
  PostgresServer server;
  server.connection = fields.required_text("connection");
  if (server.connection.find("password=") != std::string::npos) {
    fields.refuse("connection", "holds a password, which belongs into a file: password_file");
  }
  server.password_file = absolute(fields, "password_file", fields.text("password_file"));
  server.results = fields.text("results_table");
  if (server.results.empty()) server.results = "hailstone_results";
  check_table(fields, "results_table", server.results);
  return server;
}

void read_folder(TomlFields& fields, QueueFile& queue) {
  WatchedFolder folder;
  folder.path = absolute(fields, "path", fields.required_text("path"));
  const std::string results = fields.one_of("results", kResults);
  if (results == "jsonl") folder.results = ResultPlace::kLines;
  if (results == "postgres") {
    folder.results = ResultPlace::kTable;
    queue.results = read_postgres_server(fields);
  }
  queue.source = std::move(folder);
}

/// "a/b" for "$share/GROUP/a/b", which several services take from together.
std::string plain_topic(const std::string& topic) {
  if (!topic.starts_with("$share/")) return topic;
  const auto end = topic.find('/', std::string_view("$share/").size());
  return end == std::string::npos ? topic : topic.substr(end + 1);
}

MqttTopic read_mqtt(TomlFields& fields) {
  MqttTopic mqtt;
  mqtt.host = fields.text("host");
  if (mqtt.host.empty()) mqtt.host = "127.0.0.1";
  mqtt.topic = fields.required_text("topic");
  if (mqtt.topic.find_first_of("#+") != std::string::npos) {
    fields.refuse("topic", "has a wildcard: work is taken from one topic");
  }
  mqtt.result_topic = fields.text("result_topic");
  if (mqtt.result_topic.empty()) mqtt.result_topic = plain_topic(mqtt.topic) + "/result";
  mqtt.user = fields.text("user");
  mqtt.password_file = absolute(fields, "password_file", fields.text("password_file"));
  mqtt.ca_file = absolute(fields, "ca_file", fields.text("ca_file"));
  const auto usual = mqtt.ca_file.empty() ? kMqttPort : kMqttTlsPort;
  mqtt.port = static_cast<int>(fields.number("port", 1, 65535).value_or(usual));
  return mqtt;
}

Sharing read_sharing(TomlFields& fields) {
  Sharing sharing;
  if (const auto lease = fields.number("lease", kShortestLease, kLongestLease)) {
    sharing.lease = std::chrono::seconds(*lease);
  }
  sharing.attempts =
      static_cast<int>(fields.number("attempts", 1, kMostAttempts).value_or(sharing.attempts));
  return sharing;
}

/// A text that NATS takes as a name: of a consumer or a stream.
std::string dashed(std::string text) {
  std::replace(text.begin(), text.end(), '.', '-');
  return text;
}

void check_subject(TomlFields& fields, std::string_view name, const std::string& subject) {
  if (subject.find_first_of("*> \t\r\n") != std::string::npos || subject.starts_with('.') ||
      subject.ends_with('.') || subject.find("..") != std::string::npos) {
    fields.refuse(name, "is no subject: words with dots between them, without * and >");
  }
}

NatsSubject read_nats(TomlFields& fields) {
  NatsSubject nats;
  nats.url = fields.text("url");
  if (nats.url.empty()) nats.url = "nats://127.0.0.1:4222";
  nats.subject = fields.required_text("subject");
  check_subject(fields, "subject", nats.subject);
  nats.stream = fields.text("stream");
  nats.consumer = fields.text("consumer");
  if (nats.consumer.empty()) nats.consumer = "hailstone-" + dashed(nats.subject);
  if (nats.consumer != dashed(nats.consumer)) fields.refuse("consumer", "must have no dots");
  nats.result_subject = fields.text("result_subject");
  if (nats.result_subject.empty()) nats.result_subject = nats.subject + ".result.{id}";
  check_subject(fields, "result_subject", nats.result_subject);
  nats.dead_subject = fields.text("dead_subject");
  if (nats.dead_subject.empty()) nats.dead_subject = nats.subject + ".dead.{id}";
  check_subject(fields, "dead_subject", nats.dead_subject);
  nats.user = fields.text("user");
  nats.password_file = absolute(fields, "password_file", fields.text("password_file"));
  nats.credentials_file = absolute(fields, "credentials_file", fields.text("credentials_file"));
  nats.ca_file = absolute(fields, "ca_file", fields.text("ca_file"));
  nats.sharing = read_sharing(fields);
  return nats;
}

PostgresTable read_postgres(TomlFields& fields) {
  PostgresTable postgres;
  postgres.server = read_postgres_server(fields);
  postgres.table = fields.text("table");
  if (postgres.table.empty()) postgres.table = "hailstone_jobs";
  check_table(fields, "table", postgres.table);
  postgres.sharing = read_sharing(fields);
  return postgres;
}

}  // namespace

QueueFile parse_queue_file(std::string_view text, const fs::path& file) {
  const toml::table table = parse_toml(text, file.string());
  TomlFields fields(table, file.string(), {});
  QueueFile queue;
  queue.name = file.stem().string();
  fields.required_text("kind");
  const std::string kind = fields.one_of("kind", kKinds);
  queue.task = fields.required_text("task");
  queue.model = fields.text("model");
  queue.options = fields.texts("options");
  queue.priority =
      static_cast<int>(fields.number("priority", -kMostPriority, kMostPriority).value_or(0));
  queue.parallel =
      static_cast<int>(fields.number("parallel", 1, kMostParallel).value_or(queue.parallel));
  if (kind == "folder") {
    read_folder(fields, queue);
  } else if (kind == "mqtt") {
    queue.source = read_mqtt(fields);
  } else if (kind == "nats") {
    queue.source = read_nats(fields);
  } else {
    queue.source = read_postgres(fields);
  }
  fields.finish();
  return queue;
}

QueueFiles read_queue_files(const std::vector<fs::path>& folders) {
  std::map<std::string, QueueFile> by_name;
  QueueFiles found;
  for (const auto& folder : folders) {
    for (const auto& file : toml_files_in(folder)) {
      try {
        by_name.insert_or_assign(file.stem().string(),
                                 parse_queue_file(read_toml_file(file), file));
      } catch (const Error& error) {
        log::error("queues", "a queue's file is left out", {{"why", error.what()}});
        found.problems.emplace_back(error.what());
      }
    }
  }
  for (auto& [name, queue] : by_name) found.queues.push_back(std::move(queue));
  return found;
}

}  // namespace hailstone::core
