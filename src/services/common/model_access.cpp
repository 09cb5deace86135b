// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/model_access.hpp"

#include <algorithm>
#include <thread>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "inference/engine.hpp"
#include "log/log.hpp"
#include "services/common/ollama_wire.hpp"

namespace hailstone::services {
namespace {

namespace log = log;

/// Nobody has that many models; it keeps deleted ones from piling up.
constexpr std::size_t kMostFacts = 512;
/// Clients choose the keys, so what is remembered of them is bounded.
constexpr std::size_t kMostReported = 64;
constexpr std::size_t kLongestReported = 64;

inference::Engine& require_engine(const core::Runtime& runtime, const inference::ModelSpec& spec) {
  if (auto* engine = runtime.find_engine(spec.engine)) return *engine;
  // This machine's lack, not the client's fault: as the runtime says it of one that cannot run.
  throw Error(
      ErrorCode::kEngineFailed,
      "model '" + spec.name + "' needs the engine '" + spec.engine + "', which is not installed",
      "GET /api/health lists the engines that are");
}

}  // namespace

inference::ModelSpec make_spec(const core::StoredModel& stored) {
  inference::ModelSpec spec;
  spec.name = stored.name.display();
  spec.engine = engine_of(stored);
  if (spec.engine.empty()) {
    throw Error(ErrorCode::kUnsupported, "model '" + spec.name + "' has the format '" +
                                             stored.format + "', which no engine here reads");
  }
  const core::Layer* weights = stored.find_layer("model");
  if (weights == nullptr) {
    throw Error(ErrorCode::kUnsupported, "model '" + spec.name + "' has no weights");
  }
  spec.weights = weights->path;
  for (const auto* layer : stored.find_layers("projector")) spec.projectors.push_back(layer->path);
  for (const auto* layer : stored.find_layers("adapter")) spec.adapters.push_back(layer->path);
  for (const auto kind : core::network_kinds()) {
    if (const auto* layer = stored.find_layer(kind)) spec.networks.emplace(kind, layer->path);
  }
  spec.settings = stored.settings;
  spec.settings.erase("certainty");  // how its file was recognised is no engine's business
  return spec;
}

ModelAccess::ModelAccess(core::Store& store, core::Runtime& runtime, ModelAccessOptions options)
    : store_(store),
      runtime_(runtime),
      options_(options),
      placement_(store, runtime, options.measurements, options.fallback) {}

ChosenModel ModelAccess::choose(const std::string& name, const ModelOptions& asked) {
  return choose(placement_.require(name), asked);
}

ChosenModel ModelAccess::choose(core::StoredModel stored, const ModelOptions& asked) {
  ChosenModel model;
  model.stored = std::move(stored);
  model.name = model.stored.name.display();
  Known known = read_facts(model.stored, Part::kModel);
  model.facts = std::move(known.facts);
  model.prompts = std::move(known.prompts);
  model.options = ollama_defaults();
  if (const auto* params = model.stored.find_layer("params")) {
    model.options =
        overlay(model.options, parse_params_layer(core::read_layer(*params), model.name));
  }
  model.options = overlay(model.options, asked);
  report_unknown(asked);
  return model;
}

inference::ModelSpec spec_to_load(const core::StoredModel& stored, const core::Runtime& runtime) {
  auto spec = make_spec(stored);
  if (const auto* engine = runtime.find_engine(spec.engine)) {
    spec.exclusive_group = engine->descriptor().group_of(stored.task);
  }
  return spec;
}

core::Lease ModelAccess::acquire(const ChosenModel& model,
                                 std::optional<core::KeepAlive> keep_alive, const RunContext& run) {
  try {
    return runtime_.acquire(spec_to_load(model.stored, runtime_), load_options(model), keep_alive,
                            run);
  } catch (const Error& error) {
    // Whoever asks again shall not run into the same.
    if (error.code() != ErrorCode::kCancelled && error.code() != ErrorCode::kBadRequest) {
      placement_.note_trouble(model.stored);
    }
    throw;
  }
}

core::LoadForecast ModelAccess::forecast(const ChosenModel& model) {
  return runtime_.forecast(spec_to_load(model.stored, runtime_), load_options(model));
}

ModelAccess::Known ModelAccess::read_facts(const core::StoredModel& stored, Part part) {
  auto spec = make_spec(stored);
  std::string key = stored.digest;
  if (part == Part::kProjector) {
    const core::Layer* layer = stored.find_layer("projector");
    key = layer->digest;
    spec.weights = layer->path;
    spec.projectors.clear();
  }
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = facts_.find(key); known != facts_.end()) return known->second;
  }
  auto facts = require_engine(runtime_, spec).describe(spec, inference::FactDetail::kBrief);
  Known known;
  if (part == Part::kModel) known.prompts = choose_template(stored, facts);
  if (known.prompts.made) facts = known.prompts.made->apply_to(std::move(facts));
  known.facts = std::make_shared<const inference::ModelFacts>(std::move(facts));
  const std::lock_guard lock(mutex_);
  if (facts_.size() >= kMostFacts) facts_.clear();
  facts_[key] = known;
  return known;
}

ModelAccess::Facts ModelAccess::find_facts_of(const core::StoredModel& stored, Part part) {
  try {
    return read_facts(stored, part).facts;
  } catch (const Error& error) {
    log::debug("models", "no facts", {{"model", stored.name.display()}, {"why", error.what()}});
    return nullptr;
  }
}

ModelAccess::Facts ModelAccess::find_facts(const core::StoredModel& stored) {
  return find_facts_of(stored, Part::kModel);
}

ModelAccess::Facts ModelAccess::find_projector_facts(const core::StoredModel& stored) {
  if (stored.find_layer("projector") == nullptr) return nullptr;
  return find_facts_of(stored, Part::kProjector);
}

inference::ModelFacts ModelAccess::read_full_facts(const core::StoredModel& stored) const {
  const auto spec = make_spec(stored);
  auto facts = require_engine(runtime_, spec).describe(spec, inference::FactDetail::kFull);
  const auto prompts = choose_template(stored, facts);
  return prompts.made ? prompts.made->apply_to(std::move(facts)) : facts;
}

inference::LoadOptions ModelAccess::load_options(const ChosenModel& model) const {
  inference::LoadOptions load;
  load.context_length = model.options.num_ctx.value_or(0);
  if (load.context_length == 0) load.context_length = options_.context_length;
  // A longer context than the model was trained for costs memory and gives nothing.
  if (const int trained = model.facts->context_length; trained > 0) {
    load.context_length = std::min(load.context_length, trained);
  }
  load.parallel = options_.parallel;
  load.batch_size = model.options.num_batch.value_or(0);
  const auto cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  load.threads = std::min(model.options.num_thread.value_or(0), cores);
  load.use_mmap = model.options.use_mmap.value_or(true);
  return load;
}

void ModelAccess::report_unknown(const ModelOptions& asked) {
  for (const auto& name : asked.unknown) {
    const std::string key(utf8_prefix(name, kLongestReported));
    {
      const std::lock_guard lock(mutex_);
      if (reported_.size() >= kMostReported || !reported_.insert(key).second) continue;
    }
    log::warning("models", "unknown option ignored", {{"option", key}});
  }
}

}  // namespace hailstone::services
