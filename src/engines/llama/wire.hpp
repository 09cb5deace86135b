// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// llama-server's JSON: requests from the contract's values, replies back into them. Pure, and the
// only files of this room that know its field names.

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "inference/text_session.hpp"

namespace hailstone::engines::llama {

/// What a server has said of itself.
struct ServerFacts {
  int context_length = 0;    ///< that one sequence may have
  int slot_length = 0;       ///< that it has in the server, which rounds up
  std::string media_marker;  ///< stands for a picture in a raw prompt
};

/// Bodies of requests; a chat's has no stop texts (see LlamaTextSession). max_tokens replaces the
/// request's own. They throw Error(kBadRequest) for a schema that cannot be obeyed.
std::string chat_request(const inference::TextRequest& request, const inference::ChatPrompt& prompt,
                         int max_tokens, const ServerFacts& facts);
std::string completion_request(const inference::TextRequest& request,
                               const std::vector<inference::TokenId>& prompt, int max_tokens,
                               const ServerFacts& facts);
std::string picture_request(const inference::TextRequest& request,
                            const inference::RawPrompt& prompt, int max_tokens,
                            const ServerFacts& facts);
std::string infill_request(const inference::TextRequest& request,
                           const inference::InfillPrompt& prompt, int max_tokens,
                           const ServerFacts& facts);
std::string template_request(const inference::ChatPrompt& prompt, inference::Thinking thinking);
std::string embedding_request(const std::vector<std::string>& inputs);
std::string rank_request(const std::string& query, const std::vector<std::string>& documents);
enum class Bos { kLeaveOut, kAsModelLikes };
std::string tokenize_request(const std::string& text, Bos bos);
std::string detokenize_request(const std::vector<inference::TokenId>& tokens);

/// Bodies of replies. They throw Error(kEngineFailed) for what they do not understand.
ServerFacts parse_props(std::string_view body);
std::vector<inference::TokenId> parse_tokens(std::string_view body);
std::string parse_detokenized(std::string_view body);
std::string parse_prompt(std::string_view body);
int parse_token_count(std::string_view body);
inference::Embeddings parse_embeddings(std::string_view body, std::size_t inputs);

/// Their scale is not in it.
inference::Ranking parse_ranking(std::string_view body, std::size_t documents);

/// What went wrong, from the body of a reply that is not a success.
Error parse_error(std::string_view body);

enum class Dialect { kChat, kCompletion };

/// The events of one streamed reply. Owned by one thread.
class ReplyReader {
 public:
  explicit ReplyReader(Dialect dialect) : dialect_(dialect) {}

  /// One event's data; what it has for the reader may be nothing. Throws the Error that the event
  /// tells of, and Error(kEngineFailed) for what it does not understand.
  inference::TextChunk read(std::string_view data);

  bool is_complete() const noexcept { return is_complete_; }
  /// Tokens: only the generated ones that were reported; see has_all_tokens.
  const inference::TextResult& result() const noexcept { return result_; }
  /// False when llama-server kept tokens for itself, as it does in the midst of a character.
  bool has_all_tokens() const noexcept;

 private:
  struct Event;
  void read_chat(const Event& event, inference::TextChunk& chunk);
  void read_completion(const Event& event, inference::TextChunk& chunk);
  void read_tool_calls(const Event& event, inference::TextChunk& chunk);
  void read_timings(const Event& event);

  Dialect dialect_;
  bool is_complete_ = false;
  bool ended_by_token_ = false;
  int tool_index_ = -1;  ///< of the call that is being written
  inference::TextResult result_;
};

}  // namespace hailstone::engines::llama
