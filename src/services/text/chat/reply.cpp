// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/chat/reply.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "services/common/capabilities.hpp"
#include "services/text/chat/pictures.hpp"
#include "services/text/chat/wire_tool_schema.hpp"

namespace hailstone::chat {
namespace {

using inference::Capability;
using inference::ChatPrompt;
using inference::Part;
using inference::RawPrompt;
using inference::TextChunk;
using inference::TextSession;
using inference::Thinking;
using services::has_capability;
using templates::ChatTemplate;

TextSession& require_text(const core::Lease& lease, const std::string& model) {
  if (auto* session = lease.model().text()) return *session;
  throw Error(ErrorCode::kBadRequest, "\"" + model + "\" does not support text");
}

/// Where a cut text begins with the rest of a character, that rest.
std::size_t orphaned_bytes(std::string_view text) noexcept {
  std::size_t count = 0;
  while (count < text.size() && (static_cast<unsigned char>(text[count]) & 0xC0U) == 0x80U) ++count;
  return count;
}

std::vector<std::string> pictures_of(const ChatPrompt& prompt) {
  std::vector<std::string> out;
  for (const auto& message : prompt.messages) {
    for (const auto& part : message.parts) {
      if (part.kind == Part::Kind::kImage) out.push_back(part.data);
    }
  }
  return out;
}

/// The engine separates thinking, and places pictures, only in conversations; but only a prompt
/// made here can begin with, and give back, a context.
bool needs_conversation(const services::ChosenModel& model, const GenerateTask& task) noexcept {
  const bool thinks = has_capability(*model.facts, Capability::kThinking);
  return (thinks && task.context.empty()) || !task.images.empty();
}

std::vector<std::string> prepared(std::vector<std::string> images) {
  for (auto& image : images) image = prepare_picture(std::move(image));
  return images;
}

/// The tools that a reply may call.
void apply_choice(ChatPrompt& prompt) {
  using Mode = inference::ToolChoice::Mode;
  if (prompt.tool_choice.mode == Mode::kNone) prompt.tools.clear();
  if (prompt.tool_choice.mode != Mode::kNamed) return;
  std::erase_if(prompt.tools,
                [&](const auto& tool) { return tool.name != prompt.tool_choice.name; });
}

bool must_call(const ChatPrompt& prompt) noexcept {
  using Mode = inference::ToolChoice::Mode;
  const auto mode = prompt.tool_choice.mode;
  return !prompt.tools.empty() && (mode == Mode::kRequired || mode == Mode::kNamed);
}

}  // namespace

ReplyRun::ReplyRun(const services::ChosenModel& model, const Task& task, const core::Lease& lease,
                   const RunContext& run)
    : model_(model),
      run_(run),
      session_(require_text(lease, task.model)),
      request_(make_request(task, model.options)),
      room_(services::make_room(session_.context_length(), request_.max_tokens, task.truncate)) {
  const bool can_think = has_capability(*model.facts, Capability::kThinking);
  const bool is_off = task.thinking == Thinking::kOff;
  if (!can_think && !is_off) request_.thinking = Thinking::kModelDefault;
  started_.model = model_.name;
  started_.engine = lease.engine();
  started_.cut_keep_alive = lease.cut_keep_alive();
}

/// Null: the engine makes the prompts.
const ChatTemplate* ReplyRun::find_template() const {
  if (!model_.prompts.fault.empty()) {
    throw Error(ErrorCode::kEngineFailed, "the template of model '" + model_.name +
                                              "' cannot be used: " + model_.prompts.fault);
  }
  return model_.prompts.made.get();
}

int ReplyRun::count_tokens(const std::string& text) const {
  return static_cast<int>(session_.tokenize(text, run_).size());
}

void ReplyRun::fit(ChatPrompt& prompt, const std::function<int(const ChatPrompt&)>& count) {
  const auto without_front = [this](const std::string& text, int tokens) {
    auto all = session_.tokenize(text, run_);
    const auto gone = std::min<std::size_t>(all.size(), static_cast<std::size_t>(tokens));
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(gone));
    const std::string rest = session_.detokenize(all, run_);
    return rest.substr(orphaned_bytes(rest));
  };
  const auto cut = services::make_fit(prompt, room_, {count, without_front});
  started_.dropped_messages = cut.messages;
  started_.dropped_tokens = cut.tokens;
}

void ReplyRun::ask(ChatPrompt prompt) {
  if (const ChatTemplate* used = find_template()) {
    ask_template(*used, std::move(prompt), {});
  } else {
    ask_engine(std::move(prompt));
  }
}

int ReplyRun::count(ChatPrompt prompt) const {
  const ChatTemplate* used = find_template();
  if (used == nullptr) return count_tokens(session_.apply_template(prompt, run_));
  apply_choice(prompt);
  const bool thinks = used->thinks() && request_.thinking == Thinking::kModelDefault;
  return count_tokens(used->render(prompt, thinks ? Thinking::kOn : request_.thinking));
}

void ReplyRun::ask_engine(ChatPrompt prompt) {
  fit(prompt, [this](const ChatPrompt& candidate) {
    return count_tokens(session_.apply_template(candidate, run_));
  });
  request_.prompt = std::move(prompt);
}

void ReplyRun::ask_template(const ChatTemplate& used, ChatPrompt prompt,
                            std::vector<inference::TokenId> context) {
  apply_choice(prompt);
  // Whoever thinks does so unless told otherwise; but a schema holds for the whole reply.
  if (used.thinks() && request_.thinking == Thinking::kModelDefault) {
    request_.thinking = Thinking::kOn;
  }
  if (used.thinks() && (request_.schema || must_call(prompt))) request_.thinking = Thinking::kOff;
  const auto render = [&](const ChatPrompt& candidate) {
    return used.render(candidate, request_.thinking, inference::kPictureMark);
  };
  services::Room whole = room_;
  room_.context_length -= static_cast<int>(context.size());
  fit(prompt, [&](const ChatPrompt& candidate) { return count_tokens(render(candidate)); });
  room_ = whole;
  RawPrompt raw{std::move(context), render(prompt), pictures_of(prompt),
                templates::visible_tokens(used)};
  reading_.tools = prompt.tools;
  reading_.thinks =
      request_.thinking != Thinking::kOff && request_.thinking != Thinking::kModelDefault;
  if (must_call(prompt)) {
    force_call(used, prompt);
    raw.text += reading_.begun;
  }
  if (!model_.options.stop) request_.stop = used.facts().stops;
  reader_.emplace(used, reading_, raw.text);
  request_.prompt = std::move(raw);
}

void ReplyRun::force_call(const ChatTemplate& used, const ChatPrompt& prompt) {
  const std::string& tag = used.facts().tool_tag;
  if (tag != "{" && tag != "[") reading_.begun = tag + "\n";
  request_.schema = call_schema(prompt.tools);
}

void ReplyRun::ask(const GenerateTask& task, const Preset& preset) {
  std::optional<ChatTemplate> own;
  if (task.template_text) own.emplace(*task.template_text);
  if (task.raw) return ask_raw({task.context, task.prompt, prepared(task.images)});
  const ChatTemplate* used = own ? &*own : find_template();
  if (!task.suffix.empty()) return ask_infill(used, task);
  auto prompt = make_chat_prompt(task, preset);
  prepare_pictures(prompt.messages);
  if (used != nullptr) return ask_template(*used, std::move(prompt), task.context);
  if (needs_conversation(model_, task)) return ask_engine(std::move(prompt));
  fit(prompt, [this](const ChatPrompt& candidate) {
    return count_tokens(session_.apply_template(candidate, run_));
  });
  ask_raw({task.context, session_.apply_template(prompt, run_), {}});
}

void ReplyRun::ask_infill(const ChatTemplate* used, const GenerateTask& task) {
  const inference::InfillPrompt prompt{task.prompt, task.suffix};
  services::refuse_hopeless(prompt.prefix.size() + prompt.suffix.size(), room_);
  if (used == nullptr || !used->has_infill()) {
    request_.prompt = prompt;
    return;
  }
  if (!model_.options.stop) request_.stop = used->facts().stops;
  ask_raw({task.context, used->render_infill(prompt, request_.thinking), {}});
}

void ReplyRun::ask_raw(RawPrompt prompt) {
  const auto most = prompt.prefix.size() + prompt.text.size();
  if (prompt.images.empty() && most > static_cast<std::size_t>(std::max(0, room_.hard()))) {
    if (!room_.may_truncate) services::refuse_hopeless(prompt.text.size(), room_);
    cut(prompt);
  }
  request_.prompt = std::move(prompt);
}

/// Takes out of the middle what is too much, as Ollama does: the first num_keep tokens stay.
void ReplyRun::cut(RawPrompt& prompt) {
  // Of many megabytes only the end can stay.
  const std::size_t useful = static_cast<std::size_t>(std::max(1, room_.hard())) * 32;
  if (prompt.text.size() > useful) {
    const std::size_t gone = prompt.text.size() - useful;
    started_.dropped_tokens += static_cast<int>(services::least_tokens(gone));
    prompt.text.erase(0, gone);
    prompt.text.erase(0, orphaned_bytes(prompt.text));
  }
  auto tokens = session_.tokenize(prompt.text, run_);
  tokens.insert(tokens.begin(), prompt.prefix.begin(), prompt.prefix.end());
  const int dropped = services::tokens_to_drop(static_cast<int>(tokens.size()), room_);
  if (dropped == 0) return;
  started_.dropped_tokens += dropped;
  const int keep = std::clamp(request_.keep_tokens, 0, room_.soft());
  const auto kept_end = tokens.begin() + keep;
  if (!prompt.prefix.empty()) {
    tokens.erase(kept_end, kept_end + dropped);
    prompt = {std::move(tokens), "", {}};
    return;
  }
  // As text again, so that the engine puts the beginning-of-sequence token where it belongs.
  std::string head = session_.detokenize({tokens.begin(), kept_end}, run_);
  const std::string tail = session_.detokenize({kept_end + dropped, tokens.end()}, run_);
  head.resize(head.size() - incomplete_utf8_tail(head));
  prompt.text = head + tail.substr(orphaned_bytes(tail));
}

inference::TextResult ReplyRun::generate(ReplySink& sink) {
  sink.begin(started_);
  auto result = session_.generate(
      request_,
      [&](TextChunk&& chunk) {
        sink.piece(reader_ ? reader_->read(std::move(chunk)) : std::move(chunk));
      },
      run_);
  if (reader_) sink.piece(reader_->finish());
  return result;
}

std::string ReplyRun::prompt_text() const {
  if (const auto* raw = std::get_if<RawPrompt>(&request_.prompt)) return raw->text;
  if (const auto* chat = std::get_if<ChatPrompt>(&request_.prompt)) {
    return session_.apply_template(*chat, run_);
  }
  const auto& infill = std::get<inference::InfillPrompt>(request_.prompt);
  return infill.prefix + infill.suffix;
}

}  // namespace hailstone::chat
