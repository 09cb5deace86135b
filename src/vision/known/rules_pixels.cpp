// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "vision/known/rules.hpp"

namespace hailstone::vision {
namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// Whether an output is a map of one channel.
bool is_plane(Shape shape) {
  if (shape.size() == 2) return true;
  return shape.size() == 3 && (shape[0] == 1 || shape[2] == 1);
}

std::string semantic_labels(std::int64_t classes) {
  if (classes == 21) return "voc21";
  if (classes == 19) return "cityscapes19";
  return {};
}

/// A text line as it goes into a recogniser: low and of any width.
bool is_line(const inference::ImageInput& image) {
  return image.height == 32 || image.height == 48;
}

}  // namespace

Known recognise_depth(const Network& network) {
  if (!network.image() || network.outputs().size() != 1 || !is_plane(network.shape(0))) {
    return std::nullopt;
  }
  const std::string& name = network.outputs().front().name;
  if (contains(name, "predicted_depth") || contains(name, "depth_anything")) {
    return make_known(network, "depth", "inverse-depth", "", Preparation::kImagenet);
  }
  if (contains(name, "scdepth")) {
    return make_known(network, "depth", "scdepth", "", Preparation::kRaw);
  }
  // PyDNet++ names its output disparity, but what it was exported with is larger where it is
  // farther.
  if (network.has_input("image") && name == "disparity") {
    return make_known(network, "depth", "depth", "", Preparation::kStretchUnit);
  }
  if (network.inputs().size() == 2 && (contains(name, "disp") || contains(name, "stereo"))) {
    return make_known(network, "stereo", "disparity", "", Preparation::kRaw);
  }
  if (contains(name, "depth")) {
    return make_known(network, "depth", "depth", "", Preparation::kImagenet);
  }
  return std::nullopt;
}

Known recognise_semantic(const Network& network) {
  if (!network.image() || network.outputs().size() != 1) return std::nullopt;
  const Shape shape = network.shape(0);
  if (shape.size() != 3 || std::min(shape[0], shape[2]) < 2) return std::nullopt;
  const bool last = network.image()->layout == inference::TensorLayout::kNhwc;
  const auto classes = last ? shape[2] : shape[0];
  const auto height = last ? shape[0] : shape[1];
  const bool has_names = network.class_count(0) == static_cast<std::size_t>(classes);
  // Three channels are a picture, unless somebody has names for them.
  if (classes > 256 || height < 16 || (classes == 3 && !has_names)) return std::nullopt;
  // MobileNet's preparation of TensorFlow ends in a subtraction that exports are cut behind.
  const bool is_signed = contains(network.inputs().front().name, "sub");
  auto known = make_known(network, "semantic", "class-map", semantic_labels(classes),
                          last ? Preparation::kSigned : Preparation::kImagenet);
  if (has_names) {
    return make_known(std::move(known), Certainty::kLikely,
                      "its output, a map with a channel for each label");
  }
  if (!known.labels.empty() && (is_signed || !last)) {
    return make_known(
        std::move(known), Certainty::kLikely,
        "its output, a map with as many channels as " + known.labels + " has classes");
  }
  return known;
}

void take_sides_of_text(KnownNetwork& known) {
  known.input.color = inference::ColorOrder::kBgr;  // with the means of RGB: so it was trained
  known.input.multiple = 32;
  known.input.min_side = 1;
  known.input.max_side = 960;
}

/// PaddleOCR: its exports call the input "x"; the detector gives one plane, the recogniser a row of
/// classes for each step.
Known recognise_text(const Network& network) {
  if (!network.image() || network.outputs().size() != 1 || !network.has_input("x")) {
    return std::nullopt;
  }
  const Shape shape = network.outputs().front().shape;
  if (shape.size() == 4 && shape[1] == 1) {
    auto known = make_known(network, "ocr", "db", "", Preparation::kImagenet);
    take_sides_of_text(known);
    return known;
  }
  if (shape.size() == 3 && shape[2] > 10 && is_line(*network.image())) {
    return make_known(network, "ocr", "ctc", "", Preparation::kSigned);
  }
  return std::nullopt;
}

}  // namespace hailstone::vision
