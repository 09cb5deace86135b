// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Conversations and completions: takes a lease on the model, makes the prompt, and hands the reply
// on as it is written.

#include "base/clock.hpp"
#include "base/run_context.hpp"
#include "services/common/model_access.hpp"
#include "services/text/chat/task.hpp"

namespace hailstone::core {
class Metrics;
}

namespace hailstone::chat {

/// Thread-safe.
class ChatService {
 public:
  /// metrics counts tokens, if it is there; it outlives this.
  explicit ChatService(services::ModelAccess& models, const Clock& clock = system_clock(),
                       core::Metrics* metrics = nullptr);

  /// Blocks until the reply is complete. Throws kBadRequest (a capability that the model lacks, a
  /// prompt that does not fit), kNotFound, and what Runtime::acquire and TextSession::generate
  /// throw.
  Summary chat(const ChatTask& task, ReplySink& sink, const RunContext& run);
  Summary generate(const GenerateTask& task, ReplySink& sink, const RunContext& run);

  /// The tokens of a conversation as the model reads it. Loads the model. Pictures do not count.
  /// Throws as chat does.
  int count_tokens(const ChatTask& task, const RunContext& run);

 private:
  void count(const std::string& model, const Summary& summary);
  Summary load_or_unload(const services::ChosenModel& model, const Task& task, ReplySink& sink,
                         const RunContext& run);

  services::ModelAccess& models_;
  const Clock& clock_;
  core::Metrics* const metrics_;
};

}  // namespace hailstone::chat
