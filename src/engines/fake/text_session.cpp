// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <utility>

#include "base/ids.hpp"
#include "base/strings.hpp"
#include "engines/fake/sessions.hpp"
#include "engines/fake/stop_filter.hpp"

namespace hailstone::engines::fake {
namespace {

using inference::ChatPrompt;
using inference::InfillPrompt;
using inference::RawPrompt;
using inference::TextChunk;
using inference::TextRequest;
using inference::TextResult;

std::string_view name_of(inference::Role role) noexcept {
  switch (role) {
    case inference::Role::kSystem:
      return "system";
    case inference::Role::kUser:
      return "user";
    case inference::Role::kAssistant:
      return "assistant";
    case inference::Role::kTool:
      return "tool";
  }
  return "user";
}

std::string render(const ChatPrompt& prompt) {
  std::string text;
  for (const auto& message : prompt.messages) {
    text.append("<|").append(name_of(message.role)).append("|> ");
    text.append(message.content).append("\n");
  }
  return text + "<|assistant|>";
}

std::string last_user_message(const ChatPrompt& prompt) {
  for (auto message = prompt.messages.rbegin(); message != prompt.messages.rend(); ++message) {
    if (message->role == inference::Role::kUser) return message->content;
  }
  return {};
}

/// The same in a text that render() made; any other text is a message as a whole.
std::string last_user_message(const std::string& text) {
  constexpr std::string_view kUser = "<|user|> ";
  constexpr std::string_view kEnd = "\n<|assistant|>";
  const auto begin = text.rfind(kUser);
  const auto end = text.rfind(kEnd);
  const bool is_rendered =
      begin != std::string::npos && end != std::string::npos && end + kEnd.size() == text.size();
  if (!is_rendered || end < begin) return text;
  return text.substr(begin + kUser.size(), end - begin - kUser.size());
}

/// What the model reads, and what it says where the script does not.
struct Understood {
  std::vector<std::string> prompt;
  std::string echo;
};

Understood understand(const inference::Prompt& prompt, const Vocabulary& vocabulary) {
  if (const auto* chat = std::get_if<ChatPrompt>(&prompt)) {
    return {split_words(render(*chat)), last_user_message(*chat)};
  }
  if (const auto* infill = std::get_if<InfillPrompt>(&prompt)) {
    return {split_words(infill->prefix + infill->suffix), infill->prefix};
  }
  const auto& raw = std::get<RawPrompt>(prompt);
  std::vector<std::string> words;
  for (const auto token : raw.prefix) words.push_back(vocabulary.text_of({token}));
  for (auto& word : split_words(raw.text)) words.push_back(std::move(word));
  return {std::move(words), last_user_message(raw.text)};
}

/// "call:NAME {json}" in the last user message, if that tool is on offer.
std::optional<inference::ToolCall> find_tool_call(const inference::Prompt& prompt) {
  const auto* chat = std::get_if<ChatPrompt>(&prompt);
  if (chat == nullptr) return std::nullopt;
  const std::string message = last_user_message(*chat);
  if (message.rfind("call:", 0) != 0) return std::nullopt;
  const auto space = message.find(' ');
  const std::string name = message.substr(5, space == std::string::npos ? space : space - 5);
  for (const auto& tool : chat->tools) {
    if (tool.name != name) continue;
    const auto arguments = space == std::string::npos ? std::string() : message.substr(space + 1);
    return inference::ToolCall{make_id("call_"), name, arguments.empty() ? "{}" : arguments};
  }
  return std::nullopt;
}

/// The words of a reply, made one by one: a script may ask for millions.
class Reply {
 public:
  Reply(const Script& script, const TextRequest& request, const std::string& echo) {
    const bool is_any_json = request.schema && !script.reply;
    words_ =
        is_any_json ? std::vector<std::string>{"{}"} : split_words(script.reply.value_or(echo));
    if (!is_any_json && script.tokens >= 0) {
      count_ = script.tokens;
      if (words_.empty()) words_ = {" word"};
    } else {
      count_ = static_cast<int>(words_.size());
    }
  }

  int count() const noexcept { return count_; }
  std::string word(int i) const {
    const std::string& word = words_[static_cast<std::size_t>(i) % words_.size()];
    const bool needs_space = i > 0 && word.find_first_of(" \t\r\n") != 0;
    return needs_space ? " " + word : word;
  }

 private:
  std::vector<std::string> words_;
  int count_;
};

/// Made up, but the same for the same words, and sorted as a real model's are.
inference::TokenLogprob make_logprob(const std::string& word, int alternatives) {
  inference::TokenLogprob made{word, -0.125, {}};
  for (int i = 0; i < alternatives; ++i) {
    made.top.push_back(
        {i == 0 ? word : word + std::to_string(i), -0.125 * (1 << std::min(i, 20)), {}});
  }
  return made;
}

std::vector<float> hash_vector(const std::string& text, int dimensions) {
  std::uint64_t state = 0xCBF29CE484222325U;  // FNV-1a
  for (const char c : text) state = (state ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  std::vector<float> vector;
  for (int i = 0; i < dimensions; ++i) {
    state = (state ^ static_cast<std::uint64_t>(i + 1)) * 0x100000001B3U;
    vector.push_back(static_cast<float>((state >> 40U) % 2001) / 1000.0F - 1.0F);
  }
  return vector;
}

std::chrono::nanoseconds since(SteadyTime begin) {
  return system_clock().now() - begin;
}

/// Writes one reply: counts, stops and emits.
class Writer {
 public:
  Writer(const TextRequest& request, const inference::OnTextChunk& on_chunk, Run& run)
      : request_(request), on_chunk_(on_chunk), run_(run), filter_(request.stop) {}

  void think(const std::string& text) {
    for (auto& word : split_words(text)) {
      if (is_full()) return;
      run_.step();
      ++count_;
      TextChunk chunk;
      chunk.thinking = std::move(word);
      on_chunk_(std::move(chunk));
    }
  }

  void call(inference::ToolCall call) {
    run_.step();
    ++count_;
    TextChunk chunk;
    chunk.tool_calls.push_back(std::move(call));
    on_chunk_(std::move(chunk));
  }

  void write(const Reply& reply, int room) {
    for (int i = 0; i < reply.count(); ++i) {
      if (is_full() || i >= room) {
        finish_ = inference::FinishReason::kLength;
        break;
      }
      run_.step();
      ++count_;
      std::string word = reply.word(i);
      if (request_.want_logprobs) logprobs_.push_back(make_logprob(word, request_.top_logprobs));
      emit(filter_.push(word));
      if (std::holds_alternative<RawPrompt>(request_.prompt)) written_.push_back(std::move(word));
      if (filter_.has_stopped()) return;
    }
    emit(filter_.finish());
  }

  int count() const noexcept { return count_; }
  inference::FinishReason finish() const noexcept { return finish_; }
  /// Kept for the result's tokens, which only a RawPrompt gets.
  const std::vector<std::string>& written() const noexcept { return written_; }

 private:
  bool is_full() const noexcept {
    return request_.max_tokens >= 0 && count_ >= request_.max_tokens;
  }

  void emit(std::string text) {
    if (text.empty()) return;
    TextChunk chunk;
    chunk.text = std::move(text);
    chunk.logprobs = std::exchange(logprobs_, {});
    on_chunk_(std::move(chunk));
  }

  const TextRequest& request_;
  const inference::OnTextChunk& on_chunk_;
  Run& run_;
  StopFilter filter_;
  std::vector<inference::TokenLogprob> logprobs_;
  std::vector<std::string> written_;
  int count_ = 0;
  inference::FinishReason finish_ = inference::FinishReason::kStop;
};

bool wants_thinking(const TextRequest& request) noexcept {
  return request.thinking != inference::Thinking::kOff;
}

}  // namespace

void FakeText::check_request(const TextRequest& request) const {
  const auto* chat = std::get_if<ChatPrompt>(&request.prompt);
  const bool has_images =
      chat != nullptr && std::any_of(chat->messages.begin(), chat->messages.end(),
                                     [](const auto& message) { return !message.images.empty(); });
  if (has_images && !life_.script().can(inference::Capability::kVision)) {
    throw Error(ErrorCode::kUnsupported, "model " + life_.model() + " cannot see pictures");
  }
  if (request.schema && request.schema->find('{') == std::string::npos) {
    throw Error(ErrorCode::kBadRequest, "the schema is not a JSON object");
  }
}

TextResult FakeText::generate(const TextRequest& request, const inference::OnTextChunk& on_chunk,
                              const RunContext& run) {
  check_request(request);
  const Script& script = life_.script();
  const Understood understood = understand(request.prompt, vocabulary_);
  const int prompt_tokens = static_cast<int>(understood.prompt.size());
  if (prompt_tokens > script.context_length) {
    throw Error(ErrorCode::kTooLarge, "the prompt has " + std::to_string(prompt_tokens) +
                                          " tokens, the context holds " +
                                          std::to_string(script.context_length));
  }
  Run steps(life_, run);
  TextResult result;
  const auto begin = system_clock().now();
  Life::pause(script.prompt_time, run);
  result.prompt_time = since(begin);

  const auto first_token = system_clock().now();
  Writer writer(request, on_chunk, steps);
  if (wants_thinking(request)) writer.think(script.thinking);
  if (auto call = find_tool_call(request.prompt)) {
    writer.call(std::move(*call));
  } else {
    const int room = request.shift_context ? INT32_MAX : script.context_length - prompt_tokens;
    writer.write(Reply(script, request, understood.echo), room);
  }
  result.generate_time = since(first_token);
  result.finish = writer.finish();
  result.prompt_tokens = prompt_tokens;
  result.generated_tokens = writer.count();
  if (std::holds_alternative<RawPrompt>(request.prompt)) {
    result.tokens = vocabulary_.tokens_of(understood.prompt);
    const auto generated = vocabulary_.tokens_of(writer.written());
    result.tokens.insert(result.tokens.end(), generated.begin(), generated.end());
  }
  return result;
}

inference::Embeddings FakeText::embed(const std::vector<std::string>& inputs,
                                      const RunContext& run) {
  Run steps(life_, run);
  const Script& script = life_.script();
  inference::Embeddings embeddings;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const int tokens = static_cast<int>(split_words(inputs[i]).size());
    if (tokens > script.context_length) {
      throw Error(ErrorCode::kTooLarge, "input " + std::to_string(i) + " has " +
                                            std::to_string(tokens) + " tokens, the context holds " +
                                            std::to_string(script.context_length));
    }
    steps.step();
    embeddings.prompt_tokens += tokens;
    embeddings.vectors.push_back(
        hash_vector(inputs[i], script.dimensions + (script.wrong_shape ? 1 : 0)));
  }
  return embeddings;
}

std::vector<inference::TokenId> FakeText::tokenize(const std::string& text, const RunContext& run) {
  run.check();
  return vocabulary_.tokens_of(split_words(text));
}

std::string FakeText::detokenize(const std::vector<inference::TokenId>& tokens,
                                 const RunContext& run) {
  run.check();
  return vocabulary_.text_of(tokens);
}

std::string FakeText::apply_template(const ChatPrompt& prompt, const RunContext& run) {
  run.check();
  return render(prompt);
}

}  // namespace hailstone::engines::fake
