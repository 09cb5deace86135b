// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/json_fields.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace hailstone::http {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

template <typename Action>
std::string refusal(Action action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
    return error.what();
  }
  return "(accepted)";
}

std::string refusal_of_text(const std::string& text) {
  return refusal([&] { parse_json_object(text); });
}

TEST(ParseJson, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(refusal_of_text(""), "missing request body");
  EXPECT_EQ(refusal_of_text(" \n"), "missing request body");
  EXPECT_THAT(refusal_of_text("{\"a\":\n tru}"),
              StartsWith("invalid JSON at line 2, column 5: syntax error"));
  EXPECT_THAT(refusal_of_text("{\"a\":1"), HasSubstr("unexpected end of input"));
  EXPECT_THAT(refusal_of_text("{} x"), StartsWith("invalid JSON at line 1, column 4"));
  EXPECT_THAT(refusal_of_text("{\"a\":\xff}"), StartsWith("invalid JSON at line 1, column"));
  EXPECT_THAT(refusal_of_text("{\"a\":1e999}"), HasSubstr("number overflow"));
  EXPECT_EQ(refusal_of_text("[1]"), "the body must be a JSON object, got an array");
  EXPECT_EQ(refusal_of_text("null"), "the body must be a JSON object, got null");
}

TEST(ParseJson, RefusesDeepNestingBeforeItBuildsAnything) {
  const std::string deep(kMaxJsonDepth + 1, '[');
  EXPECT_EQ(refusal_of_text(deep), "the JSON is nested deeper than 64 levels");
  EXPECT_THAT(refusal_of_text(std::string(1 << 20, '[')), HasSubstr("nested deeper"));
  const auto brackets =
      R"({"a":"\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["})";
  EXPECT_EQ(refusal_of_text(brackets), "(accepted)");
  EXPECT_EQ(refusal_of_text("{\"a\":" + std::string(63, '[') + std::string(63, ']') + "}"),
            "(accepted)");
}

TEST(ParseJson, KeepsTheOrderOfFields) {
  constexpr auto kSchema = R"({"z":{"y":1,"b":[{"d":1,"c":2}]},"a":null})";
  EXPECT_EQ(to_text(parse_json(kSchema)), kSchema);
  EXPECT_EQ(to_text(parse_json(R"({"b":1,"a":2,"b":{"x":3}})")), R"({"b":{"x":3},"a":2})");
}

TEST(ParseJson, TakesAnObjectOfAHundredThousandFields) {
  std::string text = "{\"first\":1";
  for (int i = 0; i < 100'000; ++i) text += ",\"" + std::to_string(i) + "\":1";
  const auto body = parse_json_object(text + ",\"first\":2}");
  EXPECT_EQ(body.size(), 100'001U);
  EXPECT_EQ(body.begin()->dump(), "2");
}

struct CutText {
  const char* json;
  const char* read;
};

class CutStrings : public ::testing::TestWithParam<CutText> {};

// As Go's encoding/json reads them.
TEST_P(CutStrings, AreReadWithAReplacementCharacter) {
  const auto value = parse_json("[\"" + std::string(GetParam().json) + "\"]");
  EXPECT_EQ(value[0].get<std::string>(), GetParam().read);
}

INSTANTIATE_TEST_SUITE_P(
    All, CutStrings,
    ::testing::Values(CutText{R"(a\ud83d)", "a\uFFFD"}, CutText{R"(\uDE00z)", "\uFFFDz"},
                      CutText{R"(\ud83d\ude00)", "\U0001F600"},
                      CutText{R"(\ud83d\ud83d\ude00)", "\uFFFD\U0001F600"},
                      CutText{R"(\ud83d\u0041)",
                              "\uFFFD"
                              "A"},
                      CutText{R"(\\ud83d)", "\\ud83d"},  // an escaped backslash
                      CutText{R"(\ud83d\n\"x)", "\uFFFD\n\"x"},
                      CutText{"a\xF0\x9F\x98", "a\uFFFD\uFFFD\uFFFD"},
                      CutText{"\xC3(\xFF", "\uFFFD(\uFFFD"}, CutText{"\xC3\xA4", "\u00E4"},
                      CutText{"\xED\xA0\xBD", "\uFFFD\uFFFD\uFFFD"}));

TEST(Fields, ReadsWhatIsThere) {
  const auto body = parse_json_object(R"({"s":"x","b":true,"i":5,"f":5.0,"d":0.5,"o":{"k":"v"},
                                          "a":["p","q"],"n":null,"l":[{"z":1}]})");
  const Fields fields(body);
  EXPECT_EQ(fields.required_string("s"), "x");
  EXPECT_EQ(fields.find_bool("b"), true);
  EXPECT_EQ(fields.find_int("i"), 5);
  EXPECT_EQ(fields.find_int("f"), 5);
  EXPECT_EQ(fields.find_double("d"), 0.5);
  EXPECT_EQ(fields.find_double("i"), 5.0);
  EXPECT_EQ(fields.find_object("o")->find_string("k"), "v");
  EXPECT_THAT(*fields.find_strings("a"), ElementsAre("p", "q"));
  EXPECT_EQ(fields.find_objects("l")->at(0).find_int("z"), 1);
  EXPECT_FALSE(fields.has("n"));
  EXPECT_FALSE(fields.find_string("n"));
  EXPECT_FALSE(fields.find_objects("nothing"));
}

TEST(Fields, NamesThePathOfWhatIsWrong) {
  const auto body = parse_json_object(
      R"({"m":[{},{"c":"x"},{"c":7}],"o":{"stop":["a",1]},"e":"","t":"yes","s":{"x":[2]}})");
  const Fields fields(body);
  EXPECT_EQ(refusal([&] { fields.required_string("model"); }), "model is required");
  EXPECT_EQ(refusal([&] { fields.required_string("e"); }), "e is required");
  EXPECT_EQ(refusal([&] { fields.required("x"); }), "x is required");
  EXPECT_EQ(refusal([&] { fields.find_objects("m")->at(2).find_string("c"); }),
            "m[2].c must be a string, got a number");
  EXPECT_EQ(refusal([&] { fields.find_object("o")->find_strings("stop"); }),
            "o.stop[1] must be a string, got a number");
  EXPECT_EQ(refusal([&] { fields.find_bool("t"); }), "t must be a boolean, got \"yes\"");
  EXPECT_EQ(refusal([&] { fields.find_object("t"); }), "t must be an object, got \"yes\"");
  EXPECT_EQ(refusal([&] { fields.find_objects("s"); }), "s must be an array, got an object");
  EXPECT_EQ(refusal([&] { fields.find_object("s")->find_objects("x"); }),
            "s.x[0] must be an object, got a number");
}

struct IntegerCase {
  const char* json;
  const char* refusal;
};

class IntegerFields : public ::testing::TestWithParam<IntegerCase> {};

TEST_P(IntegerFields, AreIntegersWithinTheirLimits) {
  const auto body = parse_json_object("{\"n\":" + std::string(GetParam().json) + "}");
  EXPECT_EQ(refusal([&] { Fields(body).find_int("n", 0, 100); }), GetParam().refusal);
}

INSTANTIATE_TEST_SUITE_P(
    All, IntegerFields,
    ::testing::Values(
        IntegerCase{"5", "(accepted)"}, IntegerCase{"5.0", "(accepted)"},
        IntegerCase{"1e2", "(accepted)"}, IntegerCase{"null", "(accepted)"},
        IntegerCase{"5.5", "n must be an integer, got 5.5"},
        IntegerCase{"-1", "n must be an integer of at least 0, got -1"},
        IntegerCase{"101", "n must be an integer of at most 100, got 101"},
        IntegerCase{"2147483648", "n must be an integer of at most 100, got 2147483648"},
        IntegerCase{"9223372036854775808", "n must be an integer, got 9223372036854775808"},
        IntegerCase{"1e308", "n must be an integer, got 1e+308"},
        IntegerCase{"\"1\"", "n must be an integer, got \"1\""},
        IntegerCase{"true", "n must be an integer, got a boolean"}));

TEST(Fields, KeepsNumbersWithinLimits) {
  const auto body = parse_json_object(R"({"d":-0.5,"s":"1"})");
  const Fields fields(body);
  EXPECT_EQ(refusal([&] { fields.find_double("d", 0, 2); }),
            "d must be a number of at least 0.0, got -0.5");
  EXPECT_EQ(refusal([&] { fields.find_double("s"); }), "s must be a number, got \"1\"");
}

TEST(ToText, NeverThrowsForContent) {
  EXPECT_EQ(to_text(nlohmann::json("a\xff")), "\"a\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace hailstone::http
