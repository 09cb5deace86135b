// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "media/codec/decode.hpp"
#include "media/codec/encode.hpp"
#include "services/common/base64.hpp"
#include "services/vision/segment/routes.hpp"
#include "services/vision/segment/service.hpp"
#include "services/vision/segment/wire.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::segment {
namespace {

using testing::HasSubstr;

/// The upper right three of the four pixels at (1, 1) of a picture of 3 x 3.
Result one_object() {
  Result out;
  auto& result = out.objects;
  result.labels = {"cat"};
  result.size = {3, 3};
  vision::Detection cat;
  cat.score = 0.75;
  cat.box = {1, 0, 2, 2};
  cat.mask = {2, 2, {1, 1, 1, 0}};
  result.detections = {cat};
  return out;
}

TEST(SegmentWire, WritesRunLengthsOfTheWholePicture) {
  // Column by column 000 110 100: as COCO's own code compresses 3, 2, 1, 1, 2.
  EXPECT_EQ(write_plain(one_object(), MaskFormat::kRle),
            R"([{"label":"cat","confidence":0.75,"bbox":[1.0,0.0,2.0,2.0],"area":3,)"
            R"("mask":{"size":[3,3],"counts":"321O1"}}])");
  EXPECT_EQ(write_coco(one_object(), 9, MaskFormat::kPng),
            R"([{"image_id":9,"category_id":17,"bbox":[1.0,0.0,2.0,2.0],"score":0.75,)"
            R"("segmentation":{"size":[3,3],"counts":"321O1"}}])")
      << "pycocotools knows no PNG";
}

TEST(SegmentWire, WritesOutlinesInThePicturesPixels) {
  const std::string text = write_plain(one_object(), MaskFormat::kPolygon);
  EXPECT_THAT(text, HasSubstr(R"("mask":[[)"));
  EXPECT_THAT(text, HasSubstr("3.0,0.0")) << text;
}

TEST(SegmentWire, WritesThePngOfTheBox) {
  const std::string text = write_plain(one_object(), MaskFormat::kPng);
  const auto begin = text.find(R"("mask":")") + 8;
  const auto png = services::find_base64(text.substr(begin, text.find('"', begin) - begin));
  ASSERT_TRUE(png);
  const auto image = media::decode_image(*png).image;
  ASSERT_EQ(image.width, 2);
  EXPECT_EQ(image.pixels.front(), 255);
  EXPECT_EQ(image.pixels.back(), 0);
}

TEST(SegmentWire, OptionsAreRead) {
  const Request none = parse_request({});
  EXPECT_EQ(none.mask, MaskFormat::kRle);
  EXPECT_FALSE(none.task.kind);
  EXPECT_EQ(none.task.least_share, 0) << "the threshold for objects is not meant for shares";
  const Request some = parse_request({{}, {{"mask", "PNG"}, {"threshold", "0.1"}}});
  EXPECT_EQ(some.mask, MaskFormat::kPng);
  EXPECT_EQ(some.task.least_share, 0.1);
  EXPECT_EQ(parse_request({{}, {{"format", "map"}}}).task.kind, Kind::kSemantic);
  const auto refuse = [](std::map<std::string, std::string> fields) {
    EXPECT_THROW(parse_request({{}, std::move(fields)}), Error);
  };
  refuse({{"mask", "svg"}});
  refuse({{"kind", "panoptic"}});
  refuse({{"format", "map"}, {"kind", "instance"}});
}

/// A network that says of the left half "sky" and of the right half "road", and one for objects.
class SegmentTest : public testing::Test {
 protected:
  SegmentTest() { picture::add_task_route(daemon_.router, make_task(service_)); }

  void add_semantic(const std::string& task = "semantic") {
    daemon_.files.add({.name = "streets",
                       .task = task,
                       .settings = {{"input", R"({"width":4,"height":4,"resize":"stretch"})"},
                                    {"outputs", "map[1,2,2,3]=9 1 1 0 0 5 9 1 1 0 0 5"}},
                       .layers = {{"labels", "sky\ncar\nroad\n"}},
                       .decoder = "class-map"});
  }
  void add_instance() {
    daemon_.files.add({.name = "things",
                       .task = "segment",
                       .settings = {{"input", R"({"width":8,"height":8,"resize":"stretch"})"},
                                    {"outputs", "boxes[1,6]=1 1 4 4 0.9 0"}},
                       .layers = {{"labels", "cat\n"}},
                       .decoder = "boxes"});
  }

  std::string post(nlohmann::json body) {
    const media::Image image{8, 4, std::vector<std::uint8_t>(8 * 4 * 3, 90)};
    body["image"] = services::to_base64(media::encode_png(image));
    const auto answer = daemon_.post("/api/segment", body.dump());
    return answer->error ? answer->message() : answer->reply.body();
  }
  nlohmann::json ask(nlohmann::json body) { return nlohmann::json::parse(post(std::move(body))); }

  test_support::FakeDaemon daemon_;
  picture::ModelChoice choice_{daemon_.models, {}};
  SegmentService service_{choice_};
};

TEST_F(SegmentTest, TellsTheShareAndThePlaceOfEachClass) {
  add_semantic();
  const auto said = ask({{"mask", "polygon"}});
  ASSERT_EQ(said.size(), 2U);
  EXPECT_EQ(said[0]["label"], "sky");
  EXPECT_EQ(said[0]["share"], 0.5);
  EXPECT_EQ(said[0]["bbox"], nlohmann::json({0, 0, 4, 4}));
  EXPECT_EQ(said[0]["area"], 16);
  EXPECT_EQ(said[1]["label"], "road");
  EXPECT_EQ(said[1]["bbox"], nlohmann::json({4, 0, 4, 4}));
  EXPECT_EQ(said[1]["mask"].size(), 1U);
}

TEST_F(SegmentTest, KeepsTheClassesThatAreAskedFor) {
  add_semantic();
  const auto said = ask({{"classes", "road"}});
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0]["label"], "road");
  EXPECT_EQ(ask({{"threshold", 0.6}}).size(), 0U);
  EXPECT_THAT(post({{"classes", "moon"}}), HasSubstr("does not know 'moon'"));
}

TEST_F(SegmentTest, ARegionIsAllThatCounts) {
  add_semantic();
  const auto said = ask({{"region", "2,1,4,2"}});
  EXPECT_EQ(said[0]["bbox"], nlohmann::json({2, 1, 2, 2}));
  EXPECT_EQ(said[0]["share"], 0.5);
  EXPECT_EQ(said[1]["bbox"], nlohmann::json({4, 1, 2, 2}));
}

TEST_F(SegmentTest, TheMapHasTheClassOfEachPixel) {
  add_semantic();
  const auto map = media::decode_image(post({{"format", "map"}})).image;
  ASSERT_EQ(map.width, 8);
  EXPECT_EQ(map.pixels.front(), 0);
  EXPECT_EQ(map.pixels.back(), 2);
}

TEST_F(SegmentTest, InstancesComeFirstAndTheKindChooses) {
  add_semantic();
  EXPECT_EQ(ask({})[0]["label"], "sky") << "there is no other";
  add_instance();
  EXPECT_EQ(ask({})[0]["label"], "cat");
  EXPECT_EQ(ask({{"kind", "semantic"}})[0]["label"], "sky");
  EXPECT_EQ(ask({{"model", "streets"}})[0]["label"], "sky");
  EXPECT_THAT(post({{"model", "things"}, {"kind", "semantic"}}), HasSubstr("kind: model 'things"));
}

TEST_F(SegmentTest, ANetworkThatWasImportedForSegmentationIsReadByItsDecoder) {
  add_semantic("segment");
  EXPECT_EQ(ask({})[0]["label"], "sky");
  EXPECT_EQ(ask({{"model", "streets"}, {"kind", "semantic"}})[0]["label"], "sky");
}

}  // namespace
}  // namespace hailstone::segment
