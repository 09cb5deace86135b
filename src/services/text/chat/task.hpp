// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a client asks of a language model, and what comes back, whatever the dialect.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/runtime/runtime.hpp"
#include "inference/text_session.hpp"
#include "services/common/model_options.hpp"

namespace hailstone::chat {

/// What a conversation and a completion have in common.
struct Task {
  std::string model;
  services::ModelOptions options;
  std::optional<core::KeepAlive> keep_alive;
  bool stream = true;
  inference::Thinking thinking = inference::Thinking::kModelDefault;
  bool thinks_if_able = false;        ///< a model that cannot think is no reason to refuse
  int thinking_tokens = -1;           ///< at most so many are thought; negative: no limit
  std::optional<std::string> schema;  ///< see inference::TextRequest
  bool truncate = true;  ///< a prompt that is too long loses its beginning instead of being refused
  bool shift = true;     ///< a full context loses its beginning instead of ending the reply
  bool want_logprobs = false;
  int top_logprobs = 0;
  bool render_only = false;  ///< the prompt is wanted, not its reply
};

/// Without messages: load the model, or unload it where keep_alive is zero.
struct ChatTask : Task {
  std::vector<inference::Message> messages;
  std::vector<inference::ToolSpec> tools;
  inference::ToolChoice tool_choice;
  bool parallel_tool_calls = true;
};

/// Without prompt, suffix and images: load or unload.
struct GenerateTask : Task {
  std::string prompt;
  std::string suffix;
  std::optional<std::string> system;         ///< instead of the manifest's
  std::optional<std::string> template_text;  ///< instead of the model's; Go's, as in a store
  std::vector<inference::TokenId> context;   ///< of an earlier reply
  bool raw = false;                          ///< the prompt goes to the model as it is
  std::vector<std::string> images;
};

/// Known before the first piece of a reply.
struct Started {
  std::string model;  ///< that answers, by its whole name
  std::string engine;
  std::optional<core::KeepAlive> cut_keep_alive;  ///< what the operator grants instead
  int dropped_messages = 0;                       ///< by truncation
  int dropped_tokens = 0;
};

enum class Ending { kStop, kLength, kLoad, kUnload };

/// Known after the last piece.
struct Summary {
  Ending ending = Ending::kStop;
  std::chrono::nanoseconds total_time{};
  std::chrono::nanoseconds load_time{};
  int prompt_tokens = 0;
  int cached_prompt_tokens = 0;  ///< of these, out of the prompt cache
  std::chrono::nanoseconds prompt_time{};
  int generated_tokens = 0;
  int thinking_tokens = 0;               ///< of these
  std::optional<std::string> stop_text;  ///< which of the task's ended it, where that is known
  std::chrono::nanoseconds generate_time{};
  std::vector<inference::TokenId> context;  ///< only where the prompt was made here
  int dropped_messages = 0;                 ///< as in Started
  int dropped_tokens = 0;
  std::optional<std::string> rendered;  ///< of a task that only renders
};

/// Where a reply goes. Called on the thread that runs the service, in this order; not at all where
/// a task only loads or unloads. What it throws calls the run off.
class ReplySink {
 public:
  virtual ~ReplySink() = default;
  virtual void begin(const Started& started) = 0;
  virtual void piece(inference::TextChunk&& chunk) = 0;
};

}  // namespace hailstone::chat
