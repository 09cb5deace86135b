// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/text/chat/service.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "core/metrics/metrics.hpp"
#include "services/common/capabilities.hpp"
#include "services/common/ollama_wire.hpp"
#include "services/text/chat/pictures.hpp"
#include "services/text/chat/pre.hpp"
#include "services/text/chat/reply.hpp"

namespace hailstone::chat {
namespace {

using inference::Capability;
using inference::Part;
using inference::Thinking;
using services::ChosenModel;
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

/// A context alone says nothing, but where it is the prompt.
bool asks_nothing(const GenerateTask& task) noexcept {
  const bool has_tokens = task.raw && !task.context.empty();
  return task.prompt.empty() && task.suffix.empty() && task.images.empty() && !has_tokens;
}

Summary summarise(const inference::TextResult& result, const core::Lease& lease,
                  const Started& started, std::chrono::nanoseconds total) {
  Summary summary;
  summary.dropped_messages = started.dropped_messages;
  summary.dropped_tokens = started.dropped_tokens;
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

/// What the model would be told.
Summary render(const ReplyRun& reply, ReplySink& sink) {
  sink.begin(reply.started());
  Summary summary;
  summary.rendered = reply.prompt_text();
  return summary;
}

}  // namespace

ChatService::ChatService(services::ModelAccess& models, const Clock& clock, core::Metrics* metrics)
    : models_(models), clock_(clock), metrics_(metrics) {}

void ChatService::count(const std::string& model, const Summary& summary) {
  if (metrics_ == nullptr) return;
  const core::Labels labels{{"model", model}};
  metrics_->counter("hailstone_prompt_tokens_total", "tokens of prompts", labels)
      .add(summary.prompt_tokens);
  metrics_
      ->counter("hailstone_prompt_tokens_cached_total",
                "of these, found in the prompt cache and not read again", labels)
      .add(summary.cached_prompt_tokens);
  metrics_->counter("hailstone_generated_tokens_total", "tokens written", labels)
      .add(summary.generated_tokens);
}

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
  ReplyRun reply(model, task, lease, run);
  reply.ask(std::move(prompt));
  if (task.render_only) return render(reply, sink);
  const auto result = reply.generate(sink);
  const auto summary = summarise(result, lease, reply.started(), clock_.now() - begin);
  count(model.name, summary);
  return summary;
}

Summary ChatService::generate(const GenerateTask& task, ReplySink& sink, const RunContext& run) {
  const SteadyTime begin = clock_.now();
  const ChosenModel model = models_.choose(task.model, task.options);
  if (asks_nothing(task)) {
    return load_or_unload(model, task, sink, run);
  }
  require_common(model, task, "generate", !task.images.empty());
  // A template of the client's own says for itself where the suffix goes.
  if (!task.suffix.empty() && !task.template_text) {
    require_capability(*model.facts, Capability::kInsert, task.model, "insert");
  }
  const core::Lease lease = models_.acquire(model, task.keep_alive, run);
  ReplyRun reply(model, task, lease, run);
  reply.ask(task, read_preset(model));
  if (task.render_only) return render(reply, sink);
  auto result = reply.generate(sink);
  Summary summary = summarise(result, lease, reply.started(), clock_.now() - begin);
  count(model.name, summary);
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
  return ReplyRun(model, task, lease, run).count(make_chat_prompt(task, read_preset(model)));
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
  Started started;
  started.model = model.name;
  started.engine = lease.engine();
  started.cut_keep_alive = lease.cut_keep_alive();
  sink.begin(started);
  summary.ending = Ending::kLoad;
  return summary;
}

}  // namespace hailstone::chat
