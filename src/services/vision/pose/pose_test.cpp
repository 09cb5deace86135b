// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/vision/pose/wire.hpp"

namespace hailstone::pose {
namespace {

picture::ObjectResult one_person() {
  picture::ObjectResult result;
  vision::Detection person;
  person.score = 0.9;
  person.box = {1, 2, 3, 4};
  person.keypoints = {{10.123, 20, 0.98765}, {5, 6, 0.25}};
  result.detections = {person};
  return result;
}

TEST(PoseWire, NamesTheJointsInCocosOrder) {
  EXPECT_EQ(write_plain(one_person()),
            R"([{"person_id":0,"confidence":0.9,"bbox":[1.0,2.0,3.0,4.0],"keypoints":[)"
            R"({"name":"nose","x":10.12,"y":20.0,"confidence":0.9877},)"
            R"({"name":"left_eye","x":5.0,"y":6.0,"confidence":0.25}]}])");
}

TEST(PoseWire, CocoTellsSeenFromGuessedPoints) {
  EXPECT_EQ(write_coco(one_person(), 5),
            R"([{"image_id":5,"category_id":1,"keypoints":[10.12,20.0,2,5.0,6.0,1],)"
            R"("score":0.9,"bbox":[1.0,2.0,3.0,4.0]}])");
}

}  // namespace
}  // namespace hailstone::pose
