// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "vision/known/rules.hpp"

namespace hailstone::vision {

Known recognise_voice_activity(const Network& network) {
  if (!network.has_input("input") || !network.has_input("state") || !network.has_input("sr")) {
    return std::nullopt;
  }
  return KnownNetwork{"vad", "silero", "", {}, {}, {}, {}};
}

Known recognise_clip(const Network& network) {
  if (!network.image() || !network.has_outputs({"image_embeds"})) return std::nullopt;
  return make_known(network, "classify", "clip", "", Preparation::kClip);
}

Known recognise_classifier(const Network& network) {
  if (!network.image() || network.outputs().size() != 1) return std::nullopt;
  const Shape shape = network.outputs().front().shape;
  if (shape.empty() || shape.back() < 2) return std::nullopt;
  if (std::any_of(shape.begin(), shape.end() - 1, [](auto extent) { return extent > 1; })) {
    return std::nullopt;
  }
  const auto classes = shape.back();
  const bool is_ultralytics = network.metadata("task") == "classify";
  if (!is_ultralytics && classes != 1000 &&
      network.class_count(0) != static_cast<std::size_t>(classes)) {
    return std::nullopt;  // any vector could be anything
  }
  return make_known(network, "classify", "logits",
                    classes == 1000 && network.names().empty() ? "imagenet1000" : "",
                    is_ultralytics ? Preparation::kCropUnit : Preparation::kImagenetCrop);
}

}  // namespace hailstone::vision
