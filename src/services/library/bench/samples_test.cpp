// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/library/bench/samples.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.hpp"
#include "services/library/bench/wire.hpp"

namespace hailstone::bench {
namespace {

using namespace std::chrono_literals;
using inference::ElementType;
using Shape = std::vector<std::int64_t>;

TEST(Samples, AreSummarizedByTheirMedian) {
  const auto speed = summarize(core::SpeedKind::kTokens,
                               {{40ms, 25, 100.0}, {10ms, 100, 300.0}, {20ms, 50, std::nullopt}});
  EXPECT_EQ(speed.kind, core::SpeedKind::kTokens);
  EXPECT_EQ(speed.median, 20ms);
  EXPECT_EQ(speed.p90, 40ms);
  EXPECT_DOUBLE_EQ(speed.per_second, 50);
  EXPECT_DOUBLE_EQ(*speed.prompt_per_second, 200);
  EXPECT_EQ(speed.runs, 3);
}

TEST(Samples, TheNinetiethPercentileIsTheNearestRank) {
  std::vector<Sample> samples;
  for (int i = 20; i >= 1; --i) samples.push_back({std::chrono::milliseconds(i), 1, {}});
  const auto speed = summarize(core::SpeedKind::kRuns, samples);
  EXPECT_EQ(speed.p90, 18ms);
  EXPECT_EQ(speed.median, 10500us);
  EXPECT_FALSE(speed.prompt_per_second);
  EXPECT_EQ(summarize(core::SpeedKind::kRuns, {{7ms, 1, {}}}).p90, 7ms);
}

TEST(Samples, PromptsDifferFromTheirFirstWordOn) {
  EXPECT_EQ(make_prompt(3, 2), "3. the old");
  EXPECT_NE(make_prompt(1, 30), make_prompt(2, 30));
  EXPECT_EQ(make_prompt(1, 30), make_prompt(1, 30));
}

TEST(Samples, SoundStaysWithinItsRange) {
  const auto sound = make_sound(2s);
  EXPECT_EQ(sound.samples.size(), 2U * static_cast<unsigned>(sound.sample_rate));
  const auto [least, most] = std::minmax_element(sound.samples.begin(), sound.samples.end());
  EXPECT_LT(*least, -0.3F);
  EXPECT_GE(*least, -1.0F);
  EXPECT_GT(*most, 0.3F);
  EXPECT_LE(*most, 1.0F);
}

TEST(Samples, APageHasMarksOnWhite) {
  const auto page = make_page(100, 70);
  EXPECT_EQ(page.pixels.size(), 100U * 70U * 3U);
  const auto dark = std::count(page.pixels.begin(), page.pixels.end(), 0);
  EXPECT_GT(dark, 1000);
  EXPECT_LT(dark, 100 * 70 * 3 / 2);
}

Shape shape_for(inference::TensorInfo info, std::optional<inference::ImageInput> picture = {}) {
  const auto tensors = make_tensors({std::move(info)}, picture);
  std::size_t elements = 1;
  for (const auto size : tensors.front().info.shape) elements *= static_cast<std::size_t>(size);
  EXPECT_EQ(tensors.front().data.size(), elements * inference::size_of(tensors.front().info.type));
  return tensors.front().info.shape;
}

TEST(Samples, TensorsHaveTheShapesThatANetworkExpects) {
  inference::ImageInput picture;
  picture.width = 416;
  picture.height = 320;
  EXPECT_EQ(shape_for({"x", ElementType::kFloat32, {1, 3, 416, 416}}), (Shape{1, 3, 416, 416}));
  EXPECT_EQ(shape_for({"x", ElementType::kFloat32, {-1, 3, -1, -1}}), (Shape{1, 3, 640, 640}));
  EXPECT_EQ(shape_for({"x", ElementType::kInt64, {-1, 77}}), (Shape{1, 77}));
  EXPECT_EQ(shape_for({"x", ElementType::kUint8, {-1, -1, 3}}), (Shape{640, 640, 3}));
  EXPECT_EQ(shape_for({"x", ElementType::kFloat32, {1, 3, 416, 416}}, picture),
            (Shape{320, 416, 3}));
  EXPECT_EQ(shape_for({"x", ElementType::kInt64, {1, 2}}, picture), (Shape{1, 2}));
  EXPECT_EQ(shape_for({"x", ElementType::kUint8, {320, 416, 1}}, picture), (Shape{320, 416, 1}));
  EXPECT_THROW(shape_for({"x", ElementType::kFloat32, {1 << 20, 1 << 20, 1 << 20}}), Error);
}

TEST(BenchWire, ReadsATaskAndNamesWhatIsWrong) {
  const Task task = parse_task(R"({"model":"m","engine":"onnx","runs":7,"all":true})");
  EXPECT_EQ(task.model, "m");
  EXPECT_EQ(task.engine, "onnx");
  EXPECT_EQ(task.runs, 7);
  EXPECT_EQ(task.scope, Scope::kAll);
  EXPECT_EQ(parse_task(R"({"model":"m"})").scope, Scope::kOne);
  EXPECT_THROW(parse_task("{}"), Error);
  EXPECT_THROW(parse_task(R"({"model":"m","runs":0})"), Error);
  EXPECT_THROW(parse_task(R"({"model":"m","runs":1001})"), Error);
}

TEST(BenchWire, IsExact) {
  EXPECT_EQ(write_progress({"loading m", 0, 0}), R"({"status":"loading m"})");
  EXPECT_EQ(write_progress({"measuring m", 2, 3}), R"({"status":"measuring m","run":2,"runs":3})");
  core::Measurement measurement;
  measurement.model = {"m:onnx", "d", "onnx", "1.2"};
  measurement.load_time = 1500ms;
  measurement.speed = core::Speed{core::SpeedKind::kTokens, 12.5, 80.0, 640ms, 700ms, 3};
  measurement.memory.host = ByteSize::bytes(7);
  Result result;
  result.model = "m:latest";
  result.machine = "box";
  result.rows = {{"m:onnx", "onnx", measurement, true, true, ""},
                 {"m:fake", "fake", {}, false, false, "it crashed"}};
  result.missing = {{"hailo", "m:hailo"}};
  EXPECT_EQ(write_result(result),
            R"({"status":"success","model":"m:latest","machine":"box","variants":[)"
            R"({"model":"m:onnx","engine":"onnx","engine_version":"1.2","speed":{"value":12.5,)"
            R"("unit":"tokens/s","prompt_tokens_per_second":80.0,"median_ms":640.0,"p90_ms":700.0,)"
            R"("runs":3},"memory":{"host_bytes":7,"npu_bytes":0},"load_seconds":1.5,)"
            R"("noted_at":"1970-01-01T00:00:00.000000000Z","measured":true,"chosen":true},)"
            R"({"model":"m:fake","engine":"fake","measured":false,"chosen":false,)"
            R"("error":"it crashed"}],"missing":[{"engine":"hailo","model":"m:hailo"}]})");
}

}  // namespace
}  // namespace hailstone::bench
