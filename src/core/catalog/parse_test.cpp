// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/parse.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hailstone::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

const std::string kSha(64, 'a');

std::string model_with(const std::string& fields, const std::string& variant) {
  return "[[model]]\nname = \"m\"\ntask = \"detect\"\nlicence = \"MIT\"\n" + fields +
         "\n[[model.variant]]\n" + variant;
}

std::string variant_with(const std::string& fields) {
  return model_with("", "engine = \"onnx\"\nformat = \"onnx\"\n" + fields);
}

std::string file_with(const std::string& fields) {
  return variant_with("[[model.variant.file]]\n" + fields);
}

const std::string kGood = file_with("url = \"https://example.com/m.onnx\"\n");

std::string refusal_of(const std::string& toml) {
  try {
    parse_catalog(toml, "f.toml");
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(ParseCatalog, ReadsEverythingThatAModelCanSay) {
  const auto models =
      parse_catalog(
          R"([[model]]
name = "yolox-nano"
task = "detect"
description = "small"
licence = "Apache-2.0"
family = "yolox"
parameters = "0.9M"
labels = "coco80"
default = true

[[model.variant]]
engine = "onnx"
format = "onnx"
runtime = "1.17"
decoder = "yolox"
quantization = "F32"
host_memory = 1_000
npu_memory = 2_000
input = { width = 416, height = 320, layout = "nchw", color = "bgr", resize = "letterbox", pad = 114, mean = [1, 2.5, 3], std = 255 }
settings = { lora = "x" }

[[model.variant.file]]
url = "https://example.com/a.onnx"
size = 10
sha256 = ")" + kSha +
              R"("

[[model.variant.file]]
kind = "labels"
url = "https://example.com/l.txt"
size = 5

[[model.variant.file]]
kind = "recogniser"
url = "https://example.com/r.onnx"
size = 7
input = { height = 48, multiple = 8, min_side = 320, max_side = 960 }

[[model.variant]]
engine = "llama"
format = "gguf"
registry = "yolox:nano"
)",
          "f.toml");
  ASSERT_THAT(models, SizeIs(1));
  const auto& model = models[0];
  EXPECT_EQ(model.name, "yolox-nano");
  EXPECT_EQ(model.licence, "Apache-2.0");
  EXPECT_EQ(model.labels, "coco80");
  EXPECT_TRUE(model.is_default);
  ASSERT_THAT(model.variants, SizeIs(2));
  const auto& variant = model.variants[0];
  EXPECT_EQ(variant.engine + variant.format + variant.runtime + variant.decoder,
            "onnxonnx1.17yolox");
  EXPECT_EQ(variant.host_memory, ByteSize::bytes(1000));
  EXPECT_EQ(variant.npu_memory, ByteSize::bytes(2000));
  EXPECT_EQ(variant.settings.at("lora"), "x");
  ASSERT_TRUE(variant.input);
  EXPECT_EQ(variant.input->width, 416);
  EXPECT_EQ(variant.input->pad, 114);
  EXPECT_THAT(variant.input->mean, ElementsAre(1, 2.5, 3));
  EXPECT_THAT(variant.input->std, ElementsAre(255, 255, 255));
  ASSERT_THAT(variant.files, SizeIs(3));
  ASSERT_TRUE(variant.files[2].input);
  EXPECT_EQ(variant.files[2].input->width, 0);
  EXPECT_EQ(variant.files[2].input->height, 48);
  EXPECT_EQ(variant.files[2].input->multiple, 8);
  EXPECT_EQ(variant.files[2].input->min_side, 320);
  EXPECT_EQ(variant.files[2].input->max_side, 960);
  EXPECT_FALSE(variant.files[0].input);
  EXPECT_EQ(variant.files[0].kind, "model");
  EXPECT_EQ(variant.files[0].sha256, kSha);
  EXPECT_EQ(variant.size(), ByteSize::bytes(22));
  EXPECT_EQ(model.variants[1].registry, "yolox:nano");
  EXPECT_EQ(model.variants[1].size(), std::nullopt);
}

TEST(ParseCatalog, ASizeIsKnownOnlyIfAllFilesSayTheirs) {
  EXPECT_EQ(parse_catalog(kGood, "f")[0].variants[0].size(), std::nullopt);
}

TEST(ParseCatalog, NamesFileLineAndFieldOfAMistake) {
  EXPECT_THAT(refusal_of(model_with("license = \"typo\"", "")), HasSubstr("f.toml:"));
  EXPECT_THAT(refusal_of(file_with("url = \"https://a/b\"\nsise = 1")),
              HasSubstr("f.toml:11: model 'm': variant 1: file 1: sise is not a field; fields: "));
  EXPECT_THAT(refusal_of("[[model]\n"), HasSubstr("f.toml:1: "));
  EXPECT_THAT(refusal_of("models = []"), HasSubstr("f.toml:1: models is not a field"));
}

TEST(ParseCatalog, RefusesWhatCouldNotWork) {
  EXPECT_EQ(refusal_of(kGood), "accepted");
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"[[model]]\n", "name is missing"},
      {"[[model]]\nname = \"../x\"", "is not a model's name"},
      {"[[model]]\nname = \"a/b/c\"", "is not a model's name"},
      {"[[model]]\nname = 1", "name must be a text"},
      {"[[model]]\nname = \"m\"\ntask = \"detekt\"", "'detekt' is unknown; known: chat, "},
      {"[[model]]\nname = \"m\"\ntask = \"detect\"", "licence is missing"},
      {"[[model]]\nname = \"m\"\ntask = \"detect\"\nlicence = \"MIT\"", "variant is missing"},
      {kGood + "[[model]]\nname = \"M\"\ntask = \"detect\"\nlicence = \"MIT\"\nvariant = "
               "[{engine = \"onnx\", format = \"onnx\", registry = \"a\"}]",
       "name is there twice"},
      {model_with("default = 1", ""), "default must be true or false"},
      {model_with("", "engine = \"T PU\""), "engine must be a word"},
      {model_with("", "engine = \"onnx\"\nformat = \"gguf\""), "'gguf' is none of the engine"},
      {model_with("", "engine = \"onnx\""), "format is missing"},
      {variant_with(""), "file or registry is needed"},
      {variant_with("registry = \"a b\""), "is not a model's name"},
      {variant_with("decoder = \"yolo99\""), "decoder 'yolo99' is unknown"},
      {variant_with("host_memory = -1"), "host_memory must be a whole number"},
      {variant_with("settings = { a = 1 }"), "settings must be a table of texts"},
      {variant_with("input = { multiple = 0 }"), "multiple must be"},
      {variant_with("input = { min_side = 9, max_side = 8 }"), "min_side must not be"},
      {variant_with("input = { width = 1, height = 1, std = 0 }"), "std must not be 0"},
      {variant_with("input = { width = 1, height = 1, mean = [1, 2] }"), "one for each channel"},
      {variant_with("input = { width = 1, height = 1, color = \"gray\", mean = [1, 2, 3] }"),
       "one for each channel"},
      {file_with("url = \"https://a/b\"\ninput = { height = 48 }"), "is for further networks"},
      {variant_with("input = 5"), "input must be a table"},
      {file_with("kind = \"labels\"\nurl = \"https://a/b\""), "exactly one of the kind 'model'"},
      {file_with("kind = \"../x\"\nurl = \"https://a/b\""), "is unknown"},
      {file_with("url = \"ftp://a/b\""), "url must begin with https://"},
      {file_with("url = \"http://a/b\""), "http:// only with a sha256"},
      {file_with("url = \"https://a/b\"\nsha256 = \"AB\""), "sha256 must be 64"},
      {file_with("url = \"https://a/b\"\nsize = 0"), "size must be a whole number"},
  };
  for (const auto& [toml, message] : cases) {
    EXPECT_THAT(refusal_of(toml), HasSubstr(message)) << toml;
  }
}

}  // namespace
}  // namespace hailstone::core
