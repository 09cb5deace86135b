// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// The contract of all engines and what is OpenCV's own, through a host process, on pictures that
// the test makes. media_test.cpp has real ones.

#include <algorithm>
#include <cstring>
#include <fstream>
#include <random>

#include "engines/opencv/testing/hosted_detector.hpp"
#include "inference/contract_test.hpp"

namespace hailstone::inference {
namespace {

namespace opencv = engines::opencv;
using opencv::hosted::make_card;
using opencv::hosted::make_hosted;

ContractSetup make_setup(std::string name, const std::string& detector) {
  ContractSetup setup;
  setup.name = std::move(name);
  setup.has_own_process = true;
  setup.make_engine = [] { return make_hosted(); };
  setup.tensor = make_card(detector);
  return setup;
}

std::vector<ContractSetup> setups() {
  std::vector<ContractSetup> all = {make_setup("People", "people-hog"),
                                    make_setup("Stereo", "stereo-sgbm")};
  if (opencv::hosted::has_cascades()) all.push_back(make_setup("Faces", "face-cascade"));
  return all;
}

INSTANTIATE_TEST_SUITE_P(OpenCV, EngineContract, testing::ValuesIn(setups()), contract_name);
INSTANTIATE_TEST_SUITE_P(OpenCV, TensorContract, testing::ValuesIn(setups()), contract_name);

RunContext soon() {
  return {Deadline::in(std::chrono::seconds(60)), {}};
}

Tensor make_picture(const char* name, int width, int height, std::uint8_t value = 128) {
  Tensor tensor{{name, ElementType::kUint8, {1, height, width, 3}}, {}};
  tensor.data =
      std::vector<std::byte>(static_cast<std::size_t>(width * height * 3), std::byte{value});
  return tensor;
}

std::vector<float> floats_of(const Tensor& tensor) {
  std::vector<float> values(tensor.data.size() / sizeof(float));
  if (!values.empty()) std::memcpy(values.data(), tensor.data.data(), tensor.data.size());
  return values;
}

template <typename Action>
void expect_refused(Action&& action, ErrorCode code, const char* word) {
  try {
    action();
    ADD_FAILURE() << "not refused: " << word;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    EXPECT_THAT(error.what(), testing::HasSubstr(word));
  }
}

class OpenCV : public testing::Test {
 protected:
  std::unique_ptr<Model> load(const ModelSpec& spec) { return engine_->load(spec, {}, soon()); }

  std::unique_ptr<Engine> engine_ = make_hosted();
};

TEST_F(OpenCV, NobodyIsInAnEmptyPicture) {
  for (const char* detector : {"people-hog", "face-cascade"}) {
    if (detector == std::string("face-cascade") && !opencv::hosted::has_cascades()) continue;
    const auto model = load(make_card(detector));
    for (const auto& [width, height] : {std::pair(640, 480), {1, 1}, {3, 2000}, {2000, 3}}) {
      const auto out = model->tensor()->run({make_picture("image", width, height)}, soon());
      EXPECT_EQ(out.at(0).info.shape, (std::vector<std::int64_t>{0, 6})) << width;
      EXPECT_TRUE(out.at(0).data.empty());
    }
  }
}

/// A textured plane: every pixel of the right picture is the left one's, so many to the left.
std::vector<Tensor> make_pair(int width, int height, int disparity) {
  std::vector<std::byte> left(static_cast<std::size_t>(width * height * 3));
  std::vector<std::byte> right = left;
  std::mt19937 random(1);  // NOLINT: the same picture each time
  for (int y = 0; y < height; ++y) {
    std::vector<std::byte> row(static_cast<std::size_t>(width + disparity) * 3);
    for (auto& value : row) value = static_cast<std::byte>(random() % 256);
    const auto offset = static_cast<std::size_t>(y * width * 3);
    const auto length = static_cast<std::size_t>(width) * 3;
    std::copy_n(row.begin(), length, left.begin() + offset);
    std::copy_n(row.begin() + disparity * 3, length, right.begin() + offset);
  }
  const std::vector<std::int64_t> shape{1, height, width, 3};
  return {{{"left", ElementType::kUint8, shape}, std::move(left)},
          {{"right", ElementType::kUint8, shape}, std::move(right)}};
}

TEST_F(OpenCV, APlaneHasTheDisparityItWasMadeWith) {
  const auto model = load(make_card("stereo-sgbm"));
  for (const int disparity : {5, 20}) {
    const auto out = model->tensor()->run(make_pair(320, 120, disparity), soon());
    ASSERT_EQ(out.at(0).info.shape, (std::vector<std::int64_t>{1, 120, 320}));
    const auto values = floats_of(out[0]);
    const auto right = std::count_if(values.begin(), values.end(), [&](float value) {
      return std::abs(value - static_cast<float>(disparity)) < 0.5F;
    });
    EXPECT_GT(right, 320 * 120 * 8 / 10) << disparity;
    EXPECT_GE(*std::min_element(values.begin(), values.end()), 0);
  }
}

TEST_F(OpenCV, LargePicturesAreMatchedSmallerAndAnsweredInTheirOwnSize) {
  auto spec = make_card("stereo-sgbm");
  spec.settings["max_side"] = "160";
  const auto model = load(spec);
  // Blocks of two pixels, so that half the size shows the same texture.
  auto pair = make_pair(320, 120, 20);
  for (auto& picture : pair) {
    std::vector<std::byte> blocks(picture.data.size());
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const std::size_t x = i / 3 % 320;
      const std::size_t y = i / 3 / 320;
      blocks[i] = picture.data[((y & ~1U) * 320 + (x & ~1U)) * 3 + i % 3];
    }
    picture.data = std::move(blocks);
  }
  const auto values = floats_of(model->tensor()->run(pair, soon()).at(0));
  ASSERT_EQ(values.size(), 320U * 120U);
  const auto right = std::count_if(values.begin(), values.end(),
                                   [](float value) { return std::abs(value - 20) < 1; });
  EXPECT_GT(right, 320 * 120 * 7 / 10);
}

TEST_F(OpenCV, PairsOfDifferentSizesAreRefused) {
  const auto model = load(make_card("stereo-sgbm"));
  const std::vector<Tensor> pair = {make_picture("left", 64, 64), make_picture("right", 64, 65)};
  expect_refused([&] { model->tensor()->run(pair, soon()); }, ErrorCode::kBadRequest, "sizes");
}

TEST_F(OpenCV, BadSettingsAreRefusedByName) {
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
           {"detector", "people"}, {"max_side", "0"}, {"disparities", "20"}}) {
    auto spec = make_card("stereo-sgbm");
    spec.settings[name] = value;
    expect_refused([&] { load(spec); }, ErrorCode::kBadRequest, name.c_str());
  }
  expect_refused([&] { engine_->describe(make_card(""), FactDetail::kBrief); },
                 ErrorCode::kBadRequest, "detector");
}

TEST_F(OpenCV, AKilledHostCostsItsRequestAndTheNextLoadWorks) {
  const auto spec = make_card("people-hog");
  auto model = load(spec);
  const auto other = load(spec);
  opencv::hosted::kill_first_child();
  const std::vector<Tensor> picture = {make_picture("image", 320, 240)};
  expect_refused([&] { model->tensor()->run(picture, soon()); }, ErrorCode::kEngineFailed, "");
  EXPECT_FALSE(model->alive());
  EXPECT_EQ(other->tensor()->run(picture, soon()).size(), 1U);
  model = load(spec);
  EXPECT_EQ(model->tensor()->run(picture, soon()).size(), 1U);
}

}  // namespace
}  // namespace hailstone::inference
