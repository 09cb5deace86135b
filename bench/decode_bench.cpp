// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// What it costs to read a network's output: YOLOv8n's table of 84 x 8400 with some thirty objects,
// its raw maps, masks of ten objects, and the worst case of suppression.

#include <benchmark/benchmark.h>

#include <cstring>
#include <random>

#include "vision/detect/detector.hpp"
#include "vision/masks/instance_masks.hpp"

namespace {

using namespace hailstone;
using namespace hailstone::vision;

inference::Tensor make_tensor(std::vector<std::int64_t> shape, std::vector<float> values) {
  return {{"t", inference::ElementType::kFloat32, std::move(shape)}, std::move(values)};
}

DetectOptions make_options(double threshold) {
  DetectOptions options;
  options.score_threshold = threshold;
  options.class_count = 80;
  options.input_width = 640;
  options.input_height = 640;
  return options;
}

/// Boxes all over; one of every share cells has an object.
std::vector<float> make_table(std::size_t boxes, std::size_t share) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> unit(0, 1);
  std::vector<float> values(84 * boxes);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = 0.01F * unit(random);
  for (std::size_t i = 0; i < boxes; ++i) {
    values[i] = 640 * unit(random);
    values[boxes + i] = 640 * unit(random);
    values[2 * boxes + i] = values[3 * boxes + i] = 20 + 100 * unit(random);
    if (i % share == 0) values[(4 + random() % 80) * boxes + i] = 0.3F + 0.6F * unit(random);
  }
  return values;
}

void yolov8_table(benchmark::State& state) {
  const std::vector<inference::Tensor> outputs = {
      make_tensor({1, 84, 8400}, make_table(8400, static_cast<std::size_t>(state.range(0))))};
  const auto options = make_options(0.25);
  for (auto _ : state) {
    benchmark::DoNotOptimize(find_detector("yolov8")->decode(outputs, options));
  }
}
BENCHMARK(yolov8_table)->Arg(280)->Arg(28)->Arg(1)->Unit(benchmark::kMicrosecond);

void yolov8_pose_maps(benchmark::State& state) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, 1);
  std::vector<inference::Tensor> outputs;
  for (const int side : {80, 40, 20}) {
    for (const int channels : {64, 1, 51}) {
      std::vector<float> values(static_cast<std::size_t>(side * side * channels));
      for (auto& value : values) value = normal(random);
      if (channels == 1) {
        for (auto& value : values) value = value > 2.5F ? 0.9F : 0.01F;
      }
      outputs.push_back(make_tensor({side, side, channels}, values));
    }
  }
  const auto options = make_options(0.25);
  for (auto _ : state) {
    benchmark::DoNotOptimize(find_detector("yolov8-pose")->decode(outputs, options));
  }
}
BENCHMARK(yolov8_pose_maps)->Unit(benchmark::kMicrosecond);

void masks_of_ten(benchmark::State& state) {
  const std::vector<inference::Tensor> outputs = {
      make_tensor({1, 32, 160, 160}, std::vector<float>(32 * 160 * 160, 0.1F))};
  const auto options = make_options(0.25);
  std::vector<Detection> found(10);
  for (auto& one : found) {
    one.box = {100, 100, 300, 400};
    one.mask_coefficients.assign(32, 0.1F);
  }
  for (auto _ : state) {
    make_masks(found, find_prototypes(outputs, options), {1, 1, 0, 0}, options);
  }
}
BENCHMARK(masks_of_ten)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
