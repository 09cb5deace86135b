// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/picture/upload/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hailstone::picture {
namespace {

ObjectOptions parse(std::map<std::string, std::string> fields) {
  PictureRequest request;
  request.fields = std::move(fields);
  ObjectOptions defaults;
  defaults.threshold = 0.3;
  return parse_object_options(request, defaults);
}

TEST(ObjectOptions, LeaveTheServicesDefaultsWhereNothingIsSaid) {
  const auto options = parse({{"threshold", ""}});
  EXPECT_EQ(options.threshold, 0.3);
  EXPECT_EQ(options.max, 100);
  EXPECT_FALSE(options.region);
  EXPECT_EQ(options.tiling, Tiling::kOff);
}

TEST(ObjectOptions, AreReadByAllTheirNames) {
  EXPECT_EQ(parse({{"confidence", "0.6"}}).threshold, 0.6);
  EXPECT_EQ(parse({{"min_confidence", "0.6"}, {"threshold", "0.7"}}).threshold, 0.7);
  const auto options = parse({{"model", "yolox-nano"},
                              {"iou", "0.5"},
                              {"max", "7"},
                              {"classes", "person, traffic light"},
                              {"region", "10,20,300,200.5"},
                              {"tiles", "auto"}});
  EXPECT_EQ(options.model, "yolox-nano");
  EXPECT_EQ(options.iou, 0.5);
  EXPECT_EQ(options.max, 7);
  EXPECT_THAT(options.classes, testing::ElementsAre("person", "traffic light"));
  EXPECT_EQ(options.region->height, 200.5);
  EXPECT_EQ(options.tiling, Tiling::kAuto);
}

TEST(ObjectOptions, BadOnesAreNamed) {
  const std::pair<std::map<std::string, std::string>, const char*> cases[] = {
      {{{"threshold", "2"}}, "threshold must be a number from 0 to 1"},
      {{{"min_confidence", "x"}}, "min_confidence must be"},
      {{{"max", "0"}}, "max must be a whole number from 1 to 1000"},
      {{{"region", "1,2,3"}}, "region must be x,y,width,height in pixels"},
      {{{"region", "1,2,0,4"}}, "region must be a number from 1"},
      {{{"tiles", "some"}}, "tiles must be one of: off, auto, on"}};
  for (const auto& [fields, message] : cases) {
    try {
      parse(fields);
      ADD_FAILURE() << message;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
      EXPECT_THAT(error.what(), testing::HasSubstr(message));
    }
  }
}

std::string refused_option(std::map<std::string, std::string> fields) {
  PictureRequest request;
  request.fields = std::move(fields);
  try {
    check_options(request, object_options({"format"}));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest);
    return std::string(error.what()) + "; " + error.detail();
  }
  return "";
}

TEST(ObjectOptions, ThatNobodyKnowsAreRefusedByName) {
  using testing::HasSubstr;
  EXPECT_EQ(refused_option({{"threshold", "0.5"}, {"format", "coco"}, {"tresh", ""}}), "");
  EXPECT_THAT(refused_option({{"treshold", "0.5"}}),
              HasSubstr("there is no option 'treshold'; did you mean 'threshold'?"));
  EXPECT_THAT(refused_option({{"colour", "red"}}), HasSubstr("; options are: model, threshold"));
  EXPECT_THAT(refused_option({{"region.x", "1"}}), HasSubstr("region must be a text"));
}

}  // namespace
}  // namespace hailstone::picture
