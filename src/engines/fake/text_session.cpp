// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <utility>

#include "base/strings.hpp"
#include "engines/fake/conversation.hpp"
#include "engines/fake/sessions.hpp"
#include "inference/stops/stop_filter.hpp"

namespace hailstone::engines::fake {
namespace {

using inference::ChatPrompt;
using inference::RawPrompt;
using inference::TextChunk;
using inference::TextRequest;
using inference::TextResult;

/// The words of a reply, made one by one: a script may ask for millions.
class Reply {
 public:
  explicit Reply(const std::string& text)
      : words_(split_words(text)), count_(static_cast<int>(words_.size())) {}

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
inference::TokenLogprob make_logprob(const std::string& word, int alternatives,
                                     Vocabulary& vocabulary) {
  const auto of = [&](const std::string& text, double logprob) {
    return inference::TokenLogprob{text, logprob, text, vocabulary.tokens_of({text}).front()};
  };
  auto made = of(word, -0.125);
  for (int i = 0; i < alternatives; ++i) {
    const std::string other = i == 0 ? word : word + std::to_string(i);
    made.top.push_back(of(other, -0.125 * (1 << std::min(i, 20))));
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

std::vector<std::string> trimmed_words(const std::string& text) {
  auto words = split_words(text);
  for (auto& word : words) word = std::string(trim(word));
  return words;
}

std::chrono::nanoseconds since(SteadyTime begin) {
  return system_clock().now() - begin;
}

/// Writes one reply: counts, stops and emits.
class Writer {
 public:
  Writer(const TextRequest& request, const inference::OnTextChunk& on_chunk, Run& run,
         Vocabulary& vocabulary)
      : request_(request),
        on_chunk_(on_chunk),
        run_(run),
        vocabulary_(vocabulary),
        filter_(request.stop) {}

  void think(const std::string& text) {
    for (auto& word : split_words(text)) {
      if (is_full() || thinking_count_ == request_.thinking_tokens) return;
      run_.step();
      ++count_;
      ++thinking_count_;
      TextChunk chunk;
      chunk.thinking = std::move(word);
      on_chunk_(std::move(chunk));
    }
  }

  /// A token per piece.
  void call(int index, const inference::ToolCall& call, int fragment) {
    const auto size = fragment > 0 ? static_cast<std::size_t>(fragment) : call.arguments.size();
    for (std::size_t begin = 0; begin < call.arguments.size(); begin += size) {
      run_.step();
      ++count_;
      TextChunk chunk;
      chunk.tool_calls.push_back({index, begin == 0 ? call.id : "", begin == 0 ? call.name : "",
                                  call.arguments.substr(begin, size)});
      on_chunk_(std::move(chunk));
    }
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
      if (request_.want_logprobs)
        logprobs_.push_back(make_logprob(word, request_.top_logprobs, vocabulary_));
      emit(filter_.push(word));
      if (std::holds_alternative<RawPrompt>(request_.prompt)) written_.push_back(std::move(word));
      if (filter_.has_stopped()) return;
    }
    emit(filter_.finish());
  }

  int count() const noexcept { return count_; }
  int thinking_count() const noexcept { return thinking_count_; }
  std::optional<std::string> stop_text() const { return filter_.stop_text(); }
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
  Vocabulary& vocabulary_;
  inference::StopFilter filter_;
  std::vector<inference::TokenLogprob> logprobs_;
  std::vector<std::string> written_;
  int count_ = 0;
  int thinking_count_ = 0;
  inference::FinishReason finish_ = inference::FinishReason::kStop;
};

bool wants_thinking(const TextRequest& request) noexcept {
  return request.thinking != inference::Thinking::kOff;
}

}  // namespace

void FakeText::check_request(const TextRequest& request) const {
  const auto* chat = std::get_if<ChatPrompt>(&request.prompt);
  const bool has_images =
      chat != nullptr && inference::has_part(chat->messages, inference::Part::Kind::kImage);
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
  if (!script.hang_on.empty() && understood.echo == script.hang_on) steps.hang();
  Life::pause(script.prompt_time, run);
  result.prompt_time = since(begin);

  const auto first_token = system_clock().now();
  Writer writer(request, on_chunk, steps, vocabulary_);
  if (wants_thinking(request)) writer.think(script.thinking);
  const auto calls = choose_calls(script, request.prompt);
  const int room = request.shift_context ? INT32_MAX : script.context_length - prompt_tokens;
  if (calls.empty()) {
    writer.write(Reply(script, request, understood.echo), room);
  } else {
    writer.write(Reply(script.preface), room);
  }
  for (std::size_t i = 0; i < calls.size(); ++i) {
    writer.call(static_cast<int>(i), calls[i], script.fragment);
  }
  result.generate_time = since(first_token);
  result.finish = writer.finish();
  result.prompt_tokens = prompt_tokens;
  result.cached_prompt_tokens = std::min(script.cached_tokens, prompt_tokens);
  result.generated_tokens = writer.count();
  result.thinking_tokens = writer.thinking_count();
  result.stop_text = writer.stop_text();
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
    const auto tokens = split_words(inputs[i]).size();
    check_length("input " + std::to_string(i), tokens);
    steps.step();
    embeddings.prompt_tokens += static_cast<int>(tokens);
    embeddings.vectors.push_back(
        hash_vector(inputs[i], script.dimensions + (script.wrong_shape ? 1 : 0)));
  }
  return embeddings;
}

inference::Ranking FakeText::rank(const std::string& query,
                                  const std::vector<std::string>& documents,
                                  const RunContext& run) {
  Run steps(life_, run);
  const auto asked = trimmed_words(query);
  inference::Ranking ranking;
  ranking.scale = inference::Ranking::Scale::kProbability;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const auto words = trimmed_words(documents[i]);
    check_length("document " + std::to_string(i) + " with the query", asked.size() + words.size());
    steps.step();
    ranking.prompt_tokens += static_cast<int>(asked.size() + words.size());
    const auto found = std::count_if(asked.begin(), asked.end(), [&](const std::string& word) {
      return std::find(words.begin(), words.end(), word) != words.end();
    });
    ranking.scores.push_back(
        asked.empty() ? 0 : static_cast<double>(found) / static_cast<double>(asked.size()));
  }
  if (life_.script().wrong_shape) ranking.scores.push_back(0);
  return ranking;
}

void FakeText::check_length(const std::string& what, std::size_t tokens) const {
  const int context = life_.script().context_length;
  if (tokens <= static_cast<std::size_t>(context)) return;
  throw Error(ErrorCode::kTooLarge, what + " has " + std::to_string(tokens) +
                                        " tokens, the context holds " + std::to_string(context));
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
