// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/chat/service.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "services/common/capabilities.hpp"
#include "services/common/go_template.hpp"
#include "services/common/ollama_wire.hpp"
#include "services/text/chat/pictures.hpp"
#include "services/text/chat/pre.hpp"

namespace hailstone::chat {
namespace {

using inference::Capability;
using inference::Part;
using inference::RawPrompt;
using inference::TextRequest;
using inference::TextSession;
using inference::Thinking;
using services::ChosenModel;
using services::has_capability;
using services::require_capability;

bool wants_thinking(Thinking thinking) noexcept {
  return thinking != Thinking::kModelDefault && thinking != Thinking::kOff;
}

void require_common(const ChosenModel& model, const Task& task, const char* verb, bool images) {
  require_capability(*model.facts, Capability::kCompletion, task.model, verb, model.stored.task);
  if (images) require_capability(*model.facts, Capability::kVision, task.model, "vision");
  if (wants_thinking(task.thinking) && !task.thinks_if_able) {
    require_capability(*model.facts, Capability::kThinking, task.model, "thinking");
  }
}

Preset read_preset(const ChosenModel& model) {
  Preset preset;
  if (const auto* layer = model.stored.find_layer("system")) {
    preset.system = core::read_layer(*layer);
  }
  if (const auto* layer = model.stored.find_layer("messages")) {
    preset.messages = services::parse_messages_layer(core::read_layer(*layer), model.name);
  }
  return preset;
}

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

/// One run of a loaded model.
class Run {
 public:
  Run(const ChosenModel& model, const Task& task, const core::Lease& lease, const RunContext& run)
      : run_(run),
        session_(require_text(lease, task.model)),
        request_(make_request(task, model.options)),
        room_(make_room(task, request_, session_.context_length())) {
    if (wants_thinking(task.thinking) && !has_capability(*model.facts, Capability::kThinking)) {
      request_.thinking = Thinking::kModelDefault;
    }
    started_.engine = lease.engine();
    started_.cut_keep_alive = lease.cut_keep_alive();
  }

  TextSession& session() const noexcept { return session_; }

  void set_prompt(inference::ChatPrompt prompt) {
    const auto count = [this](const inference::ChatPrompt& candidate) {
      const auto text = session_.apply_template(candidate, run_);
      return static_cast<int>(session_.tokenize(text, run_).size());
    };
    const auto dropped = messages_to_drop(prompt, room_, count);
    if (dropped > 0) prompt.messages = drop_oldest(prompt.messages, dropped);
    started_.dropped_messages = static_cast<int>(dropped);
    request_.prompt = std::move(prompt);
  }

  void set_prompt(RawPrompt prompt) {
    const auto most = prompt.prefix.size() + prompt.text.size();
    if (prompt.images.empty() && most > static_cast<std::size_t>(std::max(0, room_.hard()))) {
      cut(prompt);
    }
    request_.prompt = std::move(prompt);
  }

  void set_prompt(inference::InfillPrompt prompt) { request_.prompt = std::move(prompt); }

  inference::TextResult generate(ReplySink& sink) {
    sink.begin(started_);
    return session_.generate(
        request_, [&](inference::TextChunk&& chunk) { sink.piece(std::move(chunk)); }, run_);
  }

 private:
  /// Takes out of the middle what is too much, as Ollama does: the first num_keep tokens stay.
  void cut(RawPrompt& prompt) {
    auto tokens = session_.tokenize(prompt.text, run_);
    tokens.insert(tokens.begin(), prompt.prefix.begin(), prompt.prefix.end());
    const int dropped = tokens_to_drop(static_cast<int>(tokens.size()), room_);
    if (dropped == 0) return;
    started_.dropped_tokens = dropped;
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

  const RunContext& run_;
  TextSession& session_;
  TextRequest request_;
  Room room_;
  Started started_;
};

/// The engine separates thinking, and places pictures, only in conversations; but only a prompt
/// made here can begin with, and give back, a context.
bool needs_conversation(const ChosenModel& model, const GenerateTask& task) noexcept {
  const bool thinks = has_capability(*model.facts, Capability::kThinking);
  return (thinks && task.context.empty()) || !task.images.empty();
}

/// A context alone says nothing, but where it is the prompt.
bool asks_nothing(const GenerateTask& task) noexcept {
  const bool has_tokens = task.raw && !task.context.empty();
  return task.prompt.empty() && task.suffix.empty() && task.images.empty() && !has_tokens;
}

std::vector<std::string> prepared(std::vector<std::string> images) {
  for (auto& image : images) image = prepare_picture(std::move(image));
  return images;
}

void set_generate_prompt(Run& run, const ChosenModel& model, const GenerateTask& task,
                         const RunContext& context) {
  if (task.template_text) {
    const Preset preset = read_preset(model);
    const std::string system = task.system.value_or(preset.system);
    auto text =
        services::render_go_template(*task.template_text, {system, task.prompt, task.suffix});
    return run.set_prompt(RawPrompt{task.context, std::move(text), prepared(task.images)});
  }
  if (!task.suffix.empty())
    return run.set_prompt(inference::InfillPrompt{task.prompt, task.suffix});
  if (task.raw) return run.set_prompt(RawPrompt{task.context, task.prompt, prepared(task.images)});
  auto prompt = make_chat_prompt(task, read_preset(model));
  prepare_pictures(prompt.messages);
  if (needs_conversation(model, task)) return run.set_prompt(std::move(prompt));
  run.set_prompt(RawPrompt{task.context, run.session().apply_template(prompt, context), {}});
}

Summary summarise(const inference::TextResult& result, const core::Lease& lease,
                  std::chrono::nanoseconds total) {
  Summary summary;
  summary.ending =
      result.finish == inference::FinishReason::kLength ? Ending::kLength : Ending::kStop;
  summary.total_time = total;
  summary.load_time = lease.load_time();
  summary.prompt_tokens = result.prompt_tokens;
  summary.cached_prompt_tokens = result.cached_prompt_tokens;
  summary.prompt_time = result.prompt_time;
  summary.generated_tokens = result.generated_tokens;
  summary.thinking_tokens = result.thinking_tokens;
  summary.stop_text = result.stop_text;
  summary.generate_time = result.generate_time;
  return summary;
}

}  // namespace

ChatService::ChatService(services::ModelAccess& models, const Clock& clock)
    : models_(models), clock_(clock) {}

Summary ChatService::chat(const ChatTask& task, ReplySink& sink, const RunContext& run) {
  const SteadyTime begin = clock_.now();
  const ChosenModel model = models_.choose(task.model, task.options);
  if (task.messages.empty()) return load_or_unload(model, task, sink, run);
  require_common(model, task, "chat", inference::has_part(task.messages, Part::Kind::kImage));
  if (!task.tools.empty()) {
    require_capability(*model.facts, Capability::kTools, task.model, "tools");
  }
  auto prompt = make_chat_prompt(task, read_preset(model));
  prepare_pictures(prompt.messages);
  const core::Lease lease = models_.acquire(model, task.keep_alive, run);
  Run reply(model, task, lease, run);
  reply.set_prompt(std::move(prompt));
  const auto result = reply.generate(sink);
  return summarise(result, lease, clock_.now() - begin);
}

Summary ChatService::generate(const GenerateTask& task, ReplySink& sink, const RunContext& run) {
  const SteadyTime begin = clock_.now();
  const ChosenModel model = models_.choose(task.model, task.options);
  if (asks_nothing(task)) {
    return load_or_unload(model, task, sink, run);
  }
  require_common(model, task, "generate", !task.images.empty());
  if (!task.suffix.empty()) {
    require_capability(*model.facts, Capability::kInsert, task.model, "insert");
  }
  const core::Lease lease = models_.acquire(model, task.keep_alive, run);
  Run reply(model, task, lease, run);
  set_generate_prompt(reply, model, task, run);
  auto result = reply.generate(sink);
  Summary summary = summarise(result, lease, clock_.now() - begin);
  if (!task.raw) summary.context = std::move(result.tokens);
  return summary;
}

namespace {

bool is_pinned(const core::Runtime& runtime, const std::string& model) {
  const auto residents = runtime.residents();
  return std::any_of(residents.begin(), residents.end(), [&](const auto& resident) {
    return resident.name == model && resident.pinned;
  });
}

}  // namespace

int ChatService::count_tokens(const ChatTask& task, const RunContext& run) {
  const ChosenModel model = models_.choose(task.model, task.options);
  require_common(model, task, "chat", inference::has_part(task.messages, Part::Kind::kImage));
  const core::Lease lease = models_.acquire(model, task.keep_alive, run);
  TextSession& session = require_text(lease, task.model);
  const auto text = session.apply_template(make_chat_prompt(task, read_preset(model)), run);
  return static_cast<int>(session.tokenize(text, run).size());
}

Summary ChatService::load_or_unload(const ChosenModel& model, const Task& task, ReplySink& sink,
                                    const RunContext& run) {
  Summary summary;
  // What the operator pinned stays, whoever sends a keep_alive of 0; /api/unload is the operator's.
  if (task.keep_alive == core::KeepAlive::zero() && !is_pinned(models_.runtime(), model.name)) {
    models_.runtime().unload(model.name);
    summary.ending = Ending::kUnload;
    return summary;
  }
  const core::Lease lease = models_.acquire(model, task.keep_alive, run);
  sink.begin({lease.engine(), lease.cut_keep_alive()});
  summary.ending = Ending::kLoad;
  return summary;
}

}  // namespace hailstone::chat
