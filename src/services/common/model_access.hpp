// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a client's name for a model to a lease on it: what the services that run models share.

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "core/runtime/runtime.hpp"
#include "core/store/store.hpp"
#include "inference/model_facts.hpp"
#include "services/common/model_options.hpp"
#include "services/common/model_placement.hpp"
#include "services/common/template_choice.hpp"

namespace hailstone::services {

/// The operator's part. Zero: the engine's default.
struct ModelAccessOptions {
  int context_length = 0;                      ///< for requests and manifests that name none
  int parallel = 0;                            ///< sequences that a model runs at once
  core::Measurements* measurements = nullptr;  ///< null: nothing is measured
  Fallback fallback = Fallback::kNone;
};

/// A stored model that a request has named.
struct ChosenModel {
  core::StoredModel stored;
  std::string name;  ///< as it is shown: "mistral:latest"
  /// With the capabilities that its prompts give it.
  std::shared_ptr<const inference::ModelFacts> facts;
  TemplateChoice prompts;
  ModelOptions options;  ///< defaults, under the manifest's, under the request's
};

/// What an engine needs to load a stored model. Throws Error(kUnsupported) for a model without
/// weights or without an engine.
inference::ModelSpec make_spec(const core::StoredModel& stored);

/// With the group of which only one model is loaded, as its engine says.
inference::ModelSpec spec_to_load(const core::StoredModel& stored, const core::Runtime& runtime);

/// Thread-safe.
class ModelAccess {
 public:
  ModelAccess(core::Store& store, core::Runtime& runtime, ModelAccessOptions options = {});

  /// Of several variants the one that runs here best. Throws as ModelPlacement::require does, and
  /// whatever keeps its files from being read.
  ChosenModel choose(const std::string& name, const ModelOptions& asked);
  /// This one and no other variant.
  ChosenModel choose(core::StoredModel stored, const ModelOptions& asked);

  /// Blocks until the model is loaded; throws as Runtime::acquire does.
  core::Lease acquire(const ChosenModel& model, std::optional<core::KeepAlive> keep_alive,
                      const RunContext& run);

  /// What acquire would mean now; throws as Runtime::forecast does.
  core::LoadForecast forecast(const ChosenModel& model);

  /// What the model's files say, kept by digest. Null where they cannot be read or no engine here
  /// reads them: one broken model must not hide the others from a list.
  std::shared_ptr<const inference::ModelFacts> find_facts(const core::StoredModel& stored);

  /// The same of its multimodal projector; null also where there is none.
  std::shared_ptr<const inference::ModelFacts> find_projector_facts(
      const core::StoredModel& stored);

  /// With every list and tensor; not kept. Throws as Engine::describe does.
  inference::ModelFacts read_full_facts(const core::StoredModel& stored) const;

  core::Store& store() const noexcept { return store_; }
  core::Runtime& runtime() const noexcept { return runtime_; }
  const ModelPlacement& placement() const noexcept { return placement_; }
  ModelPlacement& placement() noexcept { return placement_; }

 private:
  using Facts = std::shared_ptr<const inference::ModelFacts>;

  enum class Part { kModel, kProjector };
  struct Known {
    Facts facts;
    TemplateChoice prompts;
  };
  Known read_facts(const core::StoredModel& stored, Part part);
  Facts find_facts_of(const core::StoredModel& stored, Part part);
  inference::LoadOptions load_options(const ChosenModel& model) const;
  void report_unknown(const ModelOptions& asked);

  core::Store& store_;
  core::Runtime& runtime_;
  const ModelAccessOptions options_;
  ModelPlacement placement_;

  std::mutex mutex_;
  std::map<std::string, Known> facts_;  ///< by digest; guarded by mutex_
  std::set<std::string> reported_;      ///< unknown options; guarded by mutex_
};

}  // namespace hailstone::services
