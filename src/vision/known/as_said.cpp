// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include "vision/known/rules.hpp"

namespace hailstone::vision {
namespace {

/// What a decoder's networks are for, and how they are trained to see pictures.
struct Custom {
  std::string_view decoder;
  std::string_view task;  ///< empty: several
  Preparation preparation;
};

constexpr Custom kCustoms[] = {
    {"centernet", "detect", Preparation::kCenterNet},
    {"class-map", "semantic", Preparation::kImagenet},
    {"clip", "classify", Preparation::kClip},
    {"ctc", "ocr", Preparation::kSigned},
    {"db", "ocr", Preparation::kImagenet},
    {"depth", "depth", Preparation::kImagenet},
    {"detr", "detect", Preparation::kImagenet},
    {"disparity", "stereo", Preparation::kRaw},
    {"embedding", "", Preparation::kSigned},
    {"inverse-depth", "depth", Preparation::kImagenet},
    {"lightface", "face-detect", Preparation::kScrfd},
    {"logits", "classify", Preparation::kImagenetCrop},
    {"metric-depth", "depth", Preparation::kImagenet},
    {"nanodet", "detect", Preparation::kImagenetBgr},
    {"retinaface", "face-detect", Preparation::kBgrFace},
    {"rtmo", "pose", Preparation::kRawBgr},
    {"scdepth", "depth", Preparation::kRaw},
    {"scrfd", "face-detect", Preparation::kScrfd},
    {"ssd", "detect", Preparation::kRaw},
    {"yolov10", "detect", Preparation::kUnit},
    {"yolov5", "detect", Preparation::kUnit},
    {"yolov5-seg", "segment", Preparation::kUnit},
    {"yolov7-nms", "detect", Preparation::kUnit},
    {"yolov8", "detect", Preparation::kUnit},
    {"yolov8-obb", "detect-oriented", Preparation::kUnit},
    {"yolov8-pose", "pose", Preparation::kUnit},
    {"yolov8-seg", "segment", Preparation::kUnit},
    {"yolox", "detect", Preparation::kRawBgr},
    {"yunet", "face-detect", Preparation::kBgrFace},
};

bool is_vector(Shape shape) {
  return std::count_if(shape.begin(), shape.end(), [](auto extent) { return extent > 1; }) == 1;
}

/// The decoder that a task leaves no choice of for such an output; empty: there are several.
std::string_view only_decoder(const Network& network) {
  const std::string& task = network.clues().task;
  const Shape shape = network.shape(0);
  if (task == "classify" && is_vector(shape)) return "logits";
  if ((task == "face-embed" || task == "person-embed") && is_vector(shape)) return "embedding";
  if ((task == "semantic" || task == "segment") && network.outputs().size() == 1 &&
      shape.size() == 3) {
    return "class-map";
  }
  if (task == "ocr" && shape.size() == 3 && shape[0] == 1) return "db";
  return {};
}

}  // namespace

Known describe_as_said(const Network& network) {
  if (!network.image()) return std::nullopt;
  const std::string& said = network.clues().decoder;
  const std::string_view decoder = said.empty() ? only_decoder(network) : std::string_view(said);
  const auto* custom =
      std::find_if(std::begin(kCustoms), std::end(kCustoms),
                   [&](const Custom& each) { return !decoder.empty() && each.decoder == decoder; });
  if (custom == std::end(kCustoms)) return std::nullopt;
  const std::string task =
      network.clues().task.empty() ? std::string(custom->task) : network.clues().task;
  if (task.empty()) return std::nullopt;
  auto known = make_known(network, task, std::string(decoder), "", custom->preparation);
  if (task == "person-embed") {
    known = make_known(network, task, std::string(decoder), "", Preparation::kImagenet);
  }
  if (decoder == "db") take_sides_of_text(known);
  return make_known(std::move(known), Certainty::kSure, "what its user says");
}

}  // namespace hailstone::vision
