// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text in, text out: chat, completion, embedding.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/run_context.hpp"

namespace hailstone::inference {

using TokenId = std::int32_t;

enum class Role { kSystem, kUser, kAssistant, kTool };

struct ToolCall {
  std::string id;
  std::string name;
  std::string arguments;  ///< a JSON object, as text
};

struct Message {
  Role role = Role::kUser;
  std::string content;
  std::string thinking;
  std::vector<std::string> images;  ///< encoded as PNG, JPEG or WebP, raw bytes
  std::vector<ToolCall> tool_calls;
  std::string tool_name;
  std::string tool_call_id;
};

struct ToolSpec {
  std::string name;
  std::string description;
  std::string parameters;  ///< a JSON schema, as text
};

/// The model's chat template turns it into a prompt.
struct ChatPrompt {
  std::vector<Message> messages;
  std::vector<ToolSpec> tools;
};

/// Goes to the model as it is, behind the tokens of an earlier turn.
struct RawPrompt {
  std::vector<TokenId> prefix;
  std::string text;
  std::vector<std::string> images;
};

/// Fill in the middle.
struct InfillPrompt {
  std::string prefix;
  std::string suffix;
};

using Prompt = std::variant<ChatPrompt, RawPrompt, InfillPrompt>;

/// What is not set is the engine's default.
struct Sampling {
  std::optional<double> temperature;
  std::optional<int> top_k;
  std::optional<double> top_p;
  std::optional<double> min_p;
  std::optional<double> typical_p;
  std::optional<std::int64_t> seed;  ///< negative: random
  std::optional<int> repeat_last_n;
  std::optional<double> repeat_penalty;
  std::optional<double> presence_penalty;
  std::optional<double> frequency_penalty;
};

enum class Thinking { kModelDefault, kOff, kOn, kLow, kMedium, kHigh, kMax };

struct TextRequest {
  Prompt prompt;
  Sampling sampling;
  std::vector<std::string> stop;  ///< the stop text itself is not emitted
  int max_tokens = -1;            ///< negative: until the context is full
  int keep_tokens = 0;            ///< of the prompt's beginning, when the context shifts
  bool shift_context = true;      ///< full context: drop the oldest tokens instead of ending
  Thinking thinking = Thinking::kModelDefault;
  std::optional<std::string> schema;  ///< JSON schema as text that the reply obeys; "{}": any JSON
  bool want_logprobs = false;
  int top_logprobs = 0;
};

struct TokenLogprob {
  std::string token;
  double logprob = 0;
  std::vector<TokenLogprob> top;
};

/// A piece of a reply. Text is always whole UTF-8 characters. Tool calls come whole. An
/// empty one is a sign of life: the engine is at work on the prompt, or in the midst of a
/// character.
struct TextChunk {
  std::string text;
  std::string thinking;
  std::vector<ToolCall> tool_calls;
  std::vector<TokenLogprob> logprobs;
};

enum class FinishReason { kStop, kLength };

struct TextResult {
  FinishReason finish = FinishReason::kStop;
  int prompt_tokens = 0;         ///< of the whole prompt, cached ones included
  int cached_prompt_tokens = 0;  ///< of these, how many came out of the prompt cache
  int generated_tokens = 0;
  std::chrono::nanoseconds prompt_time{};
  std::chrono::nanoseconds generate_time{};
  /// RawPrompt only: the prompt's tokens and the generated ones.
  std::vector<TokenId> tokens;
};

/// Called on the thread that runs generate(). May throw: the run is then called off, and the
/// exception comes out of generate(). May block: the engine then waits.
using OnTextChunk = std::function<void(TextChunk&&)>;

struct Embeddings {
  std::vector<std::vector<float>> vectors;  ///< one per input, as the model gives them
  int prompt_tokens = 0;
};

/// Thread-safe: runs in parallel up to the model's slots, then wait for each other.
class TextSession {
 public:
  virtual ~TextSession() = default;

  /// Blocks until the reply is complete. Throws kBadRequest (a prompt that the template refuses, a
  /// schema that cannot be obeyed), kTooLarge (prompt longer than the context), kUnsupported,
  /// kTimeout, kCancelled (within one token of the stop request), kEngineFailed.
  virtual TextResult generate(const TextRequest& request, const OnTextChunk& on_chunk,
                              const RunContext& run) = 0;

  /// Throws as generate does; kTooLarge names the input.
  virtual Embeddings embed(const std::vector<std::string>& inputs, const RunContext& run) = 0;

  /// The tokens of a text, special tokens parsed, the beginning-of-sequence token not added.
  virtual std::vector<TokenId> tokenize(const std::string& text, const RunContext& run) = 0;

  /// The inverse. Bytes that are not a whole character come back as they are.
  virtual std::string detokenize(const std::vector<TokenId>& tokens, const RunContext& run) = 0;

  /// The text that the model's chat template makes of a conversation, ready for a RawPrompt.
  virtual std::string apply_template(const ChatPrompt& prompt, const RunContext& run) = 0;

  /// Tokens that one sequence can hold.
  virtual int context_length() const noexcept = 0;
};

}  // namespace hailstone::inference
