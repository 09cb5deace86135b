// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/files/modelfile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hailstone::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST(Modelfile, ReadsEveryInstruction) {
  const auto file = parse_modelfile(
      "# a comment\n"
      "FROM ./weights.gguf\r\n"
      "from ./projector.gguf\n"
      "\n"
      "PARAMETER temperature 0.5\n"
      "PARAMETER stop \"<|end|>\"\n"
      "TEMPLATE \"\"\"{{ .System }}\n{{ .Prompt }}\"\"\"\n"
      "SYSTEM You are brief.\n"
      "ADAPTER ./lora.gguf\n"
      "LICENSE \"\"\"MIT\"\"\"\n"
      "MESSAGE user hello there\n"
      "MESSAGE assistant \"\"\"hi\nthere\"\"\"");
  EXPECT_THAT(file.from, ElementsAre("./weights.gguf", "./projector.gguf"));
  EXPECT_THAT(file.parameters, ElementsAre(Pair("temperature", "0.5"), Pair("stop", "<|end|>")));
  EXPECT_EQ(file.template_text, "{{ .System }}\n{{ .Prompt }}");
  EXPECT_EQ(file.system, "You are brief.");
  EXPECT_THAT(file.adapters, ElementsAre("./lora.gguf"));
  EXPECT_THAT(file.licenses, ElementsAre("MIT"));
  EXPECT_THAT(file.messages,
              ElementsAre(Pair("user", "hello there"), Pair("assistant", "hi\nthere")));
}

TEST(Modelfile, SaysInWhichLineItIsWrong) {
  const auto refusal = [](const char* text) {
    try {
      parse_modelfile(text);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_EQ(refusal(""), "Modelfile: no FROM line");
  EXPECT_EQ(refusal("SYSTEM x\n"), "Modelfile: no FROM line");
  EXPECT_EQ(refusal("FROM\n"), "Modelfile:1: FROM says nothing");
  EXPECT_THAT(refusal("FROM x\n\nCOPY a b\n"), HasSubstr("Modelfile:3: 'COPY' is none of"));
  EXPECT_EQ(refusal("FROM x\nSYSTEM \"\"\"a\nb\n"), "Modelfile:2: the text has no closing \"\"\"");
  EXPECT_EQ(refusal("FROM x\nSYSTEM \"\"\"a\nb\"\"\" c\n"),
            "Modelfile:3: something stands behind the text");
  EXPECT_THAT(refusal("FROM x\nMESSAGE robot hi"), HasSubstr("Modelfile:2: MESSAGE is from"));
}

TEST(Modelfile, AnEmptyTextTakesSomethingAway) {
  const auto file = parse_modelfile("FROM x\nSYSTEM\nTEMPLATE \"\"");
  EXPECT_EQ(file.system, "");
  EXPECT_EQ(file.template_text, "");
}

}  // namespace
}  // namespace hailstone::cli
