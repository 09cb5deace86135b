// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/slots/slot_keeper.hpp"

#include <cstdint>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "engines/llama/slots/wire_slots.hpp"
#include "log/log.hpp"

namespace hailstone::engines::llama {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// An unload has somebody who waits for its memory; a load, for its first answer.
constexpr auto kPatience = 3s;

std::string file_of(int slot) {
  return "slot-" + std::to_string(slot);
}

std::string target_of(int slot, const char* action) {
  return "/slots/" + std::to_string(slot) + "?action=" + action;
}

bool is_worth(const SlotState& slot, const SlotCost& cost, const PromptFileOptions& options) {
  if (slot.is_working || cost.tokens_per_second <= 0) return false;
  const std::chrono::duration<double> time(slot.tokens / cost.tokens_per_second);
  const auto bytes = static_cast<std::uint64_t>(slot.tokens) * cost.bytes_per_token;
  return slot.tokens > 0 && time >= options.worth_keeping && bytes <= options.budget.count();
}

}  // namespace

SlotKeeper::SlotKeeper(std::shared_ptr<const PromptFiles> files, fs::path folder, std::string model)
    : files_(std::move(files)), folder_(std::move(folder)), model_(std::move(model)) {}

void SlotKeeper::restore(const SlotDoor& door, const RunContext& run) try {
  const RunContext bounded{Deadline::in(kPatience).earlier(run.deadline), run.stop};
  int restored = 0;
  for (const SlotState& slot : parse_slots(door.get("/slots", bounded))) {
    if (restore_slot(door, slot.id, bounded)) ++restored;
  }
  if (restored > 0) files_->tell(model_, 0, restored);
} catch (const Error& error) {
  log::debug("llama", "kept prompts are not used", {{"model", model_}, {"why", error.what()}});
}

bool SlotKeeper::restore_slot(const SlotDoor& door, int slot, const RunContext& run) {
  const std::string name = file_of(slot);
  std::error_code error;
  if (!fs::exists(folder_ / name, error)) return false;
  try {
    return parse_kept_tokens(door.post(target_of(slot, "restore"), file_request(name), run)) > 0;
  } catch (const Error& refusal) {
    // It would be refused the next time, too.
    if (refusal.code() == ErrorCode::kBadRequest) fs::remove(folder_ / name, error);
    throw;
  }
}

void SlotKeeper::save(const SlotDoor& door, const SlotCost& cost) try {
  const RunContext run{Deadline::in(kPatience), {}};
  int saved = 0;
  for (const SlotState& slot : parse_slots(door.get("/slots", run))) {
    if (is_worth(slot, cost, files_->options()) && save_slot(door, slot.id, run)) ++saved;
  }
  if (saved == 0) return;
  files_->keep_within_budget();
  files_->tell(model_, saved, 0);
} catch (const Error& error) {
  log::debug("llama", "prompts are not kept", {{"model", model_}, {"why", error.what()}});
}

/// Under another name until it is whole.
bool SlotKeeper::save_slot(const SlotDoor& door, int slot, const RunContext& run) {
  const std::string name = file_of(slot);
  const std::string unfinished = name + ".part";
  const int tokens =
      parse_kept_tokens(door.post(target_of(slot, "save"), file_request(unfinished), run));
  std::error_code error;
  if (tokens > 0) fs::rename(folder_ / unfinished, folder_ / name, error);
  if (tokens <= 0 || error) fs::remove(folder_ / unfinished, error);
  return tokens > 0 && !error;
}

}  // namespace hailstone::engines::llama
