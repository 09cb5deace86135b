// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is asked and told about models: which there are, which are loaded, what one is made of.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/runtime/runtime.hpp"
#include "core/store/store.hpp"
#include "inference/model_facts.hpp"
#include "inference/text_session.hpp"
#include "services/common/model_options.hpp"

namespace hailstone::models {

struct ListedModel {
  core::StoredModel stored;
  std::shared_ptr<const inference::ModelFacts> facts;  ///< null: its files cannot be read here
  bool loaded = false;
  std::optional<core::Fault> fault;
};

struct RunningModel {
  core::Resident resident;
  std::optional<core::StoredModel> stored;  ///< nothing: deleted while loaded
  std::shared_ptr<const inference::ModelFacts> facts;
};

struct RunningModels {
  std::vector<RunningModel> models;
  core::MemoryUse memory;
  std::vector<core::Fault> faults;
};

struct ShowTask {
  std::string model;
  bool verbose = false;
  // What the answer shall show instead of what is stored.
  std::optional<std::string> system;
  std::optional<std::string> template_text;
  std::string options;  ///< a JSON object as text; empty: none
};

struct ShownModel {
  core::StoredModel stored;
  std::shared_ptr<const inference::ModelFacts> facts;      ///< null: its files cannot be read here
  std::shared_ptr<const inference::ModelFacts> projector;  ///< null: there is none
  std::string license;
  std::string system;
  std::string stored_template;  ///< Go's, as Ollama has them; empty: none
  std::string template_text;    ///< what makes the prompts, be it the Jinja of the model's file
  std::string params;           ///< the manifest's layer: a JSON object as text; empty: none
  std::vector<inference::Message> messages;
};

struct UnloadTask {
  std::optional<std::string> model;  ///< nothing: all
};

struct UnloadReport {
  std::vector<std::string> unloaded;  ///< go at once or with their last request
  std::vector<std::string> cleared;   ///< were faulted and may be started again
};

struct PlanTask {
  std::string model;
  services::ModelOptions options;
};

}  // namespace hailstone::models
