// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/picture/network.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/error.hpp"
#include "formats/testing/micro_onnx.hpp"
#include "media/codec/encode.hpp"
#include "support/fake_daemon.hpp"

namespace hailstone::picture {
namespace {

using formats::testing::outline_model;
using inference::ElementType;
using inference::TensorLayout;
using test_support::FakeDaemon;
using testing::HasSubstr;

TEST(CompleteInput, FindsThePictureInAShape) {
  const auto nchw = complete_input({}, {"x", ElementType::kFloat32, {1, 3, 480, 640}});
  EXPECT_EQ(nchw.width, 640);
  EXPECT_EQ(nchw.height, 480);
  EXPECT_EQ(nchw.layout, TensorLayout::kNchw);
  EXPECT_EQ(nchw.resize, inference::Resize::kLetterbox);
  const auto nhwc = complete_input({}, {"x", ElementType::kUint8, {-1, -1, 3}});
  EXPECT_EQ(nhwc.width, 0);
  EXPECT_EQ(nhwc.layout, TensorLayout::kNhwc);
  EXPECT_THROW(complete_input({}, {"x", ElementType::kFloat32, {1, 77}}), Error);
  EXPECT_THROW(complete_input({}, {"x", ElementType::kFloat32, {1, 512, 9, 9}}), Error);
}

TEST(CompleteInput, TheManifestCounts) {
  inference::ImageInput manifest;
  manifest.width = 416;
  manifest.height = 416;
  manifest.resize = inference::Resize::kCrop;
  EXPECT_EQ(complete_input(manifest, {"x", ElementType::kFloat32, {1, 3, 640, 640}}), manifest);
  manifest.width = 0;
  const auto completed = complete_input(manifest, {"x", ElementType::kFloat32, {1, 3, -1, 640}});
  EXPECT_EQ(completed.width, 640);
  EXPECT_EQ(completed.height, 416);
}

TEST(SizeFor, AnInputOfAnySizeGetsThePicturesShape) {
  inference::ImageInput input;
  input.multiple = 64;
  input.max_side = 640;
  EXPECT_EQ(size_for(input, {4000, 3000}).width, 640);
  EXPECT_EQ(size_for(input, {4000, 3000}).height, 512) << "480 is seven and a half times 64";
  EXPECT_EQ(size_for(input, {100, 20}).width, 128);
  EXPECT_EQ(size_for(input, {100, 20}).height, 64);
  input.min_side = 640;
  EXPECT_EQ(size_for(input, {100, 20}).width, 640);
  EXPECT_EQ(size_for(input, {100, 20}).height, 128);
  input.resize = inference::Resize::kLetterboxTopLeft;
  EXPECT_EQ(size_for(input, {594, 383}).width, 640);
  EXPECT_EQ(size_for(input, {594, 383}).height, 448) << "413 keep their size";
  input.width = 416;
  EXPECT_EQ(size_for(input, {4000, 3000}).width, 416);
}

class NetworkTest : public testing::Test {
 protected:
  Network open(std::map<std::string, std::string> settings) {
    // A name of its own: the store may not see a change within the clock's tick.
    const std::string name = "net" + std::to_string(++count_);
    daemon_.files.add({.name = name, .task = "detect", .settings = std::move(settings)});
    return Network(choice_, choice_.choose("detect", name), {}, system_clock());
  }

  int count_ = 0;
  FakeDaemon daemon_;
  ModelChoice choice_{daemon_.models, {}};
  media::Image picture_{20, 10, std::vector<std::uint8_t>(20 * 10 * 3, 200)};
};

TEST_F(NetworkTest, BringsThePictureToTheInputsSize) {
  auto network = open({{"input", R"({"width":8,"height":8,"resize":"letterbox","pad":7})"}});
  const Look look = network.look(picture_, {});
  EXPECT_EQ(look.input.width, 8);
  EXPECT_NEAR(look.placement.scale_x, 0.4, 1e-9);
  EXPECT_NEAR(look.placement.offset_y, 2, 1e-9);
  // The fake gives back what it got.
  ASSERT_EQ(look.outputs.at(0).data.size(), 8U * 8 * 3);
  EXPECT_EQ(look.outputs[0].data[0], std::byte{7}) << "padding";
  EXPECT_EQ(look.outputs[0].data[8 * 3 * 4], std::byte{200}) << "the picture";
  EXPECT_GT(network.timings().infer.count(), 0);
  EXPECT_EQ(network.engine(), "fake");
}

TEST_F(NetworkTest, DecodesNoMoreOfAPhotoThanTheInputTakes) {
  auto network = open({{"input", R"({"width":8,"height":8,"resize":"letterbox"})"}});
  const auto jpeg = media::encode_jpeg({64, 32, std::vector<std::uint8_t>(64 * 32 * 3, 90)});
  Photo photo({"image", jpeg});
  EXPECT_EQ(network.decode(photo).image.width, 8);
  EXPECT_EQ(network.decode(photo, Pixels::kAll).image.width, 64);
}

TEST_F(NetworkTest, LeavesThePictureAsItIsWhereTheInputTakesAnySize) {
  auto network = open({});
  const Look look = network.look(picture_, {});
  EXPECT_EQ(look.input.width, 20);
  EXPECT_EQ(look.outputs.at(0).data.size(), picture_.pixels.size());
}

TEST_F(NetworkTest, HasTheFurtherNetworksOfTheModelUnderTheSameLease) {
  daemon_.files.add({.name = "pair",
                     .task = "detect",
                     .settings = {{"outputs.recogniser", "text[2]=1 2"}},
                     .layers = {{"recogniser", "r"}}});
  Network network(choice_, choice_.choose("detect", "pair"), {}, system_clock());
  const auto outputs =
      network.run(network.session("recogniser"), {to_tensor(picture_, "input")}, {});
  EXPECT_EQ(outputs.at(0).info.name, "text");
  EXPECT_GT(network.timings().infer.count(), 0);
  EXPECT_EQ(daemon_.leases(), 1);
  EXPECT_THROW(network.session("text-encoder"), Error);
}

TEST_F(NetworkTest, ManyWhoAskFirstForAModelThatSaysNothingLoadItTwiceInAll) {
  daemon_.files.add(
      {.name = "silent",
       .task = "detect",
       .settings = {{"shape", "64,64,3"}, {"outputs", "nms[5]=0 0 0 0 0"}, {"load_ms", "30"}}});
  std::vector<std::jthread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([this] {
      const Network network(choice_, choice_.choose("detect", "silent"), {}, system_clock());
      EXPECT_EQ(network.model().decoder, "nms-by-class");
    });
  }
  clients.clear();
  EXPECT_THAT(daemon_.metrics.expose(),
              HasSubstr("hailstone_model_loads_total{outcome=\"loaded\"} 2\n"))
      << "as it is stored, and as it was found to be read";
}

TEST_F(NetworkTest, WhatTheFileTellsNeedsNoFurtherLoad) {
  daemon_.files.add({.name = "silent",
                     .task = "detect",
                     .format = "onnx",
                     .weights = outline_model("images", {1, 3, 96, 96}, "output0", {1, 6, 189})});
  const Network network(choice_, choice_.choose("detect", "silent"), {}, system_clock());
  EXPECT_EQ(network.model().decoder, "yolov8");
  ASSERT_TRUE(network.model().input);
  EXPECT_EQ(network.model().input->resize, inference::Resize::kLetterbox);
  EXPECT_THAT(daemon_.metrics.expose(),
              HasSubstr("hailstone_model_loads_total{outcome=\"loaded\"} 1\n"));
}

TEST_F(NetworkTest, TheFilesOfAPairTellThatItReads) {
  daemon_.files.add(
      {.name = "pair",
       .task = "ocr",
       .layers = {{"recogniser", outline_model("x", {1, 3, 48, 320}, "softmax", {1, 40, 97})}},
       .format = "onnx",
       .weights = outline_model("x", {1, 3, 640, 640}, "sigmoid", {1, 1, 640, 640})});
  const Network network(choice_, choice_.choose("ocr", "pair"), {}, system_clock());
  EXPECT_EQ(network.model().decoder, "ppocr");
  EXPECT_EQ(network.model().chosen.stored.settings.count("input.recogniser"), 1U);
  EXPECT_THAT(daemon_.metrics.expose(),
              HasSubstr("hailstone_model_loads_total{outcome=\"loaded\"} 1\n"));
}

TEST_F(NetworkTest, RefusesWhatIsNoNetworkForPictures) {
  EXPECT_THROW(open({{"sessions", "text"}}), Error);
  EXPECT_THROW(open({{"shape", "5"}}), Error);
  auto network = open({});
  EXPECT_THROW(network.look({&picture_, &picture_}, {}), Error);
  EXPECT_EQ(daemon_.leases(), 1);
}

}  // namespace
}  // namespace hailstone::picture
