// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Text in, text out: chat, completion, embedding, ranking.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "base/run_context.hpp"
#include "inference/message.hpp"

namespace hailstone::inference {

using TokenId = std::int32_t;

/// The model's chat template turns it into a prompt.
struct ChatPrompt {
  std::vector<Message> messages;
  std::vector<ToolSpec> tools;
  ToolChoice tool_choice = {};
  bool parallel_tool_calls = true;  ///< false: a reply calls at most one
};

/// Stands in a RawPrompt's text for a picture.
inline constexpr std::string_view kPictureMark = "\x1A[picture]\x1A";

/// Goes to the model as it is, behind the tokens of an earlier turn.
struct RawPrompt {
  std::vector<TokenId> prefix;
  std::string text;
  /// One for each kPictureMark in the text; where it has none, they stand in front of it.
  std::vector<std::string> images;
  std::vector<std::string> visible = {};  ///< special tokens that the reply's text shall show
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
  /// What is added to a token's logit before sampling; -100 and below: never, 100 and above: only.
  std::vector<std::pair<TokenId, double>> logit_bias = {};
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
  int thinking_tokens = -1;           ///< at most so many are thought; negative: no limit
  std::optional<std::string> schema;  ///< JSON schema as text that the reply obeys; "{}": any JSON
  bool want_logprobs = false;
  int top_logprobs = 0;
};

struct TokenLogprob {
  std::string token;  ///< as text; what is no whole character may be replaced
  double logprob = 0;
  std::string bytes = {};  ///< as it is
  TokenId id = -1;         ///< negative: not known
  std::vector<TokenLogprob> top = {};
};

/// A piece of a reply. Text is always whole UTF-8 characters. An empty one is a sign of life: the
/// engine is at work on the prompt, or in the midst of a character.
struct TextChunk {
  std::string text;
  std::string thinking;
  std::vector<ToolCallPiece> tool_calls;
  std::vector<TokenLogprob> logprobs;
};

enum class FinishReason { kStop, kLength };

struct TextResult {
  FinishReason finish = FinishReason::kStop;
  int prompt_tokens = 0;                 ///< of the whole prompt, cached ones included
  int cached_prompt_tokens = 0;          ///< of these, how many came out of the prompt cache
  int generated_tokens = 0;              ///< thinking included
  int thinking_tokens = 0;               ///< of these; as good as the engine knows
  std::optional<std::string> stop_text;  ///< which of the request's ended it, where that is known
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

/// How well documents answer a query.
struct Ranking {
  enum class Scale { kLogit, kProbability };

  std::vector<double> scores;  ///< one per document; larger: more relevant
  Scale scale = Scale::kLogit;
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

  /// Throws as generate does; kTooLarge where a document and the query are longer than the context,
  /// and kUnsupported where the model is not made for it.
  virtual Ranking rank(const std::string& /*query*/, const std::vector<std::string>& /*documents*/,
                       const RunContext& /*run*/) {
    throw Error(ErrorCode::kUnsupported, "this model does not rank documents");
  }

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
