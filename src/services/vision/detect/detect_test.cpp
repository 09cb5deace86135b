// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "http/pipeline/error_reply.hpp"
#include "media/codec/decode.hpp"
#include "media/codec/encode.hpp"
#include "services/common/base64.hpp"
#include "services/vision/detect/routes.hpp"
#include "services/vision/detect/service.hpp"
#include "services/vision/detect/wire.hpp"
#include "services/vision/picture/formats/yolo_text.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::detect {
namespace {

using test_support::FakeDaemon;
using testing::HasSubstr;

picture::ObjectResult two_objects() {
  picture::ObjectResult result;
  result.labels = {"person", "traffic light"};
  vision::Detection first;
  first.class_id = 1;
  first.score = 0.912345;
  first.box = {10.004, 20, 30.5, 40.126};
  vision::Detection second;
  second.class_id = 7;
  second.score = 0.5;
  second.box = {0, 0, 1, 2};
  result.detections = {first, second};
  return result;
}

TEST(DetectWire, WritesThePlainArray) {
  EXPECT_EQ(write_plain(two_objects()),
            R"([{"label":"traffic light","confidence":0.9123,"bbox":[10.0,20.0,30.5,40.13]},)"
            R"({"label":"class 7","confidence":0.5,"bbox":[0.0,0.0,1.0,2.0]}])");
  EXPECT_EQ(write_plain({}), "[]");
}

std::vector<int> categories(const std::vector<std::string>& labels) {
  picture::ObjectResult result;
  result.labels = labels;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    result.detections.emplace_back().class_id = static_cast<int>(i);
  }
  std::vector<int> ids;
  for (const auto& row : nlohmann::json::parse(write_coco(result, 1))) {
    ids.push_back(row["category_id"]);
  }
  return ids;
}

TEST(DetectWire, WritesCocosSparseCategories) {
  EXPECT_EQ(write_coco(two_objects(), 42),
            R"([{"image_id":42,"category_id":10,"bbox":[10.0,20.0,30.5,40.13],"score":0.9123},)"
            R"({"image_id":42,"category_id":8,"bbox":[0.0,0.0,1.0,2.0],"score":0.5}])");
  EXPECT_THAT(categories({"aeroplane", "Sofa", "tvmonitor", "motorbike"}),
              testing::ElementsAre(5, 63, 72, 4));
}

TEST(DetectWire, LabelsOfAnotherSetHaveTheirOwnNumbersEachOne) {
  EXPECT_THAT(categories({"helmet", "person"}), testing::ElementsAre(1, 2));
  EXPECT_THAT(categories({"sofa", "couch"}), testing::ElementsAre(1, 2));
  EXPECT_THAT(categories({"background", "person"}), testing::ElementsAre(0, 1));
}

/// Turned by a right angle about (20, 20).
picture::ObjectResult turned() {
  picture::ObjectResult result;
  result.labels = {"small vehicle"};
  result.size = {40, 80};
  result.is_oriented = true;
  auto& found = result.detections.emplace_back();
  found.score = 0.5;
  found.box = {10, 15, 20, 10};
  found.angle = 1.5707963267948966;
  return result;
}

TEST(DetectWire, TurnedBoxesHaveTheirAngleAndCorners) {
  EXPECT_EQ(write_plain(turned()),
            R"([{"label":"small vehicle","confidence":0.5,"bbox":[15.0,10.0,10.0,20.0],)"
            R"("angle":1.5708,"corners":[[25.0,10.0],[25.0,30.0],[15.0,30.0],[15.0,10.0]]}])");
  EXPECT_THAT(write_coco(turned(), 3),
              HasSubstr(R"("segmentation":[[25.0,10.0,25.0,30.0,15.0,30.0,15.0,10.0]])"));
  EXPECT_EQ(write_dota(turned()), "25.0 10.0 25.0 30.0 15.0 30.0 15.0 10.0 small-vehicle 0\n");
}

TEST(DetectWire, YolosFilesHaveNumbersAndPartsOfThePicture) {
  auto result = two_objects();
  result.size = {100, 200};
  EXPECT_EQ(picture::write_yolo_boxes(result),
            "1 0.252540 0.200315 0.305000 0.200630\n7 0.005000 0.005000 0.010000 0.010000\n");
  EXPECT_EQ(picture::write_yolo_boxes(turned()),
            "0 0.625000 0.125000 0.625000 0.375000 0.375000 0.375000 0.375000 0.125000\n");
  EXPECT_EQ(picture::write_classes(result.labels), "person\ntraffic light\n");
  EXPECT_EQ(picture::write_classes({}), "");
}

/// A network whose input is 32 x 32 and that always sees the same.
class DetectTest : public testing::Test {
 protected:
  DetectTest() {
    daemon_.files.add({.name = "net",
                       .task = "detect",
                       .settings = {{"input", R"({"width":32,"height":32,"resize":"letterbox"})"},
                                    {"outputs", "boxes[2,6]=8 10 8 4 0.9 0  0 8 4 4 0.3 1"}},
                       .layers = {{"labels", "person\ncar\n"}},
                       .decoder = "boxes"});
    picture::add_task_route(daemon_.router, make_task(service_));
  }

  std::string picture(int width, int height) {
    return media::encode_png(
        media::Image{width, height,
                     std::vector<std::uint8_t>(static_cast<std::size_t>(width * height * 3), 90)});
  }

  FakeDaemon daemon_;
  picture::ModelChoice choice_{daemon_.models, {}};
  picture::ObjectFinder finder_{choice_};
  DetectService service_{finder_};
};

TEST_F(DetectTest, GivesBoxesInPixelsOfTheOriginalPicture) {
  // 64 x 32 becomes 32 x 16 with 8 rows of padding above and below: times two, less the padding.
  const auto answer = daemon_.post("/api/detect", picture(64, 32));
  ASSERT_FALSE(answer->error) << answer->message();
  EXPECT_EQ(answer->reply.body(),
            R"([{"label":"person","confidence":0.9,"bbox":[16.0,4.0,16.0,8.0]},)"
            R"({"label":"car","confidence":0.3,"bbox":[0.0,0.0,8.0,8.0]}])");
  EXPECT_EQ(answer->reply.header("X-Hailstone-Engine"), "fake");
  EXPECT_EQ(answer->reply.header("X-Hailstone-Model"), "net:latest");
  EXPECT_THAT(answer->reply.header("Server-Timing"), HasSubstr("infer;dur="));
}

TEST_F(DetectTest, ObeysTheOptions) {
  const std::string image = services::to_base64(picture(64, 32));
  const auto post = [&](const std::string& options) {
    const auto answer =
        daemon_.post("/api/detect", R"({"image":")" + image + R"(",)" + options + "}");
    return answer->error ? answer->message() : answer->reply.body();
  };
  EXPECT_THAT(post(R"("threshold":0.5)"), testing::Not(HasSubstr("car")));
  EXPECT_THAT(post(R"("classes":["Car"])"), testing::Not(HasSubstr("person")));
  EXPECT_THAT(post(R"("max":1)"), testing::Not(HasSubstr("car")));
  EXPECT_THAT(post(R"("format":"coco","image_id":3)"),
              HasSubstr(R"("image_id":3,"category_id":1)"));
  EXPECT_EQ(post(R"("classes":"cow")"), "classes: model 'net:latest' does not know 'cow'");
  EXPECT_THAT(post(R"("format":"xml")"), HasSubstr("format must be one of"));
  EXPECT_EQ(post(R"("treshold":0.5)"), "there is no option 'treshold'");
  EXPECT_EQ(post(R"("region":{"x":1,"y":2,"width":3,"height":4})"),
            "region must be a text or a number, got an object");
  EXPECT_THAT(post(R"("format":"yolo","max":1)"), testing::StartsWith("0 0.375000"));
  EXPECT_EQ(post(R"("format":"classes")"), "person\ncar\n");
  EXPECT_THAT(post(R"("region":"64,0,5,5")"), HasSubstr("outside of the picture of 64x32"));
}

TEST_F(DetectTest, ARegionIsLookedAtAloneAndAnsweredInThePicturesPixels) {
  const std::string image = services::to_base64(picture(64, 64));
  const auto answer =
      daemon_.post("/api/detect", R"({"image":")" + image + R"(","region":"32,16,32,32","max":1})");
  ASSERT_FALSE(answer->error) << answer->message();
  EXPECT_THAT(answer->reply.body(), HasSubstr("[40.0,26.0,8.0,4.0]"));
}

TEST_F(DetectTest, TilesSeeSmallThingsWithoutDoubles) {
  const std::string image = services::to_base64(picture(64, 32));
  const auto answer = daemon_.post("/api/detect", R"({"image":")" + image + R"(","tiles":"on"})");
  ASSERT_FALSE(answer->error) << answer->message();
  // Each of the tiles says the same of itself, in other places of the picture.
  EXPECT_THAT(answer->reply.body(), HasSubstr("[8.0,10.0,8.0,4.0]"));
  EXPECT_THAT(answer->reply.body(), HasSubstr("[40.0,10.0,8.0,4.0]"));
}

TEST_F(DetectTest, DrawsThePictureAsAJpegInItsFullSize) {
  const std::string image = services::to_base64(picture(64, 32));
  const auto answer =
      daemon_.post("/api/detect", R"({"image":")" + image + R"(","format":"image"})");
  ASSERT_FALSE(answer->error) << answer->message();
  EXPECT_EQ(answer->reply.content_type(), "image/jpeg");
  const auto drawn = media::decode_image(answer->reply.body());
  EXPECT_EQ(drawn.image.width, 64);
  const bool is_plain = std::all_of(drawn.image.pixels.begin(), drawn.image.pixels.end(),
                                    [](int value) { return std::abs(value - 90) < 20; });
  EXPECT_FALSE(is_plain);
}

TEST_F(DetectTest, RefusesABadPictureBeforeAModelIsLoaded) {
  const auto answer = daemon_.post("/api/detect", std::string("\xFF\xD8\xFF\xE0 no more"));
  EXPECT_EQ(answer->code(), ErrorCode::kBadRequest);
  EXPECT_TRUE(daemon_.runtime.residents().empty());
}

TEST_F(DetectTest, AModelForTurnedBoxesAnswersByItsName) {
  daemon_.files.add({.name = "ships",
                     .task = "detect-oriented",
                     .settings = {{"input", R"({"width":32,"height":32,"resize":"letterbox"})"},
                                  {"outputs", "output0[1,6,1]=16 16 8 4 0.9 0.5"}},
                     .layers = {{"labels", "ship\n"}},
                     .decoder = "yolov8-obb"});
  const std::string image = services::to_base64(picture(64, 32));
  const auto answer =
      daemon_.post("/api/detect", R"({"image":")" + image + R"(","model":"ships"})");
  ASSERT_FALSE(answer->error) << answer->message();
  const auto found = nlohmann::json::parse(answer->reply.body()).at(0);
  EXPECT_EQ(found["label"], "ship");
  EXPECT_NEAR(found["angle"].get<double>(), 0.5, 1e-3);
  EXPECT_EQ(found["corners"].size(), 4U);
  EXPECT_THAT(daemon_.post("/api/detect", picture(64, 32))->reply.header("X-Hailstone-Model"),
              "net:latest")
      << "upright boxes where nobody names a model";
}

TEST_F(DetectTest, ANetworkThatNobodyCanReadIsRefused) {
  daemon_.files.add({.name = "net", .task = "detect", .decoder = "tea-leaves"});
  const auto answer = daemon_.post("/api/detect", picture(64, 32));
  EXPECT_EQ(answer->code(), ErrorCode::kUnsupported);
  EXPECT_THAT(answer->message(), HasSubstr("tea-leaves"));
}

}  // namespace
}  // namespace hailstone::detect
