// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Answers what somebody says: small commands as intents at once, the rest by a language model,
// which may order something to be done in the home, too.

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/run_context.hpp"
#include "services/common/tasks/task_models.hpp"
#include "services/speech/wyoming/conversations.hpp"
#include "services/speech/wyoming/protocol/event.hpp"
#include "services/speech/wyoming/protocol/send.hpp"
#include "services/text/home/home_store.hpp"

namespace hailstone::chat {
class ChatService;
struct ChatTask;
}  // namespace hailstone::chat

namespace hailstone::wyoming {

/// Thread-safe.
class Assistant {
 public:
  /// model: who answers; empty: the model for chat that was installed last. All outlive it.
  Assistant(chat::ChatService& chat, services::ModelAccess& models,
            std::vector<std::filesystem::path> catalog_folders, const home::HomeStore& homes,
            std::string model, const Clock& clock = system_clock());

  /// Sends handled (piece by piece before that), intents, or not-handled. Blocks. Throws as
  /// ChatService::chat does.
  void answer(const Said& said, const Send& send, const RunContext& run);
  /// Sends intents, or not-recognized.
  void recognize(const Said& said, const Send& send, const RunContext& run);

  /// Which model it would be now. Throws as TaskModels::choose does.
  std::string model_name() const;

 private:
  class Reply;
  std::vector<home::Intent> find_small(const Said& said, const home::HomeIndex& home) const;
  void send_intents(const Said& said, const std::vector<home::Intent>& intents, const Send& send);
  chat::ChatTask make_task(const Said& said, const home::HomeIndex& home);

  chat::ChatService& chat_;
  const services::TaskModels models_;
  const home::HomeStore& homes_;
  const std::string model_;
  const Clock& clock_;
  Conversations conversations_;
};

}  // namespace hailstone::wyoming
