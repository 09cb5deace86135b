// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/classify/service.hpp"

#include "base/error.hpp"
#include "vision/scores/class_scores.hpp"

namespace hailstone::classify {
namespace {

constexpr std::string_view kDecoder = "logits";

void require_classifier(const picture::VisionModel& model) {
  if (model.decoder == kDecoder) return;
  throw Error(ErrorCode::kUnsupported, "model '" + model.chosen.name + "' has the decoder '" +
                                           model.decoder + "', which does not classify");
}

std::string name_of(const std::vector<std::string>& labels, int class_id) {
  const auto index = static_cast<std::size_t>(class_id);
  return index < labels.size() ? labels[index] : "class " + std::to_string(class_id);
}

}  // namespace

Result ClassifyService::classify(picture::Photo& photo, const Task& task, const RunContext& run) {
  photo.header();  // no model is loaded for what is no picture
  picture::Network network(choice_, choice_.choose("classify", task.model), run, clock_);
  require_classifier(network.model());
  const picture::Look look = network.look(network.decode(photo).image, run);
  Result result;
  {
    const picture::Stage stage(network.timings().post, clock_);
    if (look.outputs.empty()) throw Error(ErrorCode::kEngineFailed, "the network gave no output");
    const auto probabilities = vision::read_probabilities(look.outputs.front());
    for (const auto& best : vision::top_classes(probabilities, task.max)) {
      if (best.score < task.threshold) break;
      result.labels.push_back({name_of(network.model().labels, best.class_id), best.score});
    }
  }
  result.model = network.model().chosen.name;
  result.engine = network.engine();
  result.timings = network.timings();
  return result;
}

}  // namespace hailstone::classify
