// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/text/wire_schema.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "engines/hailo/text/json_scan.hpp"

namespace hailstone::engines::hailo {
namespace {

constexpr const char* kPerson = R"({"type":"object","properties":{
  "name":{"type":"string"},"age":{"type":"integer"},
  "kind":{"enum":["a","b"]},"tags":{"type":"array","items":{"type":"string"}},
  "boss":{"$ref":"#"},"x":{"anyOf":[{"type":"null"},{"$ref":"#/$defs/n"}]}},
  "required":["name"],"additionalProperties":false,"$defs":{"n":{"type":"number"}}})";

TEST(ReplySchema, WhatObeysIsLeftAlone) {
  for (const char* const json :
       {R"({"name":"x"})", R"({"name":"x","age":3,"kind":"a","tags":["t"],"x":null})",
        R"({"name":"x","boss":{"name":"y","x":1.5}})", R"({"name":"x","age":3.0})"}) {
    EXPECT_EQ(find_violation(json, kPerson), std::nullopt) << json;
  }
  EXPECT_EQ(find_violation("{\"any\":1}", "{}"), std::nullopt);
}

TEST(ReplySchema, WhatDoesNotIsNamedByItsPath) {
  const std::pair<const char*, const char*> cases[] = {
      {"{", "$: is no JSON"},
      {"[]", "$: of type [\"object\"] is wanted"},
      {"{}", "$.name: is missing"},
      {R"({"name":1})", "$.name: of type [\"string\"] is wanted"},
      {R"({"name":"x","age":1.5})", "$.age: of type [\"integer\"] is wanted"},
      {R"({"name":"x","kind":"c"})", "$.kind: one of [\"a\",\"b\"] is wanted"},
      {R"({"name":"x","tags":["a",1]})", "$.tags[1]: of type [\"string\"] is wanted"},
      {R"({"name":"x","boss":{}})", "$.boss.name: is missing"},
      {R"({"name":"x","x":"y"})", "$.x: none of the alternatives fits"},
      {R"({"name":"x","more":1})", "$.more: is not wanted"}};
  for (const auto& [json, wrong] : cases) EXPECT_EQ(find_violation(json, kPerson), wrong) << json;
}

TEST(ReplySchema, SchemasThatAreNoneOrGoInCirclesAreNoTrouble) {
  EXPECT_THROW(find_violation("{}", "[]"), Error);
  EXPECT_EQ(find_violation("{}", R"({"$ref":"#"})"), std::nullopt);
  EXPECT_EQ(find_violation("{}", R"({"$ref":"#/nowhere"})"), std::nullopt);
  EXPECT_EQ(first_character(R"({"type":"array"})"), '[');
  EXPECT_EQ(first_character("{}"), '{');
}

TEST(JsonScan, FindsTheEndOfTheFirstValue) {
  JsonScan scan;
  EXPECT_EQ(scan.push(R"({"a":"}\"")"), 10U);
  EXPECT_FALSE(scan.is_complete());
  EXPECT_EQ(scan.push(R"(,"b":[{}]} and more)"), 10U);
  EXPECT_TRUE(scan.is_complete());
  EXPECT_EQ(scan.push("x"), 0U);
}

}  // namespace
}  // namespace hailstone::engines::hailo
