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
  EXPECT_EQ(refusal("FROM x\nSYSTEM \"\"\"a\nb\n"),
            "Modelfile:2: the text has no closing \"\"\" at the end of a line");
  EXPECT_EQ(refusal("FROM x\nSYSTEM \"\"\"a\nb\"\"\" c\n"),
            "Modelfile:2: the text has no closing \"\"\" at the end of a line");
  EXPECT_EQ(refusal("FROM x\nSYSTEM \"a\nb\n"),
            "Modelfile:2: the text has no closing \" at the end of a line");
  EXPECT_THAT(refusal("FROM x\nMESSAGE robot hi"), HasSubstr("Modelfile:2: MESSAGE is from"));
}

TEST(Modelfile, TextsInPlainQuotesMaySpanLines) {
  const auto file = parse_modelfile(
      "FROM x\nSYSTEM \"You are brief.\n\nAnd \"kind\" too.\" \nPARAMETER stop \"\n\"\n"
      "TEMPLATE \"\"\"{{ if eq .Role \"user\" }}{{ \"\"\"\" }}\n{{ end }}\"\"\"\"\nLICENSE \"MIT\" "
      "or so\n");
  EXPECT_EQ(file.system, "You are brief.\n\nAnd \"kind\" too.");
  EXPECT_THAT(file.parameters, ElementsAre(Pair("stop", "\n")));
  EXPECT_EQ(file.template_text, "{{ if eq .Role \"user\" }}{{ \"\"\"\" }}\n{{ end }}\"");
  EXPECT_THAT(file.licenses, ElementsAre("\"MIT\" or so"));
}

TEST(Modelfile, ComesInTheEncodingsOfTheWorld) {
  const std::string plain = "FROM x\r\nSYSTEM \"\"\"Grüße 😀\r\n.\"\"\"\r\n";
  EXPECT_EQ(parse_modelfile("\xEF\xBB\xBF" + plain).system, "Grüße 😀\n.");
  const std::u16string wide = u"\uFEFFFROM x\r\nSYSTEM Grüße 😀\r\n";
  std::string little;
  std::string big;
  for (const char16_t unit : wide) {
    const char low = static_cast<char>(unit & 0xFF);
    const char high = static_cast<char>(unit >> 8);
    little.append({low, high});
    big.append({high, low});
  }
  EXPECT_EQ(parse_modelfile(little).system, "Grüße 😀");
  EXPECT_EQ(parse_modelfile(big).system, "Grüße 😀");
}

TEST(Modelfile, LeavesOutWhatOnlyOllamaCanDo) {
  const auto file = parse_modelfile(
      "FROM x\nRENDERER qwen3\nPARSER qwen3\nDRAFT ./d.gguf\nREQUIRES 0.14.0\n"
      "PARAMETER mirostat 1\nPARAMETER top_k 3\n");
  EXPECT_THAT(file.parameters, ElementsAre(Pair("top_k", "3")));
  EXPECT_THAT(file.notes, ElementsAre("RENDERER qwen3 is for Ollama's own engine and is left out",
                                      "PARSER qwen3 is for Ollama's own engine and is left out",
                                      "DRAFT ./d.gguf is for Ollama's own engine and is left out",
                                      "REQUIRES 0.14.0 is for Ollama's own engine and is left out",
                                      "PARAMETER mirostat has no effect any more and is left out"));
}

TEST(Modelfile, AnEmptyTextTakesSomethingAway) {
  const auto file = parse_modelfile("FROM x\nSYSTEM\nTEMPLATE \"\"");
  EXPECT_EQ(file.system, "");
  EXPECT_EQ(file.template_text, "");
}

}  // namespace
}  // namespace hailstone::cli
