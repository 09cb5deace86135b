// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "services/library/file_format.hpp"
#include "services/library/wire_config.hpp"
#include "services/library/wire_ollama.hpp"

namespace hailstone::library {
namespace {

using Json = nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using std::string_view_literals::operator""sv;

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

TEST(ConfigWire, KeepsWhatItDoesNotKnow) {
  ConfigFacts facts;
  facts.quantization = "Q8_0";
  const Json config = Json::parse(write_config(
      R"({"model_family":"qwen2","model_families":["qwen2","clip"],"renderer":"r","file_type":"F16"})",
      facts, {"sha256:1"}));
  EXPECT_EQ(config["renderer"], "r");
  EXPECT_EQ(config["model_families"], Json({"qwen2", "clip"}));
  EXPECT_EQ(config["file_type"], "Q8_0");
  EXPECT_EQ(config["rootfs"]["diff_ids"], Json({"sha256:1"}));
  EXPECT_FALSE(config.contains("hailstone"));
}

TEST(ConfigWire, ABaseThatIsNoObjectSaysNothing) {
  for (const char* base : {"", "[]", "broken", "3"}) {
    EXPECT_EQ(Json::parse(write_config(base, {}, {}))["os"], "linux");
  }
}

TEST(ParametersWire, TheNewOnesWin) {
  EXPECT_EQ(merge_parameters("", ""), "");
  EXPECT_EQ(merge_parameters(R"({"a":1,"b":2})", R"({"b":3})"), R"({"a":1,"b":3})");
  EXPECT_EQ(merge_parameters("broken", R"({"b":3})"), R"({"b":3})");
}

TEST(FileFormats, AreKnownByTheirFirstBytes) {
  EXPECT_EQ(find_format("GGUF\3\0\0\0"sv), FileFormat::kGguf);
  EXPECT_EQ(find_format("\x01HEF\0\0\0\2"sv), FileFormat::kHef);
  EXPECT_EQ(find_format("lmgg\0\0"sv), FileFormat::kGgml);
  EXPECT_EQ(find_format("\x08\x07\x12\x07pytorch"sv), FileFormat::kOnnx);
  EXPECT_EQ(find_format("\x08\x0a:\x80\x80"sv), FileFormat::kOnnx);
  EXPECT_EQ(find_format("\x10\x02\0\0\0\0\0\0{\"a\":"sv), FileFormat::kSafetensors);
  for (const auto bytes : {""sv, "GGU"sv, "hello"sv, "\x08\x07"sv, "\x08\x08\x08"sv}) {
    EXPECT_EQ(find_format(bytes), FileFormat::kUnknown);
  }
}

}  // namespace
}  // namespace hailstone::library
