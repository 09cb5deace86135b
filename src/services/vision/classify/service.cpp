// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/classify/service.hpp"

#include "base/error.hpp"
#include "vision/scores/class_scores.hpp"
#include "vision/scores/embedding.hpp"

namespace hailstone::classify {
namespace {

constexpr std::string_view kClosedSet = "logits";
constexpr std::string_view kAnyWords = "clip";
constexpr int kShownClasses = 5;

[[noreturn]] void refuse_decoder(const picture::VisionModel& model) {
  throw Error(ErrorCode::kUnsupported, "model '" + model.chosen.name + "' has the decoder '" +
                                           model.decoder + "', which does not classify");
}

void check_labels(const Task& task, const picture::VisionModel& model) {
  const bool takes_labels = model.decoder == kAnyWords;
  if (takes_labels == !task.labels.empty()) return;
  if (takes_labels) {
    throw Error(
        ErrorCode::kBadRequest,
        "labels is required: model '" + model.chosen.name + "' compares pictures with texts",
        "for example labels=a cat,a dog");
  }
  throw Error(ErrorCode::kBadRequest,
              "labels: model '" + model.chosen.name + "' knows only those it was trained with",
              "leave labels away, or take a model that compares pictures with texts: hailstone "
              "catalog classify");
}

std::string fill(const std::string& pattern, const std::string& label) {
  std::string text = pattern;
  return text.replace(text.find("{}"), 2, label);
}

std::string name_of(const std::vector<std::string>& labels, int class_id) {
  const auto index = static_cast<std::size_t>(class_id);
  return index < labels.size() ? labels[index] : "class " + std::to_string(class_id);
}

}  // namespace

Result ClassifyService::classify(picture::Photo& photo, const Task& task, const RunContext& run) {
  photo.header();  // no model is loaded for what is no picture
  picture::Network network(choice_, choice_.choose("classify", task.model), run, clock_);
  const auto& model = network.model();
  if (model.decoder != kClosedSet && model.decoder != kAnyWords) refuse_decoder(model);
  check_labels(task, model);
  Result result;
  result.labels = model.decoder == kAnyWords ? compare(network, photo, task, run)
                                             : read_classes(network, photo, task, run);
  std::erase_if(result.labels,
                [&](const auto& label) { return label.confidence < task.threshold; });
  result.model = model.chosen.name;
  result.engine = network.engine();
  result.timings = network.timings();
  return result;
}

std::vector<Label> ClassifyService::read_classes(picture::Network& network, picture::Photo& photo,
                                                 const Task& task, const RunContext& run) const {
  const picture::Look look = network.look(network.decode(photo).image, run);
  const picture::Stage stage(network.timings().post, clock_);
  if (look.outputs.empty()) throw Error(ErrorCode::kEngineFailed, "the network gave no output");
  const auto probabilities = vision::read_probabilities(look.outputs.front());
  const int most = task.max > 0 ? task.max : kShownClasses;
  std::vector<Label> labels;
  for (const auto& best : vision::top_classes(probabilities, most)) {
    labels.push_back({name_of(network.model().labels, best.class_id), best.score});
  }
  return labels;
}

std::vector<Label> ClassifyService::compare(picture::Network& network, picture::Photo& photo,
                                            const Task& task, const RunContext& run) {
  TextEncoder encoder(network, texts_);
  const picture::Look look = network.look(network.decode(photo).image, run);
  std::vector<Embedding> texts;
  for (const auto& label : task.labels) {
    texts.push_back(encoder.encode(fill(task.pattern, label), run));
  }
  const picture::Stage stage(network.timings().post, clock_);
  const auto embedding = vision::read_embedding(find_embedding(look.outputs));
  const auto probabilities = vision::compare_prompts(embedding, texts);
  const int most = task.max > 0 ? task.max : static_cast<int>(task.labels.size());
  std::vector<Label> labels;
  for (const auto& best : vision::top_classes(probabilities, most)) {
    labels.push_back({task.labels[static_cast<std::size_t>(best.class_id)], best.score});
  }
  return labels;
}

}  // namespace hailstone::classify
