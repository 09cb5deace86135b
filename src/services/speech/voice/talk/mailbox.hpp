// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the thread of a talk waits for: the client's messages and the workers' news, in order. The
// client's messages and sound that was made each have a share of their own; other news are small
// and few, and never wait: who waits for a worker must not be waited for.

#include <array>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>

#include "http/web_socket.hpp"
#include "inference/run_wait.hpp"
#include "services/speech/voice/talk/notes.hpp"

namespace hailstone::voice {

using Letter = std::variant<http::WebSocketMessage, Note>;

/// Thread-safe.
class Mailbox {
 public:
  /// Waits while there are too many of its kind. Throws as RunContext::check does.
  void push(Letter letter, const RunContext& run) {
    std::unique_lock lock(mutex_);
    auto& count = counts_[kind_of(letter)];
    wait_for(changed_, lock, run,
             [&] { return &count == &counts_[kNews] || count < kMostWaiting; });
    ++count;
    letters_.push_back(std::move(letter));
    changed_.notify_all();
  }

  /// Nothing when none has come until then, or at the stop.
  std::optional<Letter> take(Deadline until, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    if (!wait_until(changed_, lock, until, stop, [this] { return !letters_.empty(); })) {
      return std::nullopt;
    }
    Letter letter = std::move(letters_.front());
    letters_.pop_front();
    --counts_[kind_of(letter)];
    changed_.notify_all();
    return letter;
  }

 private:
  enum Kind : std::size_t { kMessages, kSounds, kNews };
  static constexpr int kMostWaiting = 64;

  static Kind kind_of(const Letter& letter) noexcept {
    const auto* note = std::get_if<Note>(&letter);
    if (note == nullptr) return kMessages;
    const auto* reply = std::get_if<ReplyNote>(note);
    return reply != nullptr && reply->kind == ReplyNote::Kind::kSound ? kSounds : kNews;
  }

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Letter> letters_;
  std::array<int, 3> counts_{};
};

}  // namespace hailstone::voice
