// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/vlm/service.hpp"

#include "services/common/capabilities.hpp"
#include "services/text/chat/service.hpp"
#include "services/vision/picture/model_choice.hpp"

namespace hailstone::vlm {

std::string VlmService::default_model() {
  using inference::Capability;
  auto& models = choice_.models();
  for (const auto& stored : models.store().list()) {
    const auto facts = models.find_facts(stored);
    if (facts && services::has_capability(*facts, Capability::kVision) &&
        services::has_capability(*facts, Capability::kCompletion)) {
      return stored.name.display();
    }
  }
  return choice_.choose("vlm", "").chosen.name;
}

chat::Summary VlmService::ask(const chat::GenerateTask& task, chat::ReplySink& sink,
                              const RunContext& run) {
  return chat_.generate(task, sink, run);
}

}  // namespace hailstone::vlm
