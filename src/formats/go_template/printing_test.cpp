// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/go_template/printing.hpp"

#include <gtest/gtest.h>

#include "formats/go_template/quoted.hpp"

namespace hailstone::go_template {
namespace {

TEST(Json, KeepsTheOrderOfMaps) {
  const Record inner{Record::Shape::kMap, {{"z", 1}, {"a", Value(std::vector<Value>{true, {}})}}};
  EXPECT_EQ(write_json(inner), R"({"z":1,"a":[true,null]})");
  EXPECT_EQ(print(inner), "map[a:[true <nil>] z:1]") << "as Go prints maps";
}

TEST(Json, EscapesAsGoDoes) {
  EXPECT_EQ(write_json("<a> & \"b\"\n\t\x01 \xE2\x80\xA8"),
            R"("\u003ca\u003e \u0026 \"b\"\n\t\u0001 \u2028")");
  EXPECT_EQ(write_json("\xFF"), "\"\xEF\xBF\xBD\"");
  EXPECT_EQ(write_json("Zürich"), "\"Zürich\"");
}

TEST(Json, WritesNumbersAsGoDoes) {
  EXPECT_EQ(write_json(1.0), "1");
  EXPECT_EQ(write_json(0.1), "0.1");
  EXPECT_EQ(write_json(1e21), "1e+21");
  EXPECT_EQ(write_json(1e-9), "1e-9");
  EXPECT_EQ(write_json(123456789012345680.0), "123456789012345680");
}

TEST(Json, ShowsWhatStandsForAValue) {
  EXPECT_EQ(write_json(Record{Record::Shape::kStruct, {{"Name", "f"}}, R"({"name":"f"})"}),
            R"({"name":"f"})");
  EXPECT_EQ(print(Value(std::vector<Value>{1}, "[one]")), "[one]");
}

TEST(Quoted, TakesBackWhatItWrites) {
  for (const std::string text : {"plain", "tab\t \"q\" \\ \x01", "Zürich 雪", "\xFF\xFE"}) {
    const std::string quoted = quote(text);
    EXPECT_EQ(find_unquoted(quoted.substr(1, quoted.size() - 2)), text);
  }
  for (const char* bad : {"\\z", "\\", "\\x1", "\\u12", "\\ud800", "\\U00110000", "\\400"}) {
    EXPECT_EQ(find_unquoted(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace hailstone::go_template
