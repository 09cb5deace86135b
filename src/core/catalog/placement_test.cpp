// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/placement.hpp"

#include <gtest/gtest.h>

namespace hailstone::core {
namespace {

Place place(const std::string& engine, double per_second = 0, SpeedKind kind = SpeedKind::kRuns) {
  Place out;
  out.engine = engine;
  if (per_second > 0) out.speed = Speed{kind, per_second, {}, {}, {}, 1};
  return out;
}

Place broken(Place out) {
  out.works = false;
  return out;
}

Place with_merit(Place out, int merit) {
  out.merit = {merit};
  return out;
}

struct Case {
  const char* why;
  const char* task;
  std::vector<Place> places;
  std::size_t chosen;
};

TEST(Placement, TakesTheFasterOfWhatIsMeasuredAndAGoodGuessOtherwise) {
  const Case cases[] = {
      {"vision goes to the accelerator", "detect", {place("onnx"), place("hailo")}, 1},
      {"speech too", "transcribe", {place("whisper"), place("hailo")}, 1},
      {"language stays on the processor", "chat", {place("hailo"), place("llama")}, 1},
      {"so does what names no task", "", {place("hailo"), place("llama")}, 1},
      {"the first of equals", "detect", {place("onnx"), place("fake")}, 0},
      {"the faster one", "detect", {place("onnx", 30), place("hailo", 20)}, 0},
      {"the faster one of three", "detect", {place("a", 1), place("hailo", 2), place("c", 3)}, 2},
      {"language, measured", "chat", {place("llama", 5), place("hailo", 9)}, 1},
      {"a figure alone says nothing", "detect", {place("onnx", 30), place("hailo")}, 1},
      {"nor of who is not the guess", "detect", {place("onnx"), place("hailo", 1)}, 1},
      {"what does not work", "detect", {place("onnx"), broken(place("hailo"))}, 0},
      {"however fast it was", "detect", {place("onnx", 1), broken(place("hailo", 9))}, 0},
      {"nothing works", "detect", {broken(place("hailo")), broken(place("onnx"))}, 1},
      {"figures of two kinds",
       "detect",
       {place("onnx", 90, SpeedKind::kTokens), place("hailo", 2)},
       1},
      {"of one engine the better file",
       "detect",
       {with_merit(place("hailo", 5), 1), with_merit(place("hailo", 5), 2), place("onnx", 4)},
       1},
      {"the only one", "detect", {place("onnx")}, 0},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(choose_place(one.task, one.places), one.chosen) << one.why;
  }
}

TEST(Placement, NamesOfVariantsAndBack) {
  const auto variant = [](const char* name, const char* engine) {
    return variant_name(parse_model_name(name), engine).display();
  };
  EXPECT_EQ(variant("yolox-nano", "onnx"), "yolox-nano:onnx");
  EXPECT_EQ(variant("me/yolox-nano:latest", "onnx"), "me/yolox-nano:onnx");
  EXPECT_EQ(variant("qwen2.5:1.5b", "hailo"), "qwen2.5:1.5b-hailo");
  const auto plain = [](const char* name, const char* engine) {
    const auto found = find_plain_name(parse_model_name(name), engine);
    return found ? found->display() : std::string("none");
  };
  EXPECT_EQ(plain("yolox-nano:onnx", "onnx"), "yolox-nano:latest");
  EXPECT_EQ(plain("yolox-nano:ONNX", "onnx"), "yolox-nano:latest");
  EXPECT_EQ(plain("qwen2.5:1.5b-hailo", "hailo"), "qwen2.5:1.5b");
  EXPECT_EQ(plain("m:7b-fake-hosted", "fake-hosted"), "m:7b");
  EXPECT_EQ(plain("yolox-nano:onnx", "hailo"), "none");
  EXPECT_EQ(plain("yolox-nano", "onnx"), "none");
  EXPECT_EQ(plain("m:xonnx", "onnx"), "none");
  EXPECT_EQ(plain("m:nx", "onnx"), "none");
  EXPECT_EQ(plain("m:latest", ""), "none");
}

}  // namespace
}  // namespace hailstone::core
