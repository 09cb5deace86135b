// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/capabilities.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/strings.hpp"

namespace hailstone::services {
namespace {

std::string list_of(const inference::ModelFacts& facts) {
  std::vector<std::string> names;
  for (const auto capability : facts.capabilities) names.emplace_back(name_of(capability));
  return names.empty() ? "nothing that is known" : join(names, ", ");
}

}  // namespace

bool has_capability(const inference::ModelFacts& facts, inference::Capability capability) noexcept {
  const auto& all = facts.capabilities;
  return std::find(all.begin(), all.end(), capability) != all.end();
}

void require_capability(const inference::ModelFacts& facts, inference::Capability capability,
                        const std::string& model, std::string_view what, std::string_view task) {
  if (has_capability(facts, capability)) return;
  const std::string refusal = "\"" + model + "\" does not support " + std::string(what);
  if (facts.capabilities.empty() && !task.empty() && task != "chat") {
    throw Error(ErrorCode::kBadRequest, refusal + ": it is a model for " + std::string(task));
  }
  throw Error(ErrorCode::kBadRequest, refusal, "it supports: " + list_of(facts));
}

}  // namespace hailstone::services
