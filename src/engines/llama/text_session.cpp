// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/text_session.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/error.hpp"
#include "inference/stops/stop_filter.hpp"

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

/// Ends a request to the server from within.
struct Stopped {};

Error ended_too_early() {
  return Error(ErrorCode::kEngineFailed, "the llama engine ended its reply too early");
}

/// A conversation's reply up to its first stop text. What may be the beginning of one waits, with
/// the probabilities of its tokens; a call of a tool comes behind all text.
class UntilStop {
 public:
  UntilStop(const std::vector<std::string>& stops, const OnTextChunk& on_chunk)
      : filter_(stops), on_chunk_(on_chunk) {}

  void pass(TextChunk&& chunk) {
    if (!chunk.tool_calls.empty()) show_waiting();
    std::move(chunk.logprobs.begin(), chunk.logprobs.end(), std::back_inserter(waiting_));
    chunk.logprobs.clear();
    chunk.text = filter_.push(chunk.text);
    if (!chunk.text.empty()) chunk.logprobs = std::exchange(waiting_, {});
    on_chunk_(std::move(chunk));
  }
  void show_waiting() {
    TextChunk chunk;
    chunk.text = filter_.finish();
    chunk.logprobs = std::exchange(waiting_, {});
    if (!chunk.text.empty() || !chunk.logprobs.empty()) on_chunk_(std::move(chunk));
  }
  const std::optional<std::string>& stop_text() const noexcept { return filter_.stop_text(); }

 private:
  inference::StopFilter filter_;
  const OnTextChunk& on_chunk_;
  std::vector<inference::TokenLogprob> waiting_;
};

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
    throw Error(ErrorCode::kUnsupported, abilities_.ranks
                                             ? "this model ranks documents only, it makes no text"
                                             : "this model makes embeddings only, no text");
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
  read_tokens_ += result.prompt_tokens - result.cached_prompt_tokens;
  read_nanoseconds_ += result.prompt_time.count();
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
    throw ended_too_early();
  }
  reply.result = reader.result();
  reply.has_all_tokens = reader.has_all_tokens();
  return reply;
}

TextResult LlamaTextSession::chat(const TextRequest& request, const ChatPrompt& prompt,
                                  const OnTextChunk& on_chunk, const RunContext& run) {
  refuse_pictures(has_media(prompt, inference::Part::Kind::kImage));
  std::size_t prompt_tokens = 0;
  if (counts(request)) {
    const std::string body = template_request(prompt, request.thinking);
    prompt_tokens = static_cast<std::size_t>(
        parse_token_count(server_.post("/v1/chat/completions/input_tokens", body, run)));
    refuse_long_prompt(prompt_tokens);
  }
  std::string body = chat_request(request, prompt, max_tokens(request, prompt_tokens), facts_);
  if (!request.stop.empty()) return chat_until_stop(request, std::move(body), on_chunk, run);
  return stream("/v1/chat/completions", std::move(body), Dialect::kChat, on_chunk, run).result;
}

/// The server ends a conversation's reply at a stop text, but never says at which; so its text is
/// looked at here, and the reply called off.
TextResult LlamaTextSession::chat_until_stop(const TextRequest& request, std::string body,
                                             const OnTextChunk& on_chunk, const RunContext& run) {
  UntilStop reply(request.stop, on_chunk);
  ReplyReader reader(Dialect::kChat);
  try {
    server_.stream(
        "/v1/chat/completions", std::move(body),
        [&](std::string_view data) {
          TextChunk chunk = reader.read(data);
          run.check();
          reply.pass(std::move(chunk));
          if (reply.stop_text()) throw Stopped();
        },
        run);
  } catch (const Stopped&) {
    TextResult result = reader.result();
    result.finish = inference::FinishReason::kStop;
    result.stop_text = reply.stop_text();
    return result;
  }
  if (!reader.is_complete()) throw ended_too_early();
  reply.show_waiting();
  return reader.result();
}

TextResult LlamaTextSession::complete(const TextRequest& request, const RawPrompt& prompt,
                                      const OnTextChunk& on_chunk, const RunContext& run) {
  refuse_pictures(!prompt.images.empty());
  if (!prompt.images.empty()) {
    if (!prompt.prefix.empty()) {
      throw Error(ErrorCode::kUnsupported, "pictures cannot follow the context of an earlier turn");
    }
    // What the pictures take is not known.
    const std::size_t known =
        counts(request) ? tokens_of(prompt.text, Bos::kLeaveOut, run).size() : 0;
    std::string body = picture_request(request, prompt, max_tokens(request, known), facts_);
    return stream("/completion", std::move(body), Dialect::kCompletion, on_chunk, run).result;
  }
  std::vector<TokenId> tokens = prompt.prefix;
  const Bos bos = prompt.prefix.empty() ? Bos::kAsModelLikes : Bos::kLeaveOut;
  const std::vector<TokenId> added = tokens_of(prompt.text, bos, run);
  tokens.insert(tokens.end(), added.begin(), added.end());
  refuse_long_prompt(tokens.size());
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
  if (counts(request)) {
    constexpr std::size_t kMarks = 4;  // prefix, suffix, middle and the beginning
    prompt_tokens =
        tokenize(prompt.prefix, run).size() + tokenize(prompt.suffix, run).size() + kMarks;
    refuse_long_prompt(prompt_tokens);
  }
  std::string body = infill_request(request, prompt, max_tokens(request, prompt_tokens), facts_);
  TextResult result =
      stream("/infill", std::move(body), Dialect::kCompletion, on_chunk, run).result;
  result.tokens.clear();
  return result;
}

double LlamaTextSession::prompt_tokens_per_second() const noexcept {
  const std::chrono::duration<double> time = std::chrono::nanoseconds(read_nanoseconds_);
  return time.count() > 0 ? static_cast<double>(read_tokens_) / time.count() : 0;
}

int LlamaTextSession::max_tokens(const TextRequest& request, std::size_t prompt_tokens) const {
  int limit = kMaxShifts * facts_.context_length;
  if (counts(request)) {
    const int used =
        static_cast<int>(std::min(prompt_tokens, static_cast<std::size_t>(facts_.context_length)));
    limit = std::max(facts_.context_length - used, 1);
  }
  return request.max_tokens < 0 ? limit : std::clamp(request.max_tokens, 1, limit);
}

/// Where the server has rounded the context up, it would shift only at the end of its own: the
/// reply ends at the end of ours.
bool LlamaTextSession::counts(const TextRequest& request) const noexcept {
  return !request.shift_context || facts_.slot_length > facts_.context_length;
}

void LlamaTextSession::refuse_long_prompt(std::size_t tokens) const {
  const auto context = static_cast<std::size_t>(facts_.context_length);
  // The server says so itself, but for what only its own context holds.
  if (tokens < context || tokens >= static_cast<std::size_t>(facts_.slot_length)) return;
  throw Error(ErrorCode::kTooLarge, "the input has " + std::to_string(tokens) +
                                        " tokens, but the context only " + std::to_string(context));
}

void LlamaTextSession::refuse_pictures(bool has_pictures) const {
  if (has_pictures && !abilities_.sees) {
    throw Error(ErrorCode::kUnsupported, "this model cannot see pictures");
  }
}

inference::Embeddings LlamaTextSession::embed(const std::vector<std::string>& inputs,
                                              const RunContext& run) {
  run.check();
  if (abilities_.ranks) {
    throw Error(ErrorCode::kUnsupported, "this model ranks documents only, it makes no embeddings");
  }
  if (inputs.empty()) return {};
  if (facts_.slot_length > facts_.context_length) refuse_long_inputs(inputs, run);
  try {
    return parse_embeddings(server_.post("/v1/embeddings", embedding_request(inputs), run),
                            inputs.size());
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kTooLarge) throw;
  }
  refuse_long_inputs(inputs, run);
  throw Error(ErrorCode::kTooLarge, "an input is longer than the context");
}

void LlamaTextSession::refuse_long_inputs(const std::vector<std::string>& inputs,
                                          const RunContext& run) {
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    // No token is shorter than a byte, and what is put around them are two.
    if (inputs[i].size() + 2 <= static_cast<std::size_t>(facts_.context_length)) continue;
    const std::size_t tokens = tokens_of(inputs[i], Bos::kAsModelLikes, run).size();
    if (tokens > static_cast<std::size_t>(facts_.context_length)) {
      throw Error(ErrorCode::kTooLarge,
                  "input " + std::to_string(i) + " has " + std::to_string(tokens) +
                      " tokens, but the context only " + std::to_string(facts_.context_length));
    }
  }
}

inference::Ranking LlamaTextSession::rank(const std::string& query,
                                          const std::vector<std::string>& documents,
                                          const RunContext& run) {
  run.check();
  if (!abilities_.ranks) return TextSession::rank(query, documents, run);
  inference::Ranking ranking;
  if (!documents.empty()) {
    ranking = parse_ranking(server_.post("/v1/rerank", rank_request(query, documents), run),
                            documents.size());
  }
  ranking.scale = *abilities_.ranks;
  return ranking;
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
