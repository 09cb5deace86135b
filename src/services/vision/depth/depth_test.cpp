// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "media/codec/decode.hpp"
#include "media/codec/encode.hpp"
#include "services/vision/depth/routes.hpp"
#include "services/vision/depth/service.hpp"
#include "services/vision/depth/wire.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::depth {
namespace {

using test_support::FakeDaemon;
using testing::HasSubstr;
using vision::DepthKind;

constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

vision::Depth row(std::vector<float> values, DepthKind kind) {
  return {{static_cast<int>(values.size()), 1, std::move(values)}, kind};
}

/// The values of a 16-bit PNG of one row, read from its raw bytes as zlib stored them would be too
/// deep for a test: our decoder gives the high bytes.
std::vector<int> high_bytes(const std::string& png) {
  const auto image = media::decode_image(png).image;
  std::vector<int> bytes;
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) bytes.push_back(image.pixels[i]);
  return bytes;
}

TEST(DepthWire, MillimetresForMetricDepth) {
  const auto file =
      write_depth(row({0.256F, 12.8F, kUnknown, 70}, DepthKind::kMetric), Format::kPng, {});
  EXPECT_EQ(file.content_type, "image/png");
  EXPECT_EQ(file.figures, "kind=metric; unit=m; min=0.256; max=70");
  EXPECT_THAT(high_bytes(file.bytes), testing::ElementsAre(1, 50, 0, 255))
      << "256, 12800, not known, more than fits";
}

TEST(DepthWire, KittisStepsForDisparity) {
  const auto file = write_depth(row({1, 128, 0}, DepthKind::kDisparity), Format::kPng, {});
  EXPECT_THAT(high_bytes(file.bytes), testing::ElementsAre(1, 128, 0));
  EXPECT_THAT(file.figures, HasSubstr("unit=px"));
}

TEST(DepthWire, TheWholeRangeForRelativeDepth) {
  const auto file = write_depth(row({-3, 1, 5}, DepthKind::kRelative), Format::kPng, {});
  const auto bytes = high_bytes(file.bytes);
  EXPECT_EQ(bytes[0], 0);
  EXPECT_NEAR(bytes[1], 128, 1);
  EXPECT_EQ(bytes[2], 255);
}

TEST(DepthWire, NumPyGetsTheValuesThemselves) {
  const auto file = write_depth(row({1.5F, kUnknown}, DepthKind::kMetric), Format::kNpy, {});
  EXPECT_EQ(file.bytes.substr(1, 5), "NUMPY");
  EXPECT_THAT(file.bytes, HasSubstr("(1, 2"));
  float values[2];
  std::memcpy(values, file.bytes.data() + file.bytes.size() - sizeof values, sizeof values);
  EXPECT_EQ(values[0], 1.5F);
  EXPECT_TRUE(std::isnan(values[1]));
}

class DepthTest : public testing::Test {
 protected:
  DepthTest() { picture::add_task_route(daemon_.router, make_task(service_)); }

  static std::string picture(int width, int height) {
    const auto size = static_cast<std::size_t>(width * height * 3);
    return media::encode_png(media::Image{width, height, std::vector<std::uint8_t>(size, 90)});
  }

  FakeDaemon daemon_;
  picture::ModelChoice choice_{daemon_.models, {}};
  DepthService service_{choice_};
};

TEST_F(DepthTest, ComesInTheResolutionOfThePicture) {
  daemon_.files.add({.name = "net",
                     .task = "depth",
                     .settings = {{"input", R"({"width":4,"height":4,"resize":"stretch"})"},
                                  {"outputs", "depth[1,1,2,2]=1 3 1 3"}},
                     .decoder = "metric-depth"});
  const auto answer = daemon_.post("/api/depth", picture(8, 6));
  ASSERT_FALSE(answer->error) << answer->message();
  EXPECT_EQ(answer->reply.header("X-Hailstone-Depth"), "kind=metric; unit=m; min=1; max=3");
  const auto image = media::decode_image(answer->reply.body()).image;
  EXPECT_EQ(image.width, 8);
  EXPECT_EQ(image.height, 6);
}

TEST_F(DepthTest, AnotherDecoderIsRefusedByName) {
  daemon_.files.add({.name = "net", .task = "depth", .decoder = "yolov8"});
  const auto answer = daemon_.post("/api/depth", picture(8, 6));
  EXPECT_EQ(answer->code(), ErrorCode::kUnsupported);
  EXPECT_THAT(answer->message(), HasSubstr("yolov8"));
}

TEST(DepthTask, AsksForBothPicturesAndBothFigures) {
  const auto refusal = [](const picture::PictureRequest& request) -> std::string {
    try {
      parse_task(request);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(refusal({{{"left", "x"}}, {}}), HasSubstr("'right'"));
  EXPECT_THAT(refusal({{{"image", "x"}}, {{"focal", "700"}}}), HasSubstr("baseline"));
  EXPECT_THAT(refusal({{{"image", "x"}}, {{"colormap", "rainbow"}}}), HasSubstr("viridis"));
  const auto pair =
      parse_task({{{"right", "r"}, {"left", "l"}}, {{"focal", "700"}, {"baseline", "0.1"}}});
  EXPECT_TRUE(pair.is_pair);
  EXPECT_EQ(pair.rig->baseline, 0.1);
}

}  // namespace
}  // namespace hailstone::depth
