// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/deepstack/scene.hpp"

#include "base/error.hpp"
#include "vision/scores/class_scores.hpp"

namespace hailstone::deepstack {
namespace {

/// A score for each label that the network was trained with.
constexpr std::string_view kScores = "logits";

}  // namespace

Scene find_scene(picture::ModelChoice& choice, picture::Photo& photo, const RunContext& run) {
  photo.header();  // no model is loaded for what is no picture
  picture::Network network(choice, choice.choose_read_by(kScores, "classify", ""), run,
                           system_clock());
  const auto& model = network.model();
  if (model.decoder != kScores) {
    throw Error(ErrorCode::kUnsupported,
                "model '" + model.chosen.name + "' has the decoder '" + model.decoder +
                    "', which names no scene by itself",
                "a model that knows its labels is needed: hailstone catalog classify");
  }
  const auto look = network.look(network.decode(photo).image, run);
  if (look.outputs.empty()) {
    throw Error(ErrorCode::kEngineFailed, "model '" + model.chosen.name + "' gave no output");
  }
  const auto best =
      vision::top_classes(vision::read_probabilities(look.outputs.front()), 1).front();
  const auto index = static_cast<std::size_t>(best.class_id);
  return {
      index < model.labels.size() ? model.labels[index] : "class " + std::to_string(best.class_id),
      best.score, model.chosen.name, network.engine(), network.timings()};
}

}  // namespace hailstone::deepstack
