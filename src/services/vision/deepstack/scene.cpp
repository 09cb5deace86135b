// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/deepstack/scene.hpp"

#include "base/error.hpp"
#include "vision/scores/class_scores.hpp"

namespace hailstone::deepstack {

Scene find_scene(picture::ModelChoice& choice, picture::Photo& photo, const RunContext& run) {
  photo.header();  // no model is loaded for what is no picture
  picture::Network network(choice, choice.choose("classify", ""), run, system_clock());
  const auto look = network.look(network.decode(photo).image, run);
  const auto& model = network.model();
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
