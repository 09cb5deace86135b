// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/template_choice.hpp"

#include "base/error.hpp"

namespace hailstone::services {

using templates::ChatTemplate;

std::string read_template(const core::StoredModel& stored) {
  const core::Layer* layer = stored.find_layer("template");
  if (layer == nullptr) layer = stored.find_layer("prompt");  // of old manifests
  return layer == nullptr ? std::string() : core::read_layer(*layer);
}

TemplateChoice choose_template(const core::StoredModel& stored,
                               const inference::ModelFacts& facts) {
  const std::string text = read_template(stored);
  if (text.empty()) {
    if (!facts.needs_template) return {};
    return {std::make_shared<const ChatTemplate>(templates::kDefaultTemplate), {}};
  }
  try {
    auto made = std::make_shared<const ChatTemplate>(text);
    if (templates::prefers_own_template(facts, *made)) return {};
    return {std::move(made), {}};
  } catch (const Error& error) {  // of whoever made the file, not of whoever asks
    return {nullptr, error.what()};
  }
}

}  // namespace hailstone::services
