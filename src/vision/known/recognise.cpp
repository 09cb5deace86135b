// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/known/recognise.hpp"

#include <algorithm>
#include <iterator>

#include "vision/known/rules.hpp"

namespace hailstone::vision {
namespace {

struct RuleEntry {
  Rule rule;
  Certainty certainty;  ///< where the rule does not say it
  const char* sign;
};

// In this order: what is told by names before what is told by shapes, and the more special shape
// before the more general one.
constexpr RuleEntry kRules[] = {
    // No picture at all.
    {recognise_voice_activity, Certainty::kSure, "the names of its inputs"},
    // "nms" in the name of a HEF's output.
    {recognise_hailo_nms, Certainty::kSure, "the suppression that its output is named for"},
    {recognise_named_faces, Certainty::kSure, "the names of its outputs"},  // YuNet, SCRFD
    // TensorFlow's and DETR's names, RTMO, CenterNet.
    {recognise_named_boxes, Certainty::kSure, "the names of its outputs"},
    // What its exporter wrote into the file, where the shapes are not known yet.
    {recognise_ultralytics, Certainty::kSure, "what its exporter wrote into the file"},
    {recognise_depth, Certainty::kLikely, "the name of its output, a plane"},
    {recognise_clip, Certainty::kSure, "the name of its output"},
    {recognise_yolo_table, Certainty::kLikely, "its output, a row for each cell of its input"},
    {recognise_raw_maps, Certainty::kLikely, "its outputs, maps of the strides 8, 16 and 32"},
    // SCRFD, RetinaFace, UltraFace by last dimensions.
    {recognise_shaped_faces, Certainty::kLikely, "the shapes of its outputs"},
    {recognise_text, Certainty::kLikely, "its input's name and its output's shape"},  // PaddleOCR
    {recognise_semantic, Certainty::kGuess, "its output, a map with several channels"},
    {recognise_embedding, Certainty::kGuess, "the size of its input and its output, a vector"},
    {recognise_classifier, Certainty::kLikely, "its output, a vector with a value for each label"},
};

/// A file that names a task says what it is, if its tensors do not contradict.
bool is_said_by_file(const Network& network, const KnownNetwork& known) {
  return is_ultralytics(network) && !network.metadata("task").empty() && known.decoder != "clip";
}

bool is_the_same_task(const std::string& known, const std::string& said) {
  const auto both = [&](std::string_view word) {
    return known.find(word) == 0 && said.find(word) == 0;
  };
  return known == said || both("detect") || (said == "segment" && known == "semantic") ||
         (said == "detect" && known == "face-detect");
}

}  // namespace

std::string_view name_of(Certainty certainty) noexcept {
  constexpr std::string_view kNames[] = {"guess", "likely", "sure"};
  return kNames[static_cast<std::size_t>(certainty)];
}

std::optional<Certainty> find_certainty(std::string_view name) noexcept {
  for (const auto each : {Certainty::kGuess, Certainty::kLikely, Certainty::kSure}) {
    if (name_of(each) == name) return each;
  }
  return std::nullopt;
}

std::optional<KnownNetwork> recognise(std::span<const inference::TensorInfo> inputs,
                                      std::span<const inference::TensorInfo> outputs,
                                      const Clues& clues) {
  if (inputs.empty() || outputs.empty() || count_pictures(inputs) > 1) return std::nullopt;
  const Network network(inputs, outputs, clues);
  for (const auto& [rule, certainty, sign] : kRules) {
    auto known = rule(network);
    if (!known) continue;
    if (!clues.decoder.empty() && known->decoder != clues.decoder) continue;
    if (!clues.task.empty() && !is_the_same_task(known->task, clues.task)) continue;
    if (known->sign.empty()) {
      known->certainty = certainty;
      known->sign = sign;
    }
    if (is_said_by_file(network, *known)) {
      known->certainty = Certainty::kSure;
      known->sign = "what its exporter wrote into the file";
    }
    if (clues.task.empty() && clues.decoder.empty()) return known;
    if (!clues.task.empty()) known->task = clues.task;
    known->certainty = Certainty::kSure;
    known->sign = "what its user says";
    return known;
  }
  return describe_as_said(network);
}

std::optional<inference::ImageInput> plain_input(std::span<const inference::TensorInfo> inputs) {
  const Clues nothing;
  const Network network(inputs, {}, nothing);
  if (!network.image()) return std::nullopt;
  return make_known(network, {}, {}, {}, Preparation::kStretchUnit).input;
}

std::int64_t count_pictures(std::span<const inference::TensorInfo> inputs) noexcept {
  for (const auto& input : inputs) {
    if (input.shape.size() == 4 && is_picture(input))
      return std::max<std::int64_t>(1, input.shape[0]);
  }
  return 1;
}

}  // namespace hailstone::vision
