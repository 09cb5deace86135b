// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// Networks that others have trained, where HAILSTONE_TEST_ASSETS names their folder.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "engines/onnx/testing/real_host.hpp"
#include "formats/onnx_file.hpp"
#include "inference/tensor_session.hpp"
#include "vision/known/recognise_onnx.hpp"

namespace hailstone::engines::onnx {
namespace {

namespace fs = std::filesystem;
using inference::ElementType;
using inference::Tensor;

bool is_beyond_this_library(const fs::path& file) {
  return file.stem() == "yolov8n_640_int8_dyn";
}

class RealNetworks : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* assets = std::getenv("HAILSTONE_TEST_ASSETS");
    if (assets == nullptr) GTEST_SKIP() << "HAILSTONE_TEST_ASSETS is not set";
    models_ = fs::path(assets) / "models";
    const auto availability = engine_->probe();
    if (!availability.usable) GTEST_SKIP() << availability.reason;
  }

  inference::ModelSpec spec_of(const std::string& file, const std::string& input) const {
    inference::ModelSpec spec;
    spec.name = fs::path(file).stem();
    spec.weights = models_ / file;
    spec.settings = {{"input", input}};
    return spec;
  }

  /// A gray picture goes in; the estimate must have been enough.
  std::vector<Tensor> run(const std::string& file, const std::string& input, std::int64_t side) {
    const auto spec = spec_of(file, input);
    if (!fs::exists(spec.weights)) return {};
    const auto model = engine_->load(spec, {}, {});
    Tensor picture{{"", ElementType::kUint8, {1, side, side, 3}}, {}};
    picture.data =
        std::vector<std::byte>(static_cast<std::size_t>(side * side * 3), std::byte{114});
    auto outputs = model->tensor()->run({picture}, {Deadline::in(std::chrono::minutes(1)), {}});
    EXPECT_LE(model->footprint().host, engine_->estimate(spec, {}).host) << file;
    EXPECT_EQ(outputs.size(), model->tensor()->outputs().size());
    return outputs;
  }

  fs::path models_;
  const std::unique_ptr<inference::Engine> engine_ = onnx::testing::make_hosted_onnx();
};

TEST_F(RealNetworks, DetectorsOfFloatsAndHalvesRun) {
  const auto nano = run("detection/yolox_nano.onnx", R"({"layout":"nchw","color":"bgr"})", 416);
  if (nano.empty()) GTEST_SKIP() << "not there";
  EXPECT_THAT(nano.at(0).info.shape, ::testing::ElementsAre(1, 3549, 85));
  const auto half = run("detection/yolov5n_fp16.onnx", R"({"layout":"nchw","std":255})", 640);
  ASSERT_FALSE(half.empty());
  EXPECT_EQ(half[0].info.type, ElementType::kFloat16);
  EXPECT_THAT(half[0].info.shape, ::testing::ElementsAre(1, 25200, 85));
}

TEST_F(RealNetworks, BothLayoutsAndAnySizeRun) {
  const auto nhwc =
      run("segmentation/deeplab_v3_voc.onnx", R"({"layout":"nhwc","mean":127.5,"std":127.5})", 257);
  if (nhwc.empty()) GTEST_SKIP() << "not there";
  EXPECT_THAT(nhwc.at(0).info.shape, ::testing::ElementsAre(1, 257, 257, 21));
  const auto any = run("depth/pydnetpp_dyn.onnx",
                       R"({"layout":"nchw","std":255,"width":320,"height":320})", 320);
  ASSERT_FALSE(any.empty());
  EXPECT_THAT(any[0].info.shape, ::testing::ElementsAre(1, 1, 320, 320));
}

TEST_F(RealNetworks, AFileTellsNothingElseThanTheLoadedNetworkDoes) {
  int known_files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(models_)) {
    if (entry.path().extension() != ".onnx" || is_beyond_this_library(entry.path())) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const auto file = formats::read_onnx_file(in);
    const auto told = vision::recognise_onnx(file);
    if (!told) continue;
    const auto model = engine_->load(spec_of(fs::relative(entry, models_), "{}"), {}, {});
    const auto seen = vision::recognise(model->tensor()->inputs(), model->tensor()->outputs(),
                                        {{file.metadata.begin(), file.metadata.end()}, 0, {}, {}});
    ASSERT_TRUE(seen) << entry.path();
    EXPECT_EQ(told->decoder, seen->decoder) << entry.path();
    EXPECT_EQ(told->labels, seen->labels) << entry.path();
    EXPECT_EQ(inference::write_image_input(told->input), inference::write_image_input(seen->input))
        << entry.path();
    ++known_files;
  }
  if (known_files == 0) GTEST_SKIP() << "not there";
}

TEST_F(RealNetworks, OneWithAnOperatorThatIsNotThereSaysSo) {
  const auto spec = spec_of("detection/yolov8n_640_int8_dyn.onnx", R"({"layout":"nchw"})");
  if (!fs::exists(spec.weights)) GTEST_SKIP() << "not there";
  EXPECT_EQ(engine_->describe(spec, inference::FactDetail::kBrief).quantization, "INT8");
  try {
    engine_->load(spec, {}, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("ConvInteger"));
  }
}

}  // namespace
}  // namespace hailstone::engines::onnx
