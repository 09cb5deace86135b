// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/voice/talk/cast_keeper.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>

#include "services/common/capabilities.hpp"
#include "services/speech/speak/service.hpp"

namespace hailstone::voice {
namespace {

constexpr std::string_view kHearTask = "transcribe";
constexpr std::string_view kSpeakTask = "speak";
constexpr std::array<std::string_view, 2> kChatTasks = {"chat", "vlm"};

}  // namespace

std::string choose_chat_model(const services::TaskModels& models, const std::string& name) {
  auto& access = models.models();
  if (!name.empty()) return access.choose(name, {}).name;
  // Those of an Ollama store name no task.
  for (const auto& model : access.store().list()) {
    const bool may_chat = model.task.empty() || std::find(kChatTasks.begin(), kChatTasks.end(),
                                                          model.task) != kChatTasks.end();
    if (!may_chat || services::is_starter(model)) continue;
    const auto facts = access.find_facts(model);
    if (facts && services::has_capability(*facts, inference::Capability::kCompletion))
      return model.name.display();
  }
  return models.choose(kChatTasks, {}).name;
}

CastNote CastKeeper::load(const Cast& cast, CastParts parts, const RunContext& run) {
  CastNote note;
  note.hear = keep(models_.choose(std::span(&kHearTask, 1), cast.hear), run);
  if (parts.chat) {
    note.chat = keep(models_.models().choose(choose_chat_model(models_, cast.chat), {}), run);
  }
  if (parts.speak) {
    const auto first = models_.choose(std::span(&kSpeakTask, 1), cast.speak);
    const std::string named = cast.speak.empty() ? std::string() : first.stored.name.display();
    const auto choice =
        speak::choose_voice(speak_.voices(), {named, cast.voice, cast.language, false});
    note.speak = keep(models_.choose(std::span(&kSpeakTask, 1), choice.voice.model), run);
  }
  return note;
}

std::string CastKeeper::keep(const services::ChosenModel& model, const RunContext& run) {
  auto lease = models_.models().acquire(model, std::nullopt, run);
  lease.give_back_slot();
  const std::lock_guard lock(mutex_);
  leases_.push_back(std::move(lease));
  return model.name;
}

void CastKeeper::look() {
  std::vector<core::Lease> wanted;  // given back without the lock
  const std::lock_guard lock(mutex_);
  for (auto lease = leases_.begin(); lease != leases_.end();) {
    if (lease->is_wanted_back()) {
      wanted.push_back(std::move(*lease));
      lease = leases_.erase(lease);
    } else {
      ++lease;
    }
  }
}

void CastKeeper::drop() {
  std::vector<core::Lease> dropped;
  const std::lock_guard lock(mutex_);
  dropped.swap(leases_);
}

bool CastKeeper::is_empty() const {
  const std::lock_guard lock(mutex_);
  return leases_.empty();
}

}  // namespace hailstone::voice
