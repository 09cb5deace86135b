// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Which template makes a stored model's prompts: the store's, the model's own, or none.

#include <memory>
#include <string>

#include "core/store/store.hpp"
#include "inference/model_facts.hpp"
#include "services/common/templates/chat_template.hpp"

namespace hailstone::services {

struct TemplateChoice {
  /// Null: the engine makes the prompts, with the template in the model's file.
  std::shared_ptr<const templates::ChatTemplate> made;
  std::string fault;  ///< why the store's cannot be used; empty: it can, or there is none
};

/// The store's template wins, unless the model's own can more; a model with neither gets its bare
/// prompt. Throws what reading a layer throws.
TemplateChoice choose_template(const core::StoredModel& stored, const inference::ModelFacts& facts);

/// The text of the store's; empty: none.
std::string read_template(const core::StoredModel& stored);

}  // namespace hailstone::services
