// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/go_template.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hailstone::services {
namespace {

const TemplateValues kAll{"be kind", "hello", "tail"};
const TemplateValues kPromptOnly{"", "hello", ""};

TEST(GoTemplate, FillsInValues) {
  EXPECT_EQ(render_go_template("[{{ .System }}|{{.Prompt}}|{{ .Suffix }}]", kAll),
            "[be kind|hello|tail]");
  EXPECT_EQ(render_go_template("plain", kAll), "plain");
  EXPECT_EQ(render_go_template("", kAll), "");
}

TEST(GoTemplate, TakesTheArmWhoseValueIsThere) {
  const char* text = "{{ if .System }}S{{ else if .Suffix }}F{{ else }}P{{ end }}.";
  EXPECT_EQ(render_go_template(text, kAll), "S.");
  EXPECT_EQ(render_go_template(text, {"", "hello", "tail"}), "F.");
  EXPECT_EQ(render_go_template(text, kPromptOnly), "P.");
}

TEST(GoTemplate, AnArmInsideAnArmThatIsNotTakenStaysSilent) {
  const char* text = "{{ if .System }}a{{ if .Prompt }}b{{ else }}c{{ end }}d{{ end }}e";
  EXPECT_EQ(render_go_template(text, kAll), "abde");
  EXPECT_EQ(render_go_template(text, kPromptOnly), "e");
}

TEST(GoTemplate, TrimMarkersEatBlanksAndLineBreaks) {
  EXPECT_EQ(render_go_template("a \n {{- .Prompt -}} \n b", kAll), "ahellob");
  EXPECT_EQ(render_go_template("a {{/* why */}} b", kAll), "a  b");
  EXPECT_EQ(render_go_template("a {{- /* why */ -}} b", kAll), "ab");
}

TEST(GoTemplate, EndsWhereTheReplyBegins) {
  EXPECT_EQ(render_go_template("<u>{{ .Prompt }}<a>{{ .Response }}<end>", kAll), "<u>hello<a>");
}

TEST(GoTemplate, WritesTheTemplateOfARealChatModel) {
  const char* text =
      "{{- if .System }}<|im_start|>system\n{{ .System }}<|im_end|>\n{{ end }}"
      "<|im_start|>user\n{{ .Prompt }}<|im_end|>\n<|im_start|>assistant\n{{ .Response }}<|im_end|>";
  EXPECT_EQ(render_go_template(text, kAll),
            "<|im_start|>system\nbe kind<|im_end|>\n<|im_start|>user\nhello<|im_end|>\n"
            "<|im_start|>assistant\n");
}

TEST(GoTemplate, SaysWhatIsSupportedForAnythingElse) {
  for (const char* bad :
       {"{{ range .Messages }}{{ end }}", "{{ .Messages }}", "{{ if .System }}", "{{ end }}",
        "{{ else }}", "{{ if .System }}{{ else }}{{ else }}{{ end }}", "{{ .Prompt", "{{}}",
        "{{ if and .System .Prompt }}{{ end }}", "{{ .Prompt | upper }}",
        "{{ if .Suffix }}{{ .Tools }}{{ end }}"}) {
    try {
      render_go_template(bad, kPromptOnly);
      ADD_FAILURE() << bad;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
      EXPECT_NE(std::string(error.what()).find("supported are {{ .System }}"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace hailstone::services
