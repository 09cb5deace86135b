// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
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

TEST(PoseWire, OpenPosesPeopleHaveANeckBetweenTheShoulders) {
  picture::ObjectResult result;
  result.model = "net";
  auto& person = result.detections.emplace_back();
  for (int i = 0; i < 17; ++i) {
    person.keypoints.push_back({10.0 + i, 100.0 + i, i == 6 ? 0.6 : 0.9});
  }
  person.keypoints[16].confidence = 0.01;  // the right ankle
  const auto read = [&](OpenPoseBody body) {
    const auto json = nlohmann::json::parse(write_openpose(result, body));
    EXPECT_EQ(json["version"], 1.3);
    return json["people"].at(0)["pose_keypoints_2d"].get<std::vector<double>>();
  };
  const auto body = read(OpenPoseBody::kBody25);
  ASSERT_EQ(body.size(), 75U);
  const auto point = [](const std::vector<double>& all, std::size_t i) {
    return std::vector<double>(all.begin() + 3 * i, all.begin() + 3 * i + 3);
  };
  using testing::ElementsAre;
  EXPECT_THAT(point(body, 0), ElementsAre(10, 100, 0.9)) << "nose";
  EXPECT_THAT(point(body, 1), ElementsAre(15.5, 105.5, 0.6)) << "neck";
  EXPECT_THAT(point(body, 2), ElementsAre(16, 106, 0.6)) << "right shoulder";
  EXPECT_THAT(point(body, 8), ElementsAre(21.5, 111.5, 0.9)) << "middle of the hips";
  EXPECT_THAT(point(body, 11), ElementsAre(0, 0, 0)) << "a point that was not found";
  EXPECT_THAT(point(body, 14), ElementsAre(25, 115, 0.9)) << "left ankle";
  EXPECT_THAT(point(body, 24), ElementsAre(0, 0, 0)) << "a heel";
  const auto coco = read(OpenPoseBody::kCoco18);
  ASSERT_EQ(coco.size(), 54U);
  EXPECT_THAT(point(coco, 8), ElementsAre(22, 112, 0.9)) << "right hip";
  EXPECT_THAT(point(coco, 17), ElementsAre(13, 103, 0.9)) << "left ear";
  EXPECT_THROW(write_openpose(one_person(), OpenPoseBody::kBody25), Error);
}

}  // namespace
}  // namespace hailstone::pose
