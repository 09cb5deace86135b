// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// An answer on its way: one thread has it written, the other one has it said, clause by clause.

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include "services/speech/speak/task.hpp"
#include "services/speech/voice/talk/notes.hpp"
#include "services/speech/voice/talk/voice_services.hpp"
#include "services/speech/voice/talk/worker.hpp"
#include "services/speech/voice/turns/clauses.hpp"
#include "services/text/chat/task.hpp"

namespace hailstone::voice {

/// How an answer is said.
struct SayPlan {
  speak::VoiceWish wish;
  double speed = 1;
  int output_rate = 24'000;
  std::optional<std::chrono::milliseconds> ahead;  ///< see TalkOptions
};

/// Clauses between who writes and who speaks. Thread-safe.
class ClauseQueue {
 public:
  void push(std::string clause);
  void finish();
  /// Nothing after the last one. Throws as RunContext::check does.
  std::optional<std::string> take(const RunContext& run);

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::string> clauses_;  // guarded by mutex_
  bool is_finished_ = false;         // guarded by mutex_
};

/// Used by the talk's thread. Reports as number, in the order of ReplyNote::Kind; kWritten may come
/// before the last sound, kSpoken comes after it, kFailed ends it.
class Answering {
 public:
  /// plan: nothing where the answer is not said. A task without a model is for the best one.
  Answering(int number, const VoiceServices& services, chat::ChatTask task,
            std::optional<SayPlan> plan, const RunContext& talk, Post post);

  void stop();
  bool is_done() const noexcept { return writer_.is_done() && (!speaker_ || speaker_->is_done()); }

 private:
  ClauseQueue clauses_;
  Worker writer_;
  std::optional<Worker> speaker_;
};

}  // namespace hailstone::voice
