// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/speech/wyoming/watching.hpp"

#include <utility>

#include "services/speech/wyoming/protocol/wire_message.hpp"

namespace hailstone::wyoming {

Watching::Watching(const wake::WakeService& service, std::vector<std::string> names, Send send)
    : names_(std::move(names)), send_(std::move(send)), detector_(service.open(names_, {})) {}

void Watching::push(const AudioChunk& chunk, RunContext run) {
  samples_.clear();
  input_.push(chunk, samples_);
  run.lane = Lane::kLive;
  for (const auto& detection : detector_.push(samples_, run)) {
    has_detected_ = true;
    const auto& name =
        names_.empty() ? detector_.words()[detection.word].word.name : names_[detection.word];
    send_(write_detection(name, chunk.at));
  }
}

void Watching::finish() {
  if (!has_detected_) send_(write_not_detected());
}

}  // namespace hailstone::wyoming
