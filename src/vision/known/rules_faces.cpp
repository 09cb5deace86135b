// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include "base/strings.hpp"
#include "vision/known/rules.hpp"

namespace hailstone::vision {
namespace {

constexpr const char* kFaces = "face1";
constexpr std::string_view kPointWords[] = {"landmark", "ldmk", "point", "kps", "coord"};

bool is_size(const Network& network, int width, int height) {
  return network.image() && network.image()->width == width && network.image()->height == height;
}

/// Others are coordinates of points more often: 136 are 68 of them, 212 are 106.
bool is_usual_embedding(std::int64_t length) {
  constexpr std::int64_t kLengths[] = {64, 96, 128, 192, 256, 320, 384, 512, 768, 1024, 2048};
  return std::find(std::begin(kLengths), std::end(kLengths), length) != std::end(kLengths);
}

bool is_named_for_points(const std::string& output) {
  const std::string name = to_lower(output);
  return std::any_of(std::begin(kPointWords), std::end(kPointWords),
                     [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

}  // namespace

Known recognise_named_faces(const Network& network) {
  if (!network.image()) return std::nullopt;
  if (network.has_outputs({"cls_8", "obj_8", "bbox_8", "kps_8"})) {
    return make_known(network, "face-detect", "yunet", kFaces, Preparation::kBgrFace);
  }
  if (network.has_outputs({"score_8", "bbox_8", "kps_8"})) {
    return make_known(network, "face-detect", "scrfd", kFaces, Preparation::kScrfd);
  }
  return std::nullopt;
}

/// By the last dimensions: scores, boxes, points of three strides or of all together.
Known recognise_shaped_faces(const Network& network) {
  if (!network.image()) return std::nullopt;
  const auto count = network.outputs().size();
  const auto all_of = [&](int times, std::initializer_list<std::int64_t> extents) {
    for (const auto extent : extents) {
      if (network.count_last(extent) != times) return false;
    }
    return count == extents.size() * static_cast<std::size_t>(times);
  };
  if (all_of(3, {1, 4, 10})) {
    return make_known(network, "face-detect", "scrfd", kFaces, Preparation::kScrfd);
  }
  if (all_of(3, {2, 8, 20})) {
    return make_known(network, "face-detect", "scrfd", kFaces, Preparation::kRaw);
  }
  if (all_of(3, {4, 8, 20})) {
    return make_known(network, "face-detect", "retinaface", kFaces, Preparation::kRaw);
  }
  if (all_of(1, {2, 4, 10})) {
    return make_known(network, "face-detect", "retinaface", kFaces, Preparation::kBgrFace);
  }
  // UltraFace: corners already, or still relative to its priors, which only the values tell.
  if (all_of(1, {2, 4}) && network.shape(0).front() == network.shape(1).front()) {
    return make_known(make_known(network, "face-detect", "ssd", kFaces, Preparation::kScrfd),
                      Certainty::kGuess, "the shapes of its outputs");
  }
  return std::nullopt;
}

Known recognise_embedding(const Network& network) {
  const Shape shape = network.shape(0);
  if (network.outputs().size() != 1 || shape.empty() || !is_usual_embedding(shape.back()) ||
      is_named_for_points(network.outputs().front().name)) {
    return std::nullopt;
  }
  for (const auto extent : shape.first(shape.size() - 1)) {
    if (extent > 1) return std::nullopt;
  }
  if (is_size(network, 112, 112)) {
    return make_known(network, "face-embed", "embedding", "", Preparation::kSigned);
  }
  if (is_size(network, 128, 256)) {
    return make_known(network, "person-embed", "embedding", "", Preparation::kImagenet);
  }
  return std::nullopt;
}

}  // namespace hailstone::vision
