// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/hailo/text/language_session.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "engines/hailo/chip/status.hpp"
#include "engines/hailo/text/frames.hpp"
#include "engines/hailo/text/json_scan.hpp"
#include "engines/hailo/text/reply_reader.hpp"
#include "engines/hailo/text/wire_prompt.hpp"
#include "engines/hailo/text/wire_schema.hpp"

namespace hailstone::engines::hailo {
namespace {

using inference::ChatPrompt;
using inference::RawPrompt;
using inference::TextRequest;
using inference::TextResult;
using namespace std::chrono_literals;

/// Reading a full context takes seconds, and longer while networks run beside it.
constexpr auto kFirstPatience = 120s;
constexpr auto kPatience = 30s;
constexpr auto kCallLimit = 150s;
/// So long a reply is written at a time where others wait for the chip.
constexpr auto kSlice = 3s;
/// What the chip writes behind a reply that was cut short.
constexpr std::size_t kRecoveryTokens = 4;
/// Round each message, where HailoRT writes the prompt.
constexpr std::size_t kTokensRoundMessage = 8;

[[noreturn]] void refuse(const std::string& what, const std::string& help) {
  throw Error(ErrorCode::kUnsupported, "the Hailo " + what, help);
}

void check_supported(const TextRequest& request) {
  constexpr const char* kProcessor = "the model's variant for the processor can";
  if (std::holds_alternative<inference::InfillPrompt>(request.prompt)) {
    refuse("fills no gaps in texts", kProcessor);
  }
  if (request.want_logprobs) refuse("tells no log probabilities", kProcessor);
  const bool is_chat = std::holds_alternative<ChatPrompt>(request.prompt);
  if (request.schema && !is_chat) refuse("holds only chats to a JSON schema", "send messages");
  if (!request.sampling.logit_bias.empty()) refuse("takes no logit bias", kProcessor);
}

WritingOptions writing_options(const TextRequest& request, std::size_t most_tokens) {
  const auto& sampling = request.sampling;
  WritingOptions options;
  options.most_tokens = static_cast<std::uint32_t>(most_tokens);
  const bool is_greedy = (sampling.temperature && *sampling.temperature <= 0) ||
                         (sampling.top_k && *sampling.top_k == 1);
  // Greedy has a switch of its own: a temperature of 0 is refused.
  if (is_greedy) {
    options.sample = false;
  } else if (sampling.temperature) {
    options.sample = true;
    options.temperature = static_cast<float>(*sampling.temperature);
  }
  if (sampling.top_p) options.top_p = static_cast<float>(std::clamp(*sampling.top_p, 0.0, 1.0));
  if (sampling.top_k && *sampling.top_k >= 1) {
    options.top_k = static_cast<std::uint32_t>(*sampling.top_k);
  }
  if (sampling.repeat_penalty && *sampling.repeat_penalty > 0) {
    options.repeat_penalty = static_cast<float>(*sampling.repeat_penalty);
  }
  if (sampling.seed && *sampling.seed >= 0) {
    options.seed = static_cast<std::uint32_t>(*sampling.seed);
  }
  return options;
}

}  // namespace

/// Nobody can hold the chip to a schema while it writes: it is asked for, and looked at afterwards.
ChatPrompt with_schema(ChatPrompt chat, const std::string& schema, const std::string& complaint) {
  std::string wish = "\n\nReply with JSON alone";
  wish += schema == "{}" ? "." : " that follows this schema: " + schema;
  if (!complaint.empty()) wish += "\nA reply before was wrong: " + complaint + ".";
  for (auto message = chat.messages.rbegin(); message != chat.messages.rend(); ++message) {
    if (message->role != inference::Role::kUser) continue;
    add_text(*message, wish);
    return chat;
  }
  chat.messages.push_back(make_message(inference::Role::kUser, wish));
  return chat;
}

/// A request as the chip is told it: either a text, or messages that HailoRT makes one of.
struct LanguageSession::Asked {
  std::string text;
  std::string begun;  ///< the end of the text that belongs to the reply
  std::vector<std::string> messages;
  std::vector<Frame> frames;
  ReplyMarks marks;
  bool is_raw = false;
  bool is_json = false;
};

/// Writes one reply to whoever asked.
class LanguageSession::Reply {
 public:
  Reply(const Asked& asked, const inference::OnTextChunk& on_chunk)
      : on_chunk_(on_chunk), reader_(asked.marks), is_json_(asked.is_json) {
    show(reader_.push(asked.begun), Empty::kDrop);
  }

  enum class Left { kNothing, kTheRest };

  /// Until it ends by itself or by a stop text, or gives way: then the rest is still to be written.
  Left read(Writing& writing, CallWatch& watch, const std::string& name, const RunContext& run,
            const std::function<bool()>& gives_way) {
    auto patience = kFirstPatience;
    while (writing.state() == WritingState::kGoesOn) {
      run.check();
      {
        const CallWatch::Call call(watch, "writing with " + name, kCallLimit);
        raw_ += writing.read(patience);
      }
      if (first_piece_ == SteadyTime{}) first_piece_ = system_clock().now();
      patience = kPatience;
      const auto piece = std::string_view(raw_).substr(shown_);
      shown_ = raw_.size();
      show(reader_.push(piece), Empty::kKeep);
      if (reader_.stop_text() || json_.is_complete()) break;
      if (writing.state() == WritingState::kGoesOn && gives_way()) {
        drain(writing, watch, name);  // what it writes to end is none of the reply
        return Left::kTheRest;
      }
    }
    run.check();
    raw_ += drain(writing, watch, name);
    show(reader_.finish(), Empty::kDrop);
    return Left::kNothing;
  }

  const std::string& raw() const noexcept { return raw_; }
  const std::string& thoughts() const noexcept { return thoughts_; }
  /// The JSON that was asked for.
  const std::string& json() const noexcept { return text_; }
  bool is_json_complete() const noexcept { return json_.is_complete(); }
  const std::optional<std::string>& stop_text() const noexcept { return reader_.stop_text(); }
  SteadyTime first_piece() const noexcept { return first_piece_; }

 private:
  enum class Empty { kKeep, kDrop };

  /// Stops what goes on; what the chip has written since belongs to its context.
  static std::string drain(Writing& writing, CallWatch& watch, const std::string& name) {
    std::string rest;
    if (writing.state() != WritingState::kGoesOn) return rest;
    const CallWatch::Call call(watch, "ending a reply of " + name, kCallLimit);
    writing.abort();
    while (writing.state() == WritingState::kGoesOn) rest += writing.read(kPatience);
    return rest;
  }

  void show(inference::TextChunk&& chunk, Empty empty) {
    thoughts_ += chunk.thinking;
    if (is_json_) {  // kept until it has been looked at; what goes is a sign of life
      std::string_view json = chunk.text;
      if (text_.empty()) json.remove_prefix(std::min(json.find_first_of("{["), json.size()));
      text_ += json.substr(0, json_.push(json));
      chunk.text.clear();
    }
    const bool is_empty = chunk.text.empty() && chunk.thinking.empty() && chunk.tool_calls.empty();
    if (is_empty && empty == Empty::kDrop) return;
    on_chunk_(std::move(chunk));
  }

  const inference::OnTextChunk& on_chunk_;
  ReplyReader reader_;
  std::string raw_;
  std::size_t shown_ = 0;
  std::string thoughts_;
  const bool is_json_;
  JsonScan json_;
  std::string text_;
  SteadyTime first_piece_{};
};

LanguageSession::LanguageSession(SharedChip& shared, std::unique_ptr<LanguageModel> model,
                                 std::string name)
    : shared_(shared),
      model_(std::move(model)),
      name_(std::move(name)),
      style_(read_style(model_->prompt_template())),
      ends_(model_->end_tokens()),
      context_(*model_) {
  ends_.push_back(model_->recovery_sequence());
}

LanguageSession::Asked LanguageSession::read_request(const TextRequest& request,
                                                     const std::string& complaint) const {
  check_supported(request);
  Asked asked;
  asked.is_json = request.schema.has_value();
  asked.marks.ends = ends_;
  asked.marks.stops = request.stop;
  if (const auto* raw = std::get_if<RawPrompt>(&request.prompt)) {
    asked.is_raw = true;
    if (!raw->images.empty()) refuse("sees pictures only in chats", "send messages");
    const auto before = texts_.find(raw->prefix);
    if (!before) {
      throw Error(ErrorCode::kBadRequest, "the tokens of the earlier turn are not known any more",
                  "HailoRT gives no texts of tokens: send messages, or the text");
    }
    asked.text = *before + raw->text;
    return asked;
  }
  const auto& given = std::get<ChatPrompt>(request.prompt);
  const ChatPrompt chat = request.schema ? with_schema(given, *request.schema, complaint) : given;
  asked.marks.has_thoughts = style_.thinks;
  if (const auto shape = model_->frame(); shape || style_.form == PromptForm::kForeign) {
    if (!chat.tools.empty()) refuse("calls no tools with this model", "qwen2.5 and qwen3 do");
    asked.messages = write_messages(chat.messages);
    asked.frames = make_frames(chat.messages, shape);
    return asked;
  }
  const auto thinking = request.schema ? inference::Thinking::kOff : request.thinking;
  auto written = write_prompt(style_, chat, thinking);
  asked.text = std::move(written.text);
  asked.begun = std::move(written.begun);
  if (request.schema) {
    asked.begun += first_character(*request.schema);
    asked.text += first_character(*request.schema);
  }
  asked.marks.has_calls = !chat.tools.empty();
  asked.marks.is_bare_call = !chat.tools.empty() && style_.form == PromptForm::kLlama3;
  return asked;
}

std::vector<int> LanguageSession::count(const std::string& text) {
  if (text.empty()) return {};
  const CallWatch::Call call(shared_.watch(), "counting tokens with " + name_, kCallLimit);
  return model_->tokenize(text);
}

/// The chip would silently overwrite a context that is full.
std::size_t LanguageSession::room_behind(std::size_t prompt_tokens) const {
  const std::size_t capacity = model_->capacity();
  if (prompt_tokens + kRecoveryTokens < capacity) return capacity - kRecoveryTokens - prompt_tokens;
  throw Error(ErrorCode::kTooLarge,
              "the prompt has " + std::to_string(prompt_tokens) + " tokens, and " + name_ +
                  " holds " + std::to_string(capacity) + " of prompt and reply together",
              "models for the Hailo-10H are compiled for that many: shorten the conversation, name "
              "fewer tools, or take the model's variant for the processor");
}

LanguageSession::Begun LanguageSession::begin(const Asked& asked, const TextRequest& request,
                                              TextResult& result) {
  std::size_t tokens = count(asked.text).size();
  for (const auto& message : asked.messages) {
    tokens += count(message).size() + kTokensRoundMessage;
  }
  for (const auto& frame : asked.frames) tokens += frame.tokens;
  result.prompt_tokens = static_cast<int>(tokens);
  std::size_t most = room_behind(tokens);
  if (request.max_tokens >= 0) most = std::min(most, static_cast<std::size_t>(request.max_tokens));
  const auto options = writing_options(request, most);
  const CallWatch::Call call(shared_.watch(), "beginning a reply of " + name_, kCallLimit);
  if (asked.messages.empty()) {
    const auto beginning = context_.prepare(asked.text);
    result.cached_prompt_tokens =
        static_cast<int>(std::min(beginning.kept, static_cast<std::size_t>(tokens)));
    return {model_->write(options, std::string(beginning.rest)), most};
  }
  model_->clear();
  LanguageModel::Frames frames;
  for (const auto& frame : asked.frames)
    frames.emplace_back(std::as_bytes(std::span(frame.pixels)));
  return {model_->write(options, asked.messages, frames), most};
}

/// A reply that has given way goes on: what is there of it is read again, which takes less time
/// than others would have waited for its end.
void LanguageSession::resume(const Asked& asked, const TextRequest& request, const Reply& reply,
                             Begun& begun) {
  const std::size_t written = count(reply.raw()).size();
  const std::size_t rest = begun.most > written ? begun.most - written : 1;
  const CallWatch::Call call(shared_.watch(), "going on with a reply of " + name_, kCallLimit);
  context_.forget();
  const std::string text = asked.text + reply.raw();
  begun.writing =
      model_->write(writing_options(request, rest), std::string(context_.prepare(text).rest));
}

TextResult LanguageSession::generate(const TextRequest& request,
                                     const inference::OnTextChunk& on_chunk,
                                     const RunContext& run) {
  run.check();
  if (!request.schema) return write(request, read_request(request, {}), on_chunk, run).result;
  // Once more with the complaint, then whoever asked is told.
  std::string complaint;
  for (bool is_last = false;; is_last = true) {
    auto written = write(request, read_request(request, complaint), on_chunk, run);
    const bool is_cut = written.result.finish == inference::FinishReason::kLength;
    const auto wrong = is_cut ? std::nullopt : find_violation(written.json, *request.schema);
    if (!wrong) {
      inference::TextChunk chunk;
      chunk.text = std::move(written.json);
      on_chunk(std::move(chunk));
      return written.result;
    }
    if (is_last) {
      throw Error(ErrorCode::kEngineFailed,
                  name_ + " wrote JSON that does not follow the schema: " + *wrong,
                  "a larger model, or the variant for the processor, which is held to schemas "
                  "while it writes");
    }
    complaint = *wrong;
  }
}

LanguageSession::Written LanguageSession::write(const TextRequest& request, const Asked& asked,
                                                const inference::OnTextChunk& on_chunk,
                                                const RunContext& run) {
  std::optional<Turns::Turn> turn(std::in_place, shared_.turns(), run);
  SteadyTime turn_begin = system_clock().now();
  /// Whoever leaves early leaves a context behind that nobody knows.
  struct ForgetUnlessEnded {
    KeptContext& context;
    bool has_ended = false;
    ~ForgetUnlessEnded() {
      if (!has_ended) context.forget();
    }
  } guard{context_};
  Written written;
  TextResult& result = written.result;
  try {
    if (request.max_tokens == 0) {  // the chip writes one at least
      result.prompt_tokens = static_cast<int>(count(asked.text).size());
      result.finish = inference::FinishReason::kLength;
      return written;
    }
    const SteadyTime start = system_clock().now();
    auto begun = begin(asked, request, result);
    Reply reply(asked, on_chunk);
    // A reply may take a minute; whoever only wants to hear a sentence does not wait for that.
    const auto gives_way = [&] {
      return asked.messages.empty() && system_clock().now() - turn_begin > kSlice &&
             shared_.turns().is_wanted();
    };
    while (reply.read(*begun.writing, shared_.watch(), name_, run, gives_way) !=
           Reply::Left::kNothing) {
      begun.writing.reset();
      context_.forget();
      turn.reset();
      turn.emplace(shared_.turns(), run);
      turn_begin = system_clock().now();
      resume(asked, request, reply, begun);
    }
    const SteadyTime first = reply.first_piece();
    result.prompt_time = first - start;
    result.generate_time = system_clock().now() - first;
    const bool has_stopped = reply.stop_text() || reply.is_json_complete();
    const bool is_full = begun.writing->state() == WritingState::kFull && !has_stopped;
    result.finish = is_full ? inference::FinishReason::kLength : inference::FinishReason::kStop;
    complete(asked, reply, result);
    written.json = reply.json();
    guard.has_ended = asked.messages.empty();
  } catch (const ChipError& error) {
    throw shared_.explain(error, "writing with " + name_);
  }
  return written;
}

/// What is known once the reply is there: tokens, and what the chip has in its context.
void LanguageSession::complete(const Asked& asked, const Reply& reply, TextResult& result) {
  std::string written = reply.raw();
  for (const auto& end : ends_) {
    const auto at = end.empty() ? std::string::npos : written.rfind(end);
    if (at != std::string::npos) written.resize(at);
  }
  result.generated_tokens = static_cast<int>(count(written).size());
  result.thinking_tokens = static_cast<int>(count(reply.thoughts()).size());
  result.stop_text = reply.stop_text();
  if (!asked.messages.empty()) return;
  context_.note_reading(
      static_cast<std::size_t>(result.prompt_tokens - result.cached_prompt_tokens),
      result.prompt_time);
  context_.set(asked.text + reply.raw());
  if (!asked.is_raw) return;
  const std::string whole = asked.text + written;
  const auto tokens = count(whole);
  result.tokens.assign(tokens.begin(), tokens.end());
  texts_.remember(result.tokens, whole);
}

inference::Embeddings LanguageSession::embed(const std::vector<std::string>&, const RunContext&) {
  refuse("has no models for embeddings that write as well", "an embedding model does");
}

std::vector<inference::TokenId> LanguageSession::tokenize(const std::string& text,
                                                          const RunContext& run) {
  run.check();
  const Turns::Turn turn(shared_.turns(), run);
  try {
    const auto ids = count(text);
    std::vector<inference::TokenId> tokens(ids.begin(), ids.end());
    texts_.remember(tokens, text);
    return tokens;
  } catch (const ChipError& error) {
    throw shared_.explain(error, "counting tokens with " + name_);
  }
}

/// Behind how many bytes of the text so many tokens have ended. A text that is a part of another
/// has no more tokens than that one, so halving finds it.
std::size_t LanguageSession::find_cut(const std::string& text, std::size_t tokens) {
  std::size_t low = 0;
  std::size_t high = text.size();
  while (low < high) {
    const std::size_t middle = low + (high - low + 1) / 2;
    const std::string part(utf8_prefix(text, middle));
    if (count(part).size() <= tokens) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return utf8_prefix(text, low).size();
}

std::string LanguageSession::detokenize(const std::vector<inference::TokenId>& tokens,
                                        const RunContext& run) {
  run.check();
  if (const auto text = texts_.find(tokens)) return *text;
  if (const auto whole = texts_.find_whole(tokens)) {
    const Turns::Turn turn(shared_.turns(), run);
    try {
      return whole->before > 0 ? whole->text.substr(find_cut(whole->text, whole->before))
                               : whole->text.substr(0, find_cut(whole->text, tokens.size()));
    } catch (const ChipError& error) {
      throw shared_.explain(error, "counting tokens with " + name_);
    }
  }
  refuse("gives no texts of tokens", "only of those that it made itself a short time ago");
}

std::string LanguageSession::apply_template(const ChatPrompt& prompt, const RunContext& run) {
  run.check();
  return write_prompt(style_, prompt, inference::Thinking::kModelDefault).text;
}

}  // namespace hailstone::engines::hailo
