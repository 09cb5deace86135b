// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

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

}  // namespace
}  // namespace hailstone::library
