// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/streams.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "base/error.hpp"
#include "engines/hailo/quiet_cut.hpp"
#include "engines/hailo/tensor_network.hpp"

namespace hailstone::engines::hailo {
namespace {

using inference::ElementType;

StreamInfo plain(Element element, std::uint32_t features = 2) {
  StreamInfo stream;
  stream.name = "maps";
  stream.height = 1;
  stream.width = 2;
  stream.features = features;
  stream.element = element;
  stream.quantization = {{0.5F, 10}};
  stream.frame_bytes = std::size_t{2} * features * (element == Element::kUint16 ? 2 : 1);
  return stream;
}

std::vector<float> floats(const inference::SharedBytes& bytes) {
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

template <typename Stored>
std::span<const std::byte> stored(const std::vector<Stored>& values) {
  return std::as_bytes(std::span(values));
}

TEST(HailoStreams, StoredValuesBecomeRealOnes) {
  const std::vector<std::uint8_t> bytes = {10, 12, 0, 255};
  EXPECT_THAT(floats(to_real(plain(Element::kUint8), stored(bytes))),
              testing::ElementsAre(0, 1, -5, 122.5F));
  const std::vector<std::uint16_t> words = {10, 1010, 0, 65'535};
  EXPECT_THAT(floats(to_real(plain(Element::kUint16), stored(words))),
              testing::ElementsAre(0, 500, -5, 32'762.5F));
  StreamInfo own = plain(Element::kUint8);
  own.quantization = {{1, 0}, {2, 1}};
  EXPECT_THAT(floats(to_real(own, stored(bytes))), testing::ElementsAre(10, 22, 0, 508));
}

TEST(HailoStreams, ListsOfDetectionsAreAsTheDecodersReadThem) {
  StreamInfo list = plain(Element::kFloat32);
  list.order = Order::kNmsByClass;
  list.nms_classes = 80;
  list.nms_boxes = 100;
  EXPECT_EQ(output_info(list),
            (inference::TensorInfo{"maps", ElementType::kFloat32, {1, 80, 501}}));
  list.order = Order::kNmsByScore;
  list.frame_bytes = 2202;
  EXPECT_EQ(output_info(list), (inference::TensorInfo{"maps", ElementType::kUint8, {1, 2202}}));
}

TEST(HailoStreams, PlainOutputsAreFloatsOfTheirShape) {
  EXPECT_EQ(output_info(plain(Element::kUint8)),
            (inference::TensorInfo{"maps", ElementType::kFloat32, {1, 1, 2, 2}}));
  StreamInfo vector = plain(Element::kUint8, 512);
  vector.width = 1;
  vector.frame_bytes = 512;
  EXPECT_EQ(output_info(vector).shape, (std::vector<std::int64_t>{1, 512}));
  vector.frame_bytes = 500;  // it does not add up
  EXPECT_EQ(output_info(vector).shape, (std::vector<std::int64_t>{1, 500}));
}

TEST(HailoStreams, AnInputSaysWhatItWants) {
  StreamInfo picture = plain(Element::kUint8, 3);
  picture.height = 4;
  picture.frame_bytes = 24;
  EXPECT_TRUE(is_picture(picture));
  inference::Tensor tensor{{"x", ElementType::kUint8, {4, 2, 3}}, std::vector<std::byte>(24)};
  EXPECT_NO_THROW(check_input("m", tensor, picture));
  tensor.info.shape = {1, 4, 2, 3};
  EXPECT_NO_THROW(check_input("m", tensor, picture));
  tensor.info.shape = {1, 2, 4, 3};
  try {
    check_input("m", tensor, picture);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "model m: input maps: uint8 [1, 4, 2, 3] of 24 bytes expected, got uint8 "
                 "[1, 2, 4, 3] of 24");
  }
}

TEST(HailoStreams, SettingsThatAreNoneAreNamed) {
  inference::ModelSpec spec;
  spec.settings = {{"priority", "7"}, {"score_threshold", "0.25"}, {"outputs", "quantised"}};
  const auto options = read_network_options(spec, {});
  EXPECT_EQ(options.priority, 7);
  EXPECT_EQ(options.score_threshold, 0.25F);
  EXPECT_FALSE(options.float_outputs);
  for (const auto& [key, value] : {std::pair{"priority", "32"}, std::pair{"iou_threshold", "x"},
                                   std::pair{"outputs", "double"}}) {
    spec.settings = {{key, value}};
    EXPECT_THROW(read_network_options(spec, {}), Error) << key;
  }
}

TEST(QuietCut, CutsWhereItIsQuiet) {
  std::vector<float> samples(3000 * 16, 0.5F);
  EXPECT_EQ(find_quiet_cut(samples, samples.size()), samples.size());
  std::fill(samples.begin() + 26'000, samples.begin() + 29'000, 0.0F);
  const auto cut = find_quiet_cut(samples, 32'000);
  EXPECT_GE(cut, 26'000U);
  EXPECT_LE(cut, 29'000U);
  EXPECT_LE(find_quiet_cut(std::vector<float>(100'000, 0.5F), 32'000), 32'000U);
}

}  // namespace
}  // namespace hailstone::engines::hailo
