// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/picture/model_choice.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/catalog/catalog.hpp"
#include "core/catalog/resolve.hpp"
#include "http/pipeline/error_reply.hpp"
#include "services/common/usable_engines.hpp"
#include "vision/known/recognise.hpp"

namespace hailstone::picture {
namespace {

/// Nobody has that many models; it keeps deleted ones from piling up.
constexpr std::size_t kMostRecognised = 512;

bool is_starter(const core::StoredModel& model) {
  return model.name.display().starts_with("starter-");
}

std::optional<vision::KnownNetwork> recognise_session(
    const inference::TensorSession& session, const std::map<std::string, std::string>& metadata) {
  return vision::recognise(session.inputs(), session.outputs(), metadata);
}

/// A blank alone is a character that a network reads.
std::string read_label(std::string_view line) {
  const auto label = trim(line);
  return label.empty() && line.find(' ') != std::string_view::npos ? " " : std::string(label);
}

std::vector<std::string> read_labels(const core::StoredModel& model) {
  const core::Layer* layer = model.find_layer("labels");
  if (layer == nullptr) return {};
  const std::string text = core::read_layer(*layer);
  std::vector<std::string> labels;
  for (const auto& line : split(text, '\n')) labels.push_back(read_label(line));
  while (!labels.empty() && labels.back().empty()) labels.pop_back();
  return labels;
}

}  // namespace

VisionModel ModelChoice::choose(std::string_view task, std::string_view name) {
  return choose(std::span(&task, 1), name);
}

VisionModel ModelChoice::choose(Tasks tasks, std::string_view name) {
  VisionModel model;
  try {
    model.chosen = models_.choose(name.empty() ? default_name(tasks) : std::string(name), {});
  } catch (const Error& error) {
    const std::string others = show_models_of(tasks);
    if (error.code() != ErrorCode::kNotFound || others.empty()) throw;
    throw Error(ErrorCode::kNotFound, error.what(), others);
  }
  const auto& stored = model.chosen.stored;
  if (std::find(tasks.begin(), tasks.end(), stored.task) == tasks.end()) {
    throw Error(ErrorCode::kBadRequest,
                "model '" + model.chosen.name + "' is for " +
                    (stored.task.empty() ? "something else" : stored.task) + ", not for " +
                    std::string(tasks.front()),
                show_models_of(tasks));
  }
  model.decoder = stored.decoder;
  model.input = inference::find_image_input(stored.settings);
  model.labels = read_labels(stored);
  complete(model);
  return model;
}

core::Lease ModelChoice::acquire(VisionModel& model, const RunContext& run) {
  if (!complete(model)) {
    const auto turn = first_looks_.acquire(run);
    if (!complete(model)) return look_first(model, run);
  }
  return models_.acquire(model.chosen, std::nullopt, run);
}

/// With what is known by now; false where nobody has looked at the model yet.
bool ModelChoice::complete(VisionModel& model) {
  if (!model.decoder.empty()) return true;
  const std::lock_guard lock(mutex_);
  const auto seen = recognised_.find(model.chosen.stored.digest);
  if (seen == recognised_.end()) return false;
  const auto& known = seen->second;
  if (!known) return true;
  model.decoder = known->decoder;
  model.input = inference::parse_image_input(known->inputs.at("input"));
  for (const auto& [setting, input] : known->inputs) model.chosen.stored.settings[setting] = input;
  if (model.labels.empty()) model.labels = known->labels;
  return true;
}

core::Lease ModelChoice::look_first(VisionModel& model, const RunContext& run) {
  {
    auto lease = models_.acquire(model.chosen, std::nullopt, run);
    auto known = recognise(model, lease.model());
    {
      const std::lock_guard lock(mutex_);
      if (recognised_.size() >= kMostRecognised) recognised_.clear();
      recognised_[model.chosen.stored.digest] = std::move(known);
    }
    const auto before = model.chosen.stored.settings;
    complete(model);
    if (model.chosen.stored.settings == before) return lease;
  }  // it is loaded anew only once nobody uses it
  return models_.acquire(model.chosen, std::nullopt, run);
}

std::optional<ModelChoice::Recognised> ModelChoice::recognise(const VisionModel& model,
                                                              inference::Model& loaded) const {
  if (loaded.tensor() == nullptr) return std::nullopt;
  std::map<std::string, std::string> metadata;
  for (const auto& [key, value] : model.chosen.facts->metadata) {
    if (const auto* text = std::get_if<std::string>(&value)) metadata[key] = *text;
  }
  const auto network = recognise_session(*loaded.tensor(), metadata);
  if (!network) return std::nullopt;
  Recognised known{
      network->decoder, {{"input", inference::write_image_input(network->input)}}, network->names};
  for (const auto kind : core::network_kinds()) {
    auto* further = loaded.network(kind);
    const auto what = further == nullptr ? std::nullopt : recognise_session(*further, {});
    if (!what) continue;
    known.inputs["input." + std::string(kind)] = inference::write_image_input(what->input);
    if (known.decoder == "db" && what->decoder == "ctc") known.decoder = "ppocr";
  }
  if (known.labels.empty() && !network->labels.empty()) {
    known.labels = core::read_labels(catalog_folders_, network->labels);
  }
  return known;
}

std::string ModelChoice::default_name(Tasks tasks) const {
  for (const auto task : tasks) {
    const auto installed = models_of(task);
    if (installed.empty()) continue;
    const auto best = std::find_if(installed.begin(), installed.end(),
                                   [](const auto& model) { return !is_starter(model); });
    return (best == installed.end() ? installed.front() : *best).name.display();
  }
  refuse_missing(tasks.front());
}

std::string ModelChoice::show_models_of(Tasks tasks) const {
  std::vector<std::string> names;
  for (const auto task : tasks) {
    for (const auto& model : models_of(task)) names.push_back(model.name.display());
  }
  if (names.empty()) return {};
  return "models for " + std::string(tasks.front()) + ": " + join(names, ", ");
}

std::vector<core::StoredModel> ModelChoice::models_of(std::string_view task) const {
  auto all = models_.store().list();
  std::erase_if(all, [&](const auto& model) { return model.task != task; });
  return all;
}

void ModelChoice::refuse_missing(std::string_view task) const {
  const core::Catalog catalog = core::load_catalog(catalog_folders_);
  const auto* model =
      core::find_default(catalog, task, services::usable_engines(models_.runtime()));
  const std::string command = model == nullptr ? "hailstone catalog lists what can be installed"
                                               : "install one with: hailstone pull " + model->name;
  throw http::StatusError(503, "no model for " + std::string(task) + " is installed", command);
}

}  // namespace hailstone::picture
