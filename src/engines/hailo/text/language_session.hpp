// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A model of the chip that writes: an LLM, or a VLM, which also sees.

#include <memory>
#include <string>

#include "engines/hailo/chip/shared_chip.hpp"
#include "engines/hailo/text/kept_context.hpp"
#include "engines/hailo/text/prompt.hpp"
#include "engines/hailo/text/token_texts.hpp"
#include "inference/text_session.hpp"

namespace hailstone::engines::hailo {

/// Thread-safe: one reply at a time, of all models on the chip that write or hear.
class LanguageSession : public inference::TextSession {
 public:
  /// The reference outlives it. Throws ChipError.
  LanguageSession(SharedChip& shared, std::unique_ptr<LanguageModel> model, std::string name);

  inference::TextResult generate(const inference::TextRequest& request,
                                 const inference::OnTextChunk& on_chunk,
                                 const RunContext& run) override;
  inference::Embeddings embed(const std::vector<std::string>& inputs,
                              const RunContext& run) override;
  std::vector<inference::TokenId> tokenize(const std::string& text, const RunContext& run) override;
  std::string detokenize(const std::vector<inference::TokenId>& tokens,
                         const RunContext& run) override;
  std::string apply_template(const inference::ChatPrompt& prompt, const RunContext& run) override;
  int context_length() const noexcept override { return static_cast<int>(model_->capacity()); }

 private:
  class Reply;
  struct Asked;
  struct Written {
    inference::TextResult result;
    std::string json;  ///< where it was asked for
  };

  Asked read_request(const inference::TextRequest& request, const std::string& complaint) const;
  Written write(const inference::TextRequest& request, const Asked& asked,
                const inference::OnTextChunk& on_chunk, const RunContext& run);
  struct Begun {
    std::unique_ptr<Writing> writing;
    std::size_t most = 0;  ///< tokens that it may have
  };
  Begun begin(const Asked& asked, const inference::TextRequest& request,
              inference::TextResult& result);
  void resume(const Asked& asked, const inference::TextRequest& request, const Reply& reply,
              Begun& begun);
  std::size_t room_behind(std::size_t prompt_tokens) const;
  std::vector<int> count(const std::string& text);
  std::size_t find_cut(const std::string& text, std::size_t tokens);
  void complete(const Asked& asked, const Reply& reply, inference::TextResult& result);

  SharedChip& shared_;
  const std::unique_ptr<LanguageModel> model_;
  const std::string name_;
  PromptStyle style_;
  std::vector<std::string> ends_;
  KeptContext context_;  // of whoever has the turn
  TokenTexts texts_;
};

}  // namespace hailstone::engines::hailo
