// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/gguf/gguf.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "engines/llama/gguf/facts.hpp"
#include "engines/llama/testing/micro_gguf.hpp"

namespace hailstone::engines::llama {
namespace {

using inference::Capability;
using inference::FactDetail;
using testing::GgufWriter;

Gguf parse(const std::string& file, FactDetail detail = FactDetail::kBrief) {
  return parse_gguf(
      file.size(),
      [&](std::uint64_t offset, std::span<char> into) {
        ASSERT_LE(offset + into.size(), file.size());
        file.copy(into.data(), into.size(), offset);
      },
      detail);
}

inference::ModelFacts facts(const GgufWriter& writer) {
  return facts_of(parse(writer.file()), HasProjector::kNo, FactDetail::kBrief);
}

/// The message of the refusal.
std::string refusal(const std::string& file) {
  try {
    parse(file);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
    return error.what();
  }
  return "not refused";
}

GgufWriter small() {
  GgufWriter writer;
  writer.set("general.architecture", "llama").set("llama.context_length", 4096U);
  return writer.tensor("a.weight", {2, 4}, {1, 2, 3, 4, 5, 6, 7, 8});
}

TEST(Gguf, ReadsMetadataAndTensors) {
  const Gguf gguf = parse(small().file());
  EXPECT_EQ(gguf.find_text("general.architecture"), "llama");
  EXPECT_EQ(gguf.find_count("llama.context_length"), 4096U);
  EXPECT_EQ(gguf.find_count("general.architecture"), std::nullopt);
  EXPECT_EQ(gguf.find_text("nothing"), std::nullopt);
  ASSERT_EQ(gguf.tensors.size(), 1U);
  EXPECT_EQ(gguf.tensors[0].elements, 8U);
}

TEST(Gguf, ReadsVersionTwo) {
  GgufWriter writer = small();
  writer.version = 2;
  EXPECT_EQ(parse(writer.file()).tensors.size(), 1U);
}

TEST(Gguf, KeepsLongListsOnlyInFullDetail) {
  const std::vector<std::string> words(5000, "word");
  GgufWriter writer = small();
  writer.set("words", words).set("heads", std::vector<std::uint32_t>{1, 2, 3});
  const Gguf brief = parse(writer.file());
  EXPECT_EQ(brief.find_list("words")->length, 5000U);
  EXPECT_TRUE(brief.find_list("words")->values.empty());
  EXPECT_EQ(brief.find_list("heads")->values.size(), 3U);
  EXPECT_EQ(parse(writer.file(), FactDetail::kFull).find_list("words")->values.size(), 5000U);
}

TEST(Gguf, RefusesWhatIsNotOne) {
  EXPECT_THAT(refusal(""), ::testing::HasSubstr("does not begin like one"));
  EXPECT_THAT(refusal("GGUF"), ::testing::HasSubstr("does not begin like one"));
  EXPECT_THAT(refusal(std::string(100, 'x')), ::testing::HasSubstr("does not begin like one"));
  GgufWriter writer = small();
  writer.version = 1;
  EXPECT_THAT(refusal(writer.file()), ::testing::HasSubstr("version 1"));
}

TEST(Gguf, RefusesEveryTruncation) {
  const std::string file = small().file();
  for (std::size_t size = 0; size < file.size() - 32; ++size) {
    EXPECT_NE(refusal(file.substr(0, size)), "not refused") << size;
  }
}

TEST(Gguf, RefusesCountsThatCannotBe) {
  testing::Bytes tensors;
  tensors.raw("GGUF").number(3U).number(~std::uint64_t{0}).number(std::uint64_t{0});
  EXPECT_THAT(refusal(tensors.data()), ::testing::HasSubstr("too many tensors"));
  testing::Bytes entries;
  entries.raw("GGUF").number(3U).number(std::uint64_t{0}).number(~std::uint64_t{0});
  EXPECT_THAT(refusal(entries.data()), ::testing::HasSubstr("too much metadata"));
}

TEST(Gguf, RefusesLengthsBeyondTheFile) {
  for (const std::uint64_t length :
       {std::uint64_t{1000}, std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
    GgufWriter text;
    text.entry("text", GgufWriter::kText).number(length);
    EXPECT_THAT(refusal(text.file()), ::testing::HasSubstr("beyond the end"));
    GgufWriter list;
    list.entry("list", GgufWriter::kList).number<std::uint32_t>(GgufWriter::kText).number(length);
    EXPECT_NE(refusal(list.file()), "not refused");
  }
  testing::Bytes key;
  key.raw("GGUF").number(3U).number(std::uint64_t{0}).number(std::uint64_t{1});
  key.number(~std::uint64_t{0});
  EXPECT_THAT(refusal(key.data()), ::testing::HasSubstr("beyond the end"));
}

TEST(Gguf, RefusesUnknownKinds) {
  GgufWriter value;
  value.entry("value", 99);
  EXPECT_THAT(refusal(value.file()), ::testing::HasSubstr("unknown kind"));
  GgufWriter list;
  list.entry("list", GgufWriter::kList).number<std::uint32_t>(GgufWriter::kList);
  EXPECT_NE(refusal(list.file()), "not refused");
}

TEST(Gguf, RefusesTensorsOutsideOfTheFile) {
  const std::uint64_t huge = ~std::uint64_t{0} / 32 * 32;
  for (const std::uint64_t offset : {std::uint64_t{64}, std::uint64_t{1} << 40, huge}) {
    GgufWriter writer = small();
    writer.tensor_info("far.weight", {4}, 0, offset);
    EXPECT_THAT(refusal(writer.file()), ::testing::HasSubstr("far.weight reaches beyond"));
  }
  GgufWriter large = small();
  large.tensor_info("large.weight", {1 << 20}, 0, 0);
  EXPECT_THAT(refusal(large.file()), ::testing::HasSubstr("large.weight reaches beyond"));
  GgufWriter crooked = small();
  crooked.tensor_info("crooked.weight", {1}, 0, 3);
  EXPECT_THAT(refusal(crooked.file()), ::testing::HasSubstr("bad offset"));
}

TEST(Gguf, RefusesShapesThatCannotBe) {
  const std::uint64_t huge = std::uint64_t{1} << 40;
  const std::vector<std::vector<std::uint64_t>> shapes = {
      {huge, huge}, {0}, {}, {1, 1, 1, 1, 1}, {~std::uint64_t{0}, 2}};
  for (const auto& shape : shapes) {
    GgufWriter writer = small();
    writer.tensor_info("odd.weight", shape, 0, 0);
    EXPECT_THAT(refusal(writer.file()), ::testing::HasSubstr("odd.weight has"));
  }
  GgufWriter blocks = small();
  blocks.tensor_info("blocks.weight", {33}, 2, 0);
  EXPECT_THAT(refusal(blocks.file()), ::testing::HasSubstr("bad shape"));
}

TEST(Gguf, RefusesABadAlignment) {
  for (const std::uint32_t alignment : {0U, 3U, 1U << 31}) {
    GgufWriter writer;
    writer.set("general.alignment", alignment);
    EXPECT_THAT(refusal(writer.file()), ::testing::HasSubstr("alignment"));
  }
}

TEST(Gguf, SaysWhenThereIsNoSuchFile) {
  try {
    read_gguf("/nonexistent/model.gguf", FactDetail::kBrief);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kNotFound);
  }
  EXPECT_THROW(read_gguf("/", FactDetail::kBrief), Error);
}

TEST(Facts, AreReadOffAModel) {
  const Gguf gguf = parse(testing::micro_gguf({.chat_template = "{{ tools }}<think>"}));
  const auto brief = facts_of(gguf, HasProjector::kYes, FactDetail::kBrief);
  EXPECT_EQ(brief.architecture, "llama");
  EXPECT_EQ(brief.quantization, "F32");
  EXPECT_EQ(brief.context_length, 512);
  EXPECT_EQ(brief.embedding_length, 32);
  EXPECT_EQ(brief.chat_template, "{{ tools }}<think>");
  EXPECT_TRUE(brief.tensors.empty());
  EXPECT_GT(brief.parameters, 40'000U);
  EXPECT_THAT(
      brief.capabilities,
      ::testing::ElementsAre(Capability::kCompletion, Capability::kTools, Capability::kInsert,
                             Capability::kVision, Capability::kThinking));
  EXPECT_EQ(facts_of(gguf, HasProjector::kNo, FactDetail::kFull).tensors[0].type, "F32");
}

TEST(Facts, EmbeddingModelsOnlyEmbed) {
  GgufWriter bert;
  EXPECT_THAT(facts(bert.set("general.architecture", "nomic-bert")).capabilities,
              ::testing::ElementsAre(Capability::kEmbedding));
  GgufWriter pooled = small();
  EXPECT_THAT(facts(pooled.set("llama.pooling_type", 3U)).capabilities,
              ::testing::ElementsAre(Capability::kEmbedding));
  GgufWriter unpooled = small();
  EXPECT_THAT(facts(unpooled.set("llama.pooling_type", 0U)).capabilities,
              ::testing::ElementsAre(Capability::kCompletion));
}

TEST(Facts, RerankersOnlyRank) {
  GgufWriter said = small();
  EXPECT_THAT(facts(said.set("llama.pooling_type", 4U)).capabilities,
              ::testing::ElementsAre(Capability::kRanking));
  GgufWriter silent;
  silent.set("general.architecture", "bert").tensor("cls.output.weight", {2, 1}, {1, 2});
  EXPECT_THAT(facts(silent).capabilities, ::testing::ElementsAre(Capability::kRanking));
  GgufWriter embeds;
  embeds.set("general.architecture", "bert").set("bert.pooling_type", 2U);
  embeds.tensor("cls.output.weight", {2, 1}, {1, 2});
  EXPECT_THAT(facts(embeds).capabilities, ::testing::ElementsAre(Capability::kEmbedding));
}

TEST(Facts, TheQuantizationIsTheFilesOrThePrevailing) {
  GgufWriter said = small();
  EXPECT_EQ(facts(said.set("general.file_type", 15U)).quantization, "Q4_K_M");
  GgufWriter unknown = small();
  EXPECT_EQ(facts(unknown.set("general.file_type", 9999U)).quantization, "F32");
  EXPECT_EQ(facts(GgufWriter()).quantization, "");
}

}  // namespace
}  // namespace hailstone::engines::llama
