// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Templates and what Go's own text/template made of them: testdata/language.txt.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "formats/go_template/template.hpp"

namespace hailstone::go_template {
namespace {

Record map_of(std::vector<std::pair<std::string, Value>> fields) {
  return {Record::Shape::kMap, std::move(fields)};
}

Value person(const char* name, Record tags) {
  return Record{Record::Shape::kStruct, {{"Name", name}, {"Tags", std::move(tags)}}};
}

Value list_of(std::vector<Value> items) {
  return Value(std::move(items));
}

Value data() {
  const Value grace = person("Grace", map_of({{"colour", "red"}}));
  return map_of({{"Name", "Ada"},
                 {"Age", 36},
                 {"Ratio", 1.5},
                 {"Yes", true},
                 {"Empty", ""},
                 {"List", list_of({"a", "b", "c"})},
                 {"EmptyList", list_of({})},
                 {"EmptyMap", map_of({})},
                 {"Map", map_of({{"one", 1}, {"two", 2}, {"three", 3}})},
                 {"Person", grace},
                 {"People", list_of({grace, person("Linus", map_of({}))})},
                 {"Nested", map_of({{"a", map_of({{"b", "deep"}})}})},
                 {"Pairs", list_of({list_of({1, 2}), list_of({3, 4})})}});
}

struct Case {
  std::string name;
  std::string text;
  std::string expected;
  bool refused = false;
};

void append_line(std::string& text, bool& first, const std::string& line) {
  if (!std::exchange(first, false)) text += '\n';
  text += line;
}

std::vector<Case> read_cases() {
  std::ifstream in(std::filesystem::path(HAILSTONE_ROOM_DIR) / "testdata/language.txt");
  std::vector<Case> cases;
  std::string* part = nullptr;
  bool first = true;
  for (std::string line; std::getline(in, line);) {
    if (line == "@@@ =>") {
      part = &cases.back().expected;
      first = true;
    } else if (line == "@@@ !") {
      cases.back().refused = true;
    } else if (line.starts_with("@@@ ")) {
      cases.push_back({line.substr(4), "", ""});
      part = &cases.back().text;
      first = true;
    } else {
      append_line(*part, first, line);
    }
  }
  return cases;
}

TEST(Language, DoesWhatGoDoes) {
  const auto cases = read_cases();
  EXPECT_GT(cases.size(), 50U);
  for (const auto& one : cases) {
    if (one.refused) continue;
    try {
      EXPECT_EQ(Template(one.text).execute(data()), one.expected) << one.name;
    } catch (const Error& error) {
      ADD_FAILURE() << one.name << ": " << error.what();
    }
  }
}

TEST(Language, RefusesWhatGoRefuses) {
  for (const auto& one : read_cases()) {
    if (!one.refused) continue;
    try {
      const auto made = Template(one.text).execute(data());
      ADD_FAILURE() << one.name << " gave " << made;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
      EXPECT_TRUE(std::string(error.what()).starts_with("template: line ")) << error.what();
    }
  }
}

std::string refusal_of(const char* text, const Limits& limits = {}) {
  try {
    Template(text).execute(data(), limits);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST(Language, ErrorsNameLineAndReason) {
  EXPECT_EQ(refusal_of("a\nb {{ upper .Name }}"),
            "template: line 2: function \"upper\" not defined");
  EXPECT_EQ(refusal_of("{{ if .Name }}\n\n{{ range .List }}\n{{ end }}"),
            "template: line 1: {{if}} has no {{end}}");
  EXPECT_EQ(refusal_of("\n\n{{ .Name.First }}"),
            "template: line 3: can't evaluate field First in a text");
  EXPECT_EQ(refusal_of("{{ index .List 7 }}"),
            "template: line 1: error calling index: index out of range: 7");
  EXPECT_EQ(refusal_of("{{ $x = 1 }}"), "template: line 1: undefined variable \"$x\"");
  EXPECT_EQ(refusal_of("{{ .Person.Age }}"),
            "template: line 1: can't evaluate field Age: there is none of that name");
}

TEST(Language, RangesOverNumbers) {
  EXPECT_EQ(Template("{{ range 3 }}{{ . }}{{ end }}").execute({}), "012");
}

TEST(Language, CallsFunctionsOfItsOwner) {
  const Template greeting("{{ shout .Name }}{{ .Name | shout }}",
                          {{"shout", [](const Call& call) -> Value {
                              call.expect(1, 1);
                              return call.arguments[0].text() + "!";
                            }}});
  EXPECT_EQ(greeting.execute(data()), "Ada!Ada!");
  EXPECT_EQ(refusal_of("{{ html }}"),
            "template: line 1: error calling html: wrong number of arguments: want 1, got 0");
}

TEST(Limits, EndWhatWouldGoOnForEver) {
  for (const char* text :
       {"{{ define \"x\" }}{{ template \"x\" }}{{ end }}{{ template \"x\" }}",
        "{{ range 100000000 }}a{{ end }}", "{{ range 10000000000 }}{{ end }}",
        "{{ range 10000 }}{{ range 10000 }}{{ printf \"%9999d\" 1 }}{{ end }}{{ end }}",
        "{{ $s := \"aaaaaaaaaaaaaaaa\" }}{{ range 100 }}{{ $s = print $s $s }}{{ end }}"}) {
    const std::string refusal = refusal_of(text, {.steps = 200'000});
    EXPECT_NE(refusal.find("the template "), std::string::npos) << refusal;
  }
}

TEST(Limits, HoldForWhatIsWritten) {
  const Template text("{{ range 100 }}0123456789{{ end }}");
  EXPECT_EQ(text.execute({}).size(), 1000U);
  EXPECT_THROW(text.execute({}, {.output = 999}), Error);
  EXPECT_THROW(text.execute({}, {.steps = 50}), Error);
}

TEST(Limits, HoldForNestedText) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "{{ if . }}";
  EXPECT_THROW(Template{deep}, Error);
  EXPECT_THROW(Template{"{{ " + std::string(100'000, '(')}, Error);
}

}  // namespace
}  // namespace hailstone::go_template
