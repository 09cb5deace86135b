// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/vision/picture/model_choice.hpp"

#include <algorithm>
#include <fstream>
#include <utility>
#include <variant>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/catalog/catalog.hpp"
#include "core/store/blobs/files.hpp"
#include "formats/onnx_file.hpp"
#include "http/pipeline/error_reply.hpp"
#include "services/common/tasks/advice.hpp"
#include "services/vision/picture/wire_anchors.hpp"
#include "vision/known/recognise_onnx.hpp"

namespace hailstone::picture {
namespace {

/// Nobody has that many models; it keeps deleted ones from piling up.
constexpr std::size_t kMostRecognised = 512;

bool is_starter(const core::StoredModel& model) {
  return model.name.display().starts_with("starter-");
}

bool is_guess(const core::StoredModel& model) {
  const auto certainty = model.settings.find("certainty");
  return certainty != model.settings.end() &&
         certainty->second == vision::name_of(vision::Certainty::kGuess);
}

/// Nothing also where it cannot be read: loading says why.
std::optional<vision::KnownNetwork> recognise_file(const std::filesystem::path& file,
                                                   const vision::Clues& clues) {
  try {
    std::ifstream in = core::open_stream(file);
    return vision::recognise_onnx(formats::read_onnx_file(in), clues);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::map<std::string, std::string> metadata_of(const inference::ModelFacts& facts) {
  std::map<std::string, std::string> metadata;
  for (const auto& [key, value] : facts.metadata) {
    if (const auto* text = std::get_if<std::string>(&value)) metadata[key] = *text;
  }
  return metadata;
}

/// What its manifest says of the model's own network.
vision::Clues clues_of(const VisionModel& model) {
  return {{}, model.labels.size(), model.chosen.stored.task, {}};
}

/// Those of its networks that are known, by kind.
std::map<std::string, vision::KnownNetwork, std::less<>> recognise_loaded(
    const VisionModel& model, inference::Model& loaded) {
  std::map<std::string, vision::KnownNetwork, std::less<>> networks;
  const auto look = [&](std::string_view kind, const inference::TensorSession* session,
                        const vision::Clues& clues) {
    if (session == nullptr) return;
    auto known = vision::recognise(session->inputs(), session->outputs(), clues);
    if (known) networks.emplace(kind, *std::move(known));
  };
  auto clues = clues_of(model);
  clues.metadata = metadata_of(*model.chosen.facts);
  look("", loaded.tensor(), clues);
  for (const auto kind : core::network_kinds()) look(kind, loaded.network(kind), {});
  return networks;
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
  return choose(tasks, name, {});
}

VisionModel ModelChoice::choose_read_by(std::string_view decoder, std::string_view task,
                                        std::string_view name) {
  return choose(std::span(&task, 1), name, decoder);
}

VisionModel ModelChoice::choose(Tasks tasks, std::string_view name, std::string_view decoder) {
  VisionModel model;
  try {
    model.chosen =
        models_.choose(name.empty() ? default_name(tasks, decoder) : std::string(name), {});
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
  if (const auto anchors = stored.settings.find("anchors"); anchors != stored.settings.end()) {
    model.anchors = parse_anchors(anchors->second, model.chosen.name);
  }
  complete(model);
  return model;
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

core::Lease ModelChoice::acquire(VisionModel& model, const RunContext& run) {
  if (!complete(model)) {
    const auto turn = first_looks_.acquire(run);
    if (!complete(model) && !read_files(model)) return look_first(model, run);
  }
  return models_.acquire(model.chosen, std::nullopt, run);
}

/// False where its files do not tell.
bool ModelChoice::read_files(VisionModel& model) {
  if (model.chosen.stored.format != "onnx") return false;
  const auto spec = services::make_spec(model.chosen.stored);
  auto files = spec.networks;
  files.emplace("", spec.weights);
  Networks networks;
  for (const auto& [kind, file] : files) {
    const auto network = recognise_file(file, kind.empty() ? clues_of(model) : vision::Clues());
    if (!network) return false;
    networks[kind] = *network;
  }
  remember(model, put_together(networks));
  return complete(model);
}

core::Lease ModelChoice::look_first(VisionModel& model, const RunContext& run) {
  {
    auto lease = models_.acquire(model.chosen, std::nullopt, run);
    remember(model, put_together(recognise_loaded(model, lease.model())));
    const auto before = model.chosen.stored.settings;
    complete(model);
    if (model.chosen.stored.settings == before) return lease;
  }  // it is loaded anew only once nobody uses it
  return models_.acquire(model.chosen, std::nullopt, run);
}

void ModelChoice::remember(const VisionModel& model, std::optional<Recognised> known) {
  const std::lock_guard lock(mutex_);
  if (recognised_.size() >= kMostRecognised) recognised_.clear();
  recognised_[model.chosen.stored.digest] = std::move(known);
}

std::optional<ModelChoice::Recognised> ModelChoice::put_together(const Networks& networks) const {
  const auto own = networks.find("");
  if (own == networks.end()) return std::nullopt;
  const auto& network = own->second;
  Recognised known{network.decoder, {}, network.names};
  for (const auto& [kind, what] : networks) {
    known.inputs[kind.empty() ? "input" : "input." + kind] =
        inference::write_image_input(what.input);
    if (!kind.empty() && known.decoder == "db" && what.decoder == "ctc") known.decoder = "ppocr";
  }
  if (known.labels.empty() && !network.labels.empty()) {
    known.labels = core::read_labels(catalog_folders_, network.labels);
  }
  return known;
}

std::string ModelChoice::default_name(Tasks tasks, std::string_view decoder) const {
  for (const auto task : tasks) {
    auto installed = models_of(task);
    std::erase_if(installed, [&](const auto& model) {
      const bool is_read = decoder.empty() || model.decoder.empty() || model.decoder == decoder;
      return is_guess(model) || !is_read;
    });
    if (installed.empty()) continue;
    const auto runs_here = [&](const auto& model) {
      const auto* engine = models_.runtime().find_engine(services::engine_of(model));
      return engine != nullptr && engine->probe().usable;
    };
    const auto middle = std::stable_partition(installed.begin(), installed.end(),
                                              [](const auto& model) { return !is_starter(model); });
    auto best = std::find_if(installed.begin(), middle, runs_here);
    if (best == middle) best = std::find_if(middle, installed.end(), runs_here);
    return (best == installed.end() ? installed.front() : *best).name.display();
  }
  refuse_missing(tasks, decoder);
}

/// What might be for the task, but nobody knows.
std::string ModelChoice::show_guesses(Tasks tasks) const {
  for (const auto task : tasks) {
    for (const auto& model : models_of(task)) {
      if (!is_guess(model)) continue;
      const std::string name = model.name.display();
      return "; '" + name + "' may be for it, a guess: a request can name it";
    }
  }
  return {};
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

void ModelChoice::refuse_missing(Tasks tasks, std::string_view decoder) const {
  const auto task = tasks.front();
  const core::Catalog catalog = core::load_catalog(catalog_folders_);
  throw http::StatusError(
      503, "no model for " + std::string(task) + " is installed",
      services::advise_model(catalog, task, decoder, models_.runtime()) + show_guesses(tasks));
}

}  // namespace hailstone::picture
