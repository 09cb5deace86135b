// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/text_session.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace hailstone::engines::llama {
namespace {

using inference::ChatPrompt;
using inference::InfillPrompt;
using inference::OnTextChunk;
using inference::RawPrompt;
using inference::TextChunk;
using inference::TextRequest;
using inference::TextResult;
using inference::TokenId;

/// A reply without a limit ends after that many contexts: a small model can go round in circles for
/// ever, and would keep its slot.
constexpr int kMaxShifts = 10;

bool has_media(const ChatPrompt& prompt, inference::Part::Kind kind) {
  return inference::has_part(prompt.messages, kind);
}

}  // namespace

/// A finished reply. The text is kept only while it is needed to know the tokens.
struct LlamaTextSession::Reply {
  TextResult result;
  std::string text;
  bool has_all_tokens = true;
};

LlamaTextSession::LlamaTextSession(ServerProcess& server, ServerFacts facts,
                                   TextAbilities abilities)
    : server_(server), facts_(std::move(facts)), abilities_(abilities) {}

TextResult LlamaTextSession::generate(const TextRequest& request, const OnTextChunk& on_chunk,
                                      const RunContext& run) {
  run.check();
  if (!abilities_.chats) {
    throw Error(ErrorCode::kUnsupported, "this model makes embeddings only, no text");
  }
  // The server makes at least one token: where none is wanted, it is not shown.
  const bool is_mute = request.max_tokens == 0;
  const OnTextChunk drop = [](TextChunk&&) {};
  // The server tells of a token's probability only beside that of the likeliest.
  const OnTextChunk lone = [&on_chunk](TextChunk&& chunk) {
    for (auto& logprob : chunk.logprobs) logprob.top.clear();
    on_chunk(std::move(chunk));
  };
  const bool is_lone = request.want_logprobs && request.top_logprobs <= 0;
  const OnTextChunk& out = is_mute ? drop : is_lone ? lone : on_chunk;
  TextResult result;
  if (const auto* conversation = std::get_if<ChatPrompt>(&request.prompt)) {
    result = chat(request, *conversation, out, run);
  } else if (const auto* raw = std::get_if<RawPrompt>(&request.prompt)) {
    result = complete(request, *raw, out, run);
  } else {
    result = infill(request, std::get<InfillPrompt>(request.prompt), out, run);
  }
  if (is_mute) {
    result.generated_tokens = 0;
    result.generate_time = {};
    result.finish = inference::FinishReason::kLength;
  }
  return result;
}

LlamaTextSession::Reply LlamaTextSession::stream(const char* target, std::string body,
                                                 Dialect dialect, const OnTextChunk& on_chunk,
                                                 const RunContext& run) {
  ReplyReader reader(dialect);
  Reply reply;
  server_.stream(
      target, std::move(body),
      [&](std::string_view data) {
        TextChunk chunk = reader.read(data);
        // Several events may have come at once, and the reader may have called it off meanwhile.
        run.check();
        if (dialect == Dialect::kCompletion) reply.text += chunk.text;
        on_chunk(std::move(chunk));
      },
      run);
  if (!reader.is_complete()) {
    throw Error(ErrorCode::kEngineFailed, "the llama engine ended its reply too early");
  }
  reply.result = reader.result();
  reply.has_all_tokens = reader.has_all_tokens();
  return reply;
}

TextResult LlamaTextSession::chat(const TextRequest& request, const ChatPrompt& prompt,
                                  const OnTextChunk& on_chunk, const RunContext& run) {
  refuse_pictures(has_media(prompt, inference::Part::Kind::kImage));
  std::size_t prompt_tokens = 0;
  if (!request.shift_context) {
    const std::string body = template_request(prompt, request.thinking);
    prompt_tokens = static_cast<std::size_t>(
        parse_token_count(server_.post("/v1/chat/completions/input_tokens", body, run)));
  }
  std::string body = chat_request(request, prompt, max_tokens(request, prompt_tokens), facts_);
  return stream("/v1/chat/completions", std::move(body), Dialect::kChat, on_chunk, run).result;
}

TextResult LlamaTextSession::complete(const TextRequest& request, const RawPrompt& prompt,
                                      const OnTextChunk& on_chunk, const RunContext& run) {
  refuse_pictures(!prompt.images.empty());
  if (!prompt.images.empty()) {
    if (!prompt.prefix.empty()) {
      throw Error(ErrorCode::kUnsupported, "pictures cannot follow the context of an earlier turn");
    }
    std::string body = picture_request(request, prompt, max_tokens(request, 0), facts_);
    return stream("/completion", std::move(body), Dialect::kCompletion, on_chunk, run).result;
  }
  std::vector<TokenId> tokens = prompt.prefix;
  const Bos bos = prompt.prefix.empty() ? Bos::kAsModelLikes : Bos::kLeaveOut;
  const std::vector<TokenId> added = tokens_of(prompt.text, bos, run);
  tokens.insert(tokens.end(), added.begin(), added.end());
  std::string body =
      completion_request(request, tokens, max_tokens(request, tokens.size()), facts_);
  Reply reply = stream("/completion", std::move(body), Dialect::kCompletion, on_chunk, run);
  const std::vector<TokenId> generated = reply.has_all_tokens
                                             ? std::move(reply.result.tokens)
                                             : tokens_of(reply.text, Bos::kLeaveOut, run);
  if (request.max_tokens != 0) tokens.insert(tokens.end(), generated.begin(), generated.end());
  reply.result.tokens = std::move(tokens);
  return std::move(reply.result);
}

TextResult LlamaTextSession::infill(const TextRequest& request, const InfillPrompt& prompt,
                                    const OnTextChunk& on_chunk, const RunContext& run) {
  std::size_t prompt_tokens = 0;
  if (!request.shift_context) {
    constexpr std::size_t kMarks = 4;  // prefix, suffix, middle and the beginning
    prompt_tokens =
        tokenize(prompt.prefix, run).size() + tokenize(prompt.suffix, run).size() + kMarks;
  }
  std::string body = infill_request(request, prompt, max_tokens(request, prompt_tokens), facts_);
  TextResult result =
      stream("/infill", std::move(body), Dialect::kCompletion, on_chunk, run).result;
  result.tokens.clear();
  return result;
}

int LlamaTextSession::max_tokens(const TextRequest& request, std::size_t prompt_tokens) const {
  int limit = kMaxShifts * facts_.context_length;
  if (!request.shift_context) {
    const int used =
        static_cast<int>(std::min(prompt_tokens, static_cast<std::size_t>(facts_.context_length)));
    limit = std::max(facts_.context_length - used, 1);
  }
  return request.max_tokens < 0 ? limit : std::clamp(request.max_tokens, 1, limit);
}

void LlamaTextSession::refuse_pictures(bool has_pictures) const {
  if (has_pictures && !abilities_.sees) {
    throw Error(ErrorCode::kUnsupported, "this model cannot see pictures");
  }
}

inference::Embeddings LlamaTextSession::embed(const std::vector<std::string>& inputs,
                                              const RunContext& run) {
  run.check();
  if (inputs.empty()) return {};
  try {
    return parse_embeddings(server_.post("/v1/embeddings", embedding_request(inputs), run),
                            inputs.size());
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kTooLarge) throw;
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::size_t tokens = tokens_of(inputs[i], Bos::kAsModelLikes, run).size();
    if (tokens > static_cast<std::size_t>(facts_.context_length)) {
      throw Error(ErrorCode::kTooLarge,
                  "input " + std::to_string(i) + " has " + std::to_string(tokens) +
                      " tokens, but the context only " + std::to_string(facts_.context_length));
    }
  }
  throw Error(ErrorCode::kTooLarge, "an input is longer than the context");
}

std::vector<TokenId> LlamaTextSession::tokens_of(const std::string& text, Bos bos,
                                                 const RunContext& run) {
  return parse_tokens(server_.post("/tokenize", tokenize_request(text, bos), run));
}

std::vector<TokenId> LlamaTextSession::tokenize(const std::string& text, const RunContext& run) {
  return tokens_of(text, Bos::kLeaveOut, run);
}

std::string LlamaTextSession::detokenize(const std::vector<TokenId>& tokens,
                                         const RunContext& run) {
  try {
    return parse_detokenized(server_.post("/detokenize", detokenize_request(tokens), run));
  } catch (const Error& error) {
    // The server's answer to a token outside of its vocabulary.
    if (error.code() != ErrorCode::kEngineFailed || !server_.alive()) throw;
    throw Error(ErrorCode::kBadRequest, "these are not all tokens of this model");
  }
}

std::string LlamaTextSession::apply_template(const ChatPrompt& prompt, const RunContext& run) {
  return parse_prompt(server_.post(
      "/apply-template", template_request(prompt, inference::Thinking::kModelDefault), run));
}

}  // namespace hailstone::engines::llama
