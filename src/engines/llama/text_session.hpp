// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Chat, completion, infill and embeddings through llama-server.

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engines/llama/server_process.hpp"
#include "engines/llama/wire.hpp"
#include "inference/text_session.hpp"

namespace hailstone::engines::llama {

/// What the model can do, as far as a request has to be refused for it.
struct TextAbilities {
  bool chats = true;
  bool sees = false;
  std::optional<inference::Ranking::Scale> ranks = {};  ///< nothing: it does not
};

/// Thread-safe. The server outlives it.
class LlamaTextSession final : public inference::TextSession {
 public:
  LlamaTextSession(ServerProcess& server, ServerFacts facts, TextAbilities abilities);

  inference::TextResult generate(const inference::TextRequest& request,
                                 const inference::OnTextChunk& on_chunk,
                                 const RunContext& run) override;
  inference::Embeddings embed(const std::vector<std::string>& inputs,
                              const RunContext& run) override;
  inference::Ranking rank(const std::string& query, const std::vector<std::string>& documents,
                          const RunContext& run) override;
  std::vector<inference::TokenId> tokenize(const std::string& text, const RunContext& run) override;
  std::string detokenize(const std::vector<inference::TokenId>& tokens,
                         const RunContext& run) override;
  std::string apply_template(const inference::ChatPrompt& prompt, const RunContext& run) override;
  int context_length() const noexcept override { return facts_.context_length; }

  /// How fast it has read prompts so far; zero: not known.
  double prompt_tokens_per_second() const noexcept;

 private:
  struct Reply;
  Reply stream(const char* target, std::string body, Dialect dialect,
               const inference::OnTextChunk& on_chunk, const RunContext& run);
  inference::TextResult chat_until_stop(const inference::TextRequest& request, std::string body,
                                        const inference::OnTextChunk& on_chunk,
                                        const RunContext& run);
  inference::TextResult chat(const inference::TextRequest& request,
                             const inference::ChatPrompt& prompt,
                             const inference::OnTextChunk& on_chunk, const RunContext& run);
  inference::TextResult complete(const inference::TextRequest& request,
                                 const inference::RawPrompt& prompt,
                                 const inference::OnTextChunk& on_chunk, const RunContext& run);
  inference::TextResult infill(const inference::TextRequest& request,
                               const inference::InfillPrompt& prompt,
                               const inference::OnTextChunk& on_chunk, const RunContext& run);
  std::vector<inference::TokenId> tokens_of(const std::string& text, Bos bos,
                                            const RunContext& run);
  int max_tokens(const inference::TextRequest& request, std::size_t prompt_tokens) const;
  void refuse_pictures(bool has_pictures) const;
  bool counts(const inference::TextRequest& request) const noexcept;
  void refuse_long_prompt(std::size_t tokens) const;
  void refuse_long_inputs(const std::vector<std::string>& inputs, const RunContext& run);

  ServerProcess& server_;
  const ServerFacts facts_;
  const TextAbilities abilities_;
  std::atomic<std::int64_t> read_tokens_{0};
  std::atomic<std::int64_t> read_nanoseconds_{0};
};

}  // namespace hailstone::engines::llama
