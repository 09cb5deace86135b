// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "services/library/library/assembly/file_format.hpp"
#include "services/library/library/assembly/wire_config.hpp"

namespace hailstone::library {
namespace {

using Json = nlohmann::json;
using namespace std::string_view_literals;

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
