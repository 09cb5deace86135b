// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// One run of a loaded model: makes its prompt, with the store's template or by the engine, makes it
// fit, and reads the reply as that template implies.

#include <optional>
#include <string>

#include "core/runtime/runtime.hpp"
#include "services/common/model_access.hpp"
#include "services/common/templates/reply_reader.hpp"
#include "services/common/truncation/truncation.hpp"
#include "services/text/chat/pre.hpp"
#include "services/text/chat/task.hpp"

namespace hailstone::chat {

/// One thread, one use. The references outlive it. Throws as ChatService does.
class ReplyRun {
 public:
  ReplyRun(const services::ChosenModel& model, const Task& task, const core::Lease& lease,
           const RunContext& run);

  /// A conversation.
  void ask(inference::ChatPrompt prompt);
  /// A completion. A conversation, too, unless it says otherwise.
  void ask(const GenerateTask& task, const Preset& preset);

  /// The tokens of a conversation, whether it fits or not. Pictures do not count.
  int count(inference::ChatPrompt prompt) const;

  inference::TextResult generate(ReplySink& sink);

  const Started& started() const noexcept { return started_; }

  /// The prompt as the model gets it; asks the engine where it makes the prompt.
  std::string prompt_text() const;

 private:
  const templates::ChatTemplate* find_template() const;
  void ask_template(const templates::ChatTemplate& used, inference::ChatPrompt prompt,
                    std::vector<inference::TokenId> context);
  void ask_engine(inference::ChatPrompt prompt);
  void ask_raw(inference::RawPrompt prompt);
  void ask_infill(const templates::ChatTemplate* used, const GenerateTask& task);
  /// So that a tool is called: the call's beginning, and a schema for the rest of it.
  void force_call(const templates::ChatTemplate& used, const inference::ChatPrompt& prompt);
  void fit(inference::ChatPrompt& prompt, const std::function<int(const inference::ChatPrompt&)>&);
  void cut(inference::RawPrompt& prompt);
  int count_tokens(const std::string& text) const;

  const services::ChosenModel& model_;
  const RunContext& run_;
  inference::TextSession& session_;
  inference::TextRequest request_;
  services::Room room_;
  Started started_;
  templates::Reading reading_;
  std::optional<templates::ReplyReader> reader_;
};

}  // namespace hailstone::chat
