// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Models of the fake engine that find and embed faces: a detector that always sees the same ones in
// a picture of 64 x 64, and an embedder whose embedding is the aligned face itself, small.

#include <initializer_list>
#include <string>
#include <vector>

#include "media/codec/encode.hpp"
#include "support/temp_store.hpp"

namespace hailstone::test_support {

/// Where a face of 16 x 16 pixels has its middle: multiples of 8.
struct ScriptedFace {
  int x = 32;
  int y = 32;
  double score = 0.9;
};

namespace detail {

inline std::string to_tensor(const std::string& name, std::size_t width,
                             const std::vector<double>& values) {
  std::string text =
      name + "[1," + std::to_string(values.size() / width) + "," + std::to_string(width) + "]=";
  for (const double value : values) text += std::to_string(value) + " ";
  return text;
}

}  // namespace detail

/// Outputs of SCRFD for an input of 64 x 64.
inline std::string script_faces(std::initializer_list<ScriptedFace> faces) {
  constexpr double kPoints[] = {-0.5, -0.4, 0.5, -0.4, 0, 0, -0.4, 0.5, 0.4, 0.5};
  std::string text;
  for (const int stride : {8, 16, 32}) {
    const int side = 64 / stride;
    const auto rows = static_cast<std::size_t>(side * side * 2);
    std::vector<double> scores(rows);
    std::vector<double> boxes(rows * 4);
    std::vector<double> points(rows * 10);
    for (const auto& face : faces) {
      if (stride != 8) break;
      const auto row = static_cast<std::size_t>((face.y / 8 * side + face.x / 8) * 2);
      scores[row] = face.score;
      for (std::size_t k = 0; k < 4; ++k) boxes[row * 4 + k] = 1;
      for (std::size_t k = 0; k < 10; ++k) points[row * 10 + k] = kPoints[k];
    }
    const std::string suffix = "_" + std::to_string(stride);
    text += detail::to_tensor("score" + suffix, 1, scores) + ";" +
            detail::to_tensor("bbox" + suffix, 4, boxes) + ";" +
            detail::to_tensor("kps" + suffix, 10, points) + ";";
  }
  text.pop_back();
  return text;
}

inline TestModel face_detector(const std::string& name, std::initializer_list<ScriptedFace> faces) {
  return {.name = name,
          .task = "face-detect",
          .settings = {{"input", R"({"width":64,"height":64,"resize":"letterbox"})"},
                       {"outputs", script_faces(faces)}},
          .layers = {{"labels", "face\n"}},
          .decoder = "scrfd"};
}

/// weights: two embedders with other weights are two networks.
inline TestModel face_embedder(const std::string& name, const std::string& weights = "w") {
  return {.name = name,
          .task = "face-embed",
          .settings = {{"input", R"({"width":8,"height":8,"resize":"stretch"})"}},
          .weights = weights,
          .decoder = "embedding"};
}

/// A PNG of 64 x 64, black but for the given part of each face's square: persons differ in it.
enum class Looks { kLeftIsBright, kTopIsBright, kRightIsBright };
inline std::string portrait(Looks looks) {
  media::Image image = media::make_image(64, 64, 5);
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) {
      const bool is_bright = looks == Looks::kLeftIsBright    ? x < 32
                             : looks == Looks::kRightIsBright ? x >= 32
                                                              : y < 32;
      if (!is_bright) continue;
      for (int c = 0; c < 3; ++c)
        image.pixels[static_cast<std::size_t>((y * 64 + x) * 3 + c)] = 220;
    }
  }
  return media::encode_png(image);
}

}  // namespace hailstone::test_support
