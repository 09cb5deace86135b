// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/codec/encode.hpp"
#include "services/common/base64.hpp"
#include "services/vision/classify/routes.hpp"
#include "services/vision/classify/service.hpp"
#include "services/vision/classify/wire.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::classify {
namespace {

using test_support::FakeDaemon;
using testing::HasSubstr;

class ClassifyTest : public testing::Test {
 protected:
  ClassifyTest() {
    // softmax(ln 1, ln 2, ln 5) = 0.125, 0.25, 0.625
    daemon_.files.add({.name = "net",
                       .task = "classify",
                       .settings = {{"input", R"({"width":8,"height":8,"resize":"crop"})"},
                                    {"outputs", "logits[1,3]=0 0.693147 1.609438"}},
                       .layers = {{"labels", "cat\ndog\n"}},
                       .decoder = "logits"});
    picture::add_task_route(daemon_.router, make_task(service_));
  }

  std::string post(const std::string& options) {
    const std::string image = services::to_base64(
        media::encode_png(media::Image{16, 8, std::vector<std::uint8_t>(16 * 8 * 3, 7)}));
    const auto answer =
        daemon_.post("/api/classify", R"({"image":")" + image + "\"" + options + "}");
    return answer->error ? answer->message() : answer->reply.body();
  }

  FakeDaemon daemon_;
  picture::ModelChoice choice_{daemon_.models, {}};
  ClassifyService service_{choice_};
};

TEST_F(ClassifyTest, GivesProbabilitiesTheLikeliestFirst) {
  EXPECT_EQ(post(""),
            R"([{"label":"class 2","confidence":0.625},{"label":"dog","confidence":0.25},)"
            R"({"label":"cat","confidence":0.125}])");
}

TEST_F(ClassifyTest, ObeysMaxAndThreshold) {
  EXPECT_EQ(post(R"(,"max":1)"), R"([{"label":"class 2","confidence":0.625}])");
  EXPECT_THAT(post(R"(,"threshold":0.2)"), testing::Not(HasSubstr("cat")));
  EXPECT_THAT(post(R"(,"max":0)"), HasSubstr("max must be"));
}

TEST_F(ClassifyTest, AClosedSetTakesNoLabelsOfOnesOwn) {
  EXPECT_THAT(post(R"(,"labels":["a cat","a dog"])"), HasSubstr("labels: model 'net:latest'"));
}

TEST_F(ClassifyTest, WhatComparesWithTextsSaysWhatItLacks) {
  const auto add = [&](std::vector<std::pair<std::string, std::string>> layers) {
    daemon_.files.add({.name = "words",
                       .task = "classify",
                       .settings = {{"input", R"({"width":8,"height":8,"resize":"crop"})"},
                                    {"outputs", "image_embeds[1,2]=0 1"}},
                       .layers = std::move(layers),
                       .decoder = "clip"});
  };
  add({});
  EXPECT_THAT(post(R"(,"model":"words")"), HasSubstr("labels is required"));
  EXPECT_THAT(post(R"(,"model":"words","labels":"a cat")"), HasSubstr("text-encoder"));
  // The fake's networks take bytes.
  add({{"text-encoder", "a network"}});
  EXPECT_THAT(post(R"(,"model":"words","labels":"a cat")"), HasSubstr("else than tokens"));
}

TEST(ClassifyWire, LabelsAndTheirPatternAreChecked) {
  const auto parse = [](std::map<std::string, std::string> fields) {
    return parse_task({{}, std::move(fields)});
  };
  EXPECT_THAT(parse({{"labels", "a cat, a dog"}}).labels, testing::ElementsAre("a cat", "a dog"));
  EXPECT_EQ(parse({}).pattern, "a photo of a {}.");
  EXPECT_EQ(parse({{"template", "{}"}}).pattern, "{}");
  EXPECT_THROW(parse({{"template", "a photo"}}), Error);
  EXPECT_THROW(parse({{"labels", std::string(300, 'x')}}), Error);
  std::string many;
  for (int i = 0; i <= 1000; ++i) many += "x,";
  EXPECT_THROW(parse({{"labels", many}}), Error);
}

TEST(EmbeddingCache, ForgetsWhatWasNotUsedForLongest) {
  EmbeddingCache cache(2);
  cache.add("m", "a", {1});
  cache.add("m", "b", {2});
  EXPECT_TRUE(cache.find("m", "a"));
  cache.add("m", "c", {3});
  EXPECT_FALSE(cache.find("m", "b"));
  EXPECT_EQ(cache.find("m", "a"), Embedding{1});
  EXPECT_FALSE(cache.find("other", "a")) << "another model";
}

TEST_F(ClassifyTest, AnotherDecoderIsRefused) {
  daemon_.files.add({.name = "boxes", .task = "classify", .decoder = "yolox"});
  EXPECT_THAT(post(R"(,"model":"boxes")"), HasSubstr("yolox"));
}

}  // namespace
}  // namespace hailstone::classify
