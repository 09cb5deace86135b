// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "inference/image_input.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hailstone::inference {
namespace {

TEST(ImageInput, IsReadInTheCataloguesWords) {
  const auto input = parse_image_input(
      R"({"width":416,"height":320,"channels":3,"layout":"nchw","color":"bgr","resize":"letterbox",
          "pad":114,"multiple":32,"min_side":320,"max_side":640,"mean":[1.5,2,3],"std":255})");
  EXPECT_EQ(input, (ImageInput{416,
                               320,
                               32,
                               320,
                               640,
                               3,
                               TensorLayout::kNchw,
                               ColorOrder::kBgr,
                               Resize::kLetterbox,
                               114,
                               {1.5, 2, 3},
                               {255}}));
}

TEST(ImageInput, WhatIsAbsentOrEmptyHasItsDefault) {
  EXPECT_EQ(parse_image_input("{}"), ImageInput());
  EXPECT_EQ(parse_image_input(R"({"layout":"","color":"","resize":""})"), ImageInput());
}

TEST(ImageInput, RefusesNonsenseAndNamesTheField) {
  const std::pair<const char*, const char*> cases[] = {
      {"[]", "object"},
      {"{", "object"},
      {R"({"width":-1})", "width"},
      {R"({"height":1e9})", "height"},
      {R"({"pad":256})", "pad"},
      {R"({"multiple":0})", "multiple"},
      {R"({"min_side":641,"max_side":640})", "min_side"},
      {R"({"layout":"chwn"})", "nhwc, nchw"},
      {R"({"color":7})", "color"},
      {R"({"mean":"x"})", "mean"},
      {R"({"mean":[1,2]})", "mean"},
      {R"({"std":[1,0,1]})", "std"}};
  for (const auto& [json, field] : cases) {
    try {
      parse_image_input(json);
      ADD_FAILURE() << json;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
      EXPECT_NE(std::string(error.what()).find(field), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace hailstone::inference
