// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "log/journal/journal.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

namespace hailstone::log {
namespace {

using testing::ElementsAre;

TEST(Journal, GetsFieldsUnderNamesThatItTakes) {
  const std::vector<Field> fields = {{"request", "req_1"}, {"model", "starter-chat:latest"},
                                     {"engine", "llama"},  {"message", "forged"},
                                     {"what-else", "x"},   {"_pid", "1"},
                                     {"empty", ""}};
  EXPECT_THAT(
      journal_fields(Level::kWarning, "http: request status=200", fields),
      ElementsAre("MESSAGE=http: request status=200", "PRIORITY=4", "SYSLOG_IDENTIFIER=hailstone",
                  "REQUEST_ID=req_1", "MODEL=starter-chat:latest", "ENGINE=llama"));
}

TEST(Journal, IsStderrOnlyWhereItsInodeSaysSo) {
  std::FILE* file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  const int descriptor = ::fileno(file);
  struct stat status {};
  ASSERT_EQ(::fstat(descriptor, &status), 0);
  const auto stream = std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
  EXPECT_TRUE(is_journal(stream.c_str(), descriptor));
  EXPECT_FALSE(is_journal((stream + "0").c_str(), descriptor));  // redirected since
  for (const char* other : {"", "8", "8:", ":9", "x:y"})
    EXPECT_FALSE(is_journal(other, descriptor));
  EXPECT_FALSE(is_journal(nullptr, descriptor));
  EXPECT_FALSE(is_journal(stream.c_str(), -1));
  std::fclose(file);
}

}  // namespace
}  // namespace hailstone::log
