// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "services/library/library/wire_ollama.hpp"

namespace hailstone::library {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(LibraryWire, ReadsATransferAsOldAndNewClientsWriteIt) {
  EXPECT_EQ(parse_transfer(R"({"model":"m"})").model, "m");
  const auto task = parse_transfer(R"({"name":"n","insecure":true,"stream":false})");
  EXPECT_EQ(task.model, "n");
  EXPECT_TRUE(task.insecure);
  EXPECT_FALSE(task.stream);
  EXPECT_TRUE(parse_transfer(R"({"model":"m","stream":null})").stream);
  EXPECT_EQ(parse_transfer(R"({"model":"","name":"n"})").model, "n");
}

TEST(LibraryWire, ReadsOneLicenceOrMany) {
  EXPECT_THAT(parse_create(R"({"model":"m","license":"L"})").licenses, ElementsAre("L"));
  EXPECT_THAT(parse_create(R"({"model":"m","license":["A","B"]})").licenses, ElementsAre("A", "B"));
  EXPECT_THAT(parse_create(R"({"model":"m","license":""})").licenses, IsEmpty());
  EXPECT_THAT(parse_create(R"({"model":"m"})").licenses, IsEmpty());
}

TEST(LibraryWire, NamesTheFieldThatIsWrong) {
  const auto refusal = [](const char* body) {
    try {
      parse_create(body);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_EQ(refusal(""), "missing request body");
  EXPECT_EQ(refusal("{}"), "model is required");
  EXPECT_EQ(refusal(R"({"model":"m","files":{"a":1}})"), "files.a must be a digest, got a number");
  EXPECT_EQ(refusal(R"({"model":"m","files":["a"]})"), "files must be an object, got an array");
  EXPECT_EQ(refusal(R"({"model":"m","license":1})"),
            "license must be a string or an array of strings, got a number");
  EXPECT_EQ(refusal(R"({"model":"m","messages":[{"content":"x"}]})"),
            "messages[0].role is required");
  EXPECT_EQ(refusal(R"({"model":"m","parameters":{"stop":"x"}})"),
            "option \"stop\" must be of type array");
}

TEST(LibraryWire, WritesOnlyWhatIsKnown) {
  EXPECT_EQ(write_progress({"success", {}, 0, 0}), R"({"status":"success"})");
  EXPECT_EQ(write_progress({"pulling x", "sha256:x", 10, 0}),
            R"({"status":"pulling x","digest":"sha256:x","total":10})");
  EXPECT_EQ(write_progress({"pulling x", "sha256:x", 10, 4}),
            R"({"status":"pulling x","digest":"sha256:x","total":10,"completed":4})");
}

}  // namespace
}  // namespace hailstone::library
