// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/queues/queue_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/error.hpp"
#include "support/temp_store.hpp"

namespace hailstone::core {
namespace {

using testing::HasSubstr;

QueueFile parse(const std::string& text) {
  return parse_queue_file(text, "/etc/hailstone/queues.d/scans.toml");
}

std::string refusal_of(const std::string& text) {
  try {
    parse(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "taken";
}

TEST(QueueFile, AFolder) {
  const auto queue = parse(
      "kind = 'folder'\ntask = 'ocr'\npath = '/srv/scans'\nresults = 'jsonl'\nparallel = 2\n"
      "[options]\nlanguage = 'deu'\n");
  EXPECT_EQ(queue.name, "scans");
  EXPECT_EQ(queue.task, "ocr");
  EXPECT_EQ(queue.parallel, 2);
  EXPECT_EQ(queue.options.at("language"), "deu");
  const auto& folder = std::get<WatchedFolder>(queue.source);
  EXPECT_EQ(folder.path, "/srv/scans");
  EXPECT_EQ(folder.results, ResultPlace::kLines);
}

TEST(QueueFile, AnMqttTopicWithWhatIsUsual) {
  const auto queue = parse("kind = 'mqtt'\ntask = 'detect'\ntopic = 'ai/detect'\n");
  const auto& mqtt = std::get<MqttTopic>(queue.source);
  EXPECT_EQ(mqtt.host, "127.0.0.1");
  EXPECT_EQ(mqtt.port, 1883);
  EXPECT_EQ(mqtt.result_topic, "ai/detect/result");
  const auto secure = parse("kind = 'mqtt'\ntask = 'detect'\ntopic = 'a'\nca_file = '/ca.pem'\n");
  EXPECT_EQ(std::get<MqttTopic>(secure.source).port, 8883);
}

TEST(QueueFile, APipeUnderAFilesNameIsLeftOut) {
  const test_support::TempStore folder;
  ASSERT_EQ(::mkfifo((folder.root() / "pipe.toml").c_str(), 0600), 0);
  std::ofstream(folder.root() / "good.toml") << "kind = 'folder'\ntask = 'ocr'\npath = '/s'\n";
  const auto found = read_queue_files({folder.root(), folder.root() / "none"});
  ASSERT_EQ(found.queues.size(), 1U);
  EXPECT_EQ(found.queues[0].name, "good");
  ASSERT_EQ(found.problems.size(), 1U);
  EXPECT_THAT(found.problems[0], HasSubstr("pipe.toml"));
}

TEST(QueueFile, SeveralBoxesAnswerOnOneTopic) {
  const auto queue = parse("kind = 'mqtt'\ntask = 'ocr'\ntopic = '$share/boxes/ai/ocr'\n");
  EXPECT_EQ(std::get<MqttTopic>(queue.source).result_topic, "ai/ocr/result");
}

TEST(QueueFile, ANatsSubjectWithWhatIsUsual) {
  const auto queue = parse("kind = 'nats'\ntask = 'ocr'\nsubject = 'ai.ocr'\n");
  const auto& nats = std::get<NatsSubject>(queue.source);
  EXPECT_EQ(nats.url, "nats://127.0.0.1:4222");
  EXPECT_EQ(nats.consumer, "hailstone-ai-ocr");
  EXPECT_EQ(nats.result_subject, "ai.ocr.result.{id}");
  EXPECT_EQ(nats.dead_subject, "ai.ocr.dead.{id}");
  EXPECT_EQ(nats.sharing.lease, std::chrono::seconds(30));
  EXPECT_EQ(nats.sharing.attempts, 5);
}

TEST(QueueFile, ATableOfPostgresWithWhatIsUsual) {
  const std::string text = "kind = 'postgres'\ntask = 'ocr'\nconnection = 'dbname=ai'\n";
  const auto postgres = std::get<PostgresTable>(parse(text).source);
  EXPECT_EQ(postgres.table, "hailstone_jobs");
  EXPECT_EQ(postgres.server.results, "hailstone_results");
  for (const char* table : {"Jobs", "jobs; DROP TABLE x", "a.b.c", ".a", "a.", "1a", "a\"b"}) {
    EXPECT_THAT(refusal_of(text + "table = '" + std::string(table) + "'\n"), HasSubstr("table"));
  }
  EXPECT_NE(refusal_of(text + "connection = 'password=x'\n"), "taken");
  EXPECT_THAT(refusal_of("kind = 'postgres'\ntask = 'ocr'\nconnection = 'password=x'\n"),
              HasSubstr("password_file"));
}

TEST(QueueFile, AFoldersResultsMayBeRows) {
  const std::string text = "kind = 'folder'\ntask = 'ocr'\npath = '/s'\nresults = 'postgres'\n";
  EXPECT_THAT(refusal_of(text), HasSubstr("connection"));
  const auto queue = parse(text + "connection = 'dbname=ai'\n");
  ASSERT_TRUE(queue.results);
  EXPECT_EQ(queue.results->connection, "dbname=ai");
}

TEST(QueueFile, WhatIsWrongIsNamedWithItsPlace) {
  for (const char* subject : {"ai.>", "ai.*", ".ai", "ai.", "a..b", "a b"}) {
    EXPECT_THAT(
        refusal_of("kind = 'nats'\ntask = 'ocr'\nsubject = '" + std::string(subject) + "'\n"),
        HasSubstr("subject"));
  }
  EXPECT_THAT(refusal_of("kind = 'nats'\ntask = 'ocr'\nsubject = 'a'\nlease = 1\n"),
              HasSubstr("lease"));
  EXPECT_THAT(refusal_of("kind = 'nats'\ntask = 'ocr'\nsubject = 'a'\nconsumer = 'a.b'\n"),
              HasSubstr("consumer"));

  EXPECT_THAT(refusal_of("kind = 'folder'\n"), HasSubstr("task"));
  EXPECT_THAT(refusal_of("kind = 'carrier pigeon'\ntask = 'ocr'\n"), HasSubstr("kind"));
  EXPECT_THAT(refusal_of("kind = 'folder'\ntask = 'ocr'\npath = 'scans'\n"), HasSubstr("absolute"));
  EXPECT_THAT(refusal_of("kind = 'folder'\ntask = 'ocr'\npath = '/s'\nresult = 'x'\n"),
              HasSubstr("result"));
  EXPECT_THAT(refusal_of("kind = 'mqtt'\ntask = 'ocr'\ntopic = 'a/#'\n"), HasSubstr("wildcard"));
  EXPECT_THAT(refusal_of("kind = \n"), HasSubstr("scans.toml:1"));
}

}  // namespace
}  // namespace hailstone::core
