// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a talk is told and what it tells, as plain values, whatever the dialect.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "inference/message.hpp"
#include "services/speech/voice/turns/conversation.hpp"
#include "services/speech/voice/turns/turn_detector.hpp"

namespace hailstone::voice {

using std::chrono::milliseconds;

/// Who hears, thinks and speaks. Empty: what is best here.
struct Cast {
  std::string hear;   ///< a model of the task "transcribe"
  std::string chat;   ///< any that writes text
  std::string speak;  ///< a model of the task "speak"
  std::string voice;
  std::string language;  ///< of both sides; empty: the recogniser finds out

  bool operator==(const Cast&) const = default;
};

/// What an answer shall be; a single one may differ from the talk's.
struct ReplyOptions {
  std::string instructions;
  bool speaks = true;  ///< false: text alone
  std::string voice;   ///< empty: the cast's
  double speed = 1;
  std::optional<int> most_tokens;
  std::optional<double> temperature;
  std::vector<inference::ToolSpec> tools;
  inference::ToolChoice tool_choice;
  bool parallel_tool_calls = true;
};

enum class TurnTaking : std::uint8_t {
  kAutomatic,   ///< the detector says when a turn ends
  kPushToTalk,  ///< the client does
};

/// Whether a turn that the client has ended gets an answer by itself.
enum class Answer : std::uint8_t { kWanted, kNotYet };

struct TalkOptions {
  Cast cast;
  ReplyOptions reply;
  TurnTaking turn_taking = TurnTaking::kAutomatic;
  TurnOptions turns;
  milliseconds prefix{300};           ///< heard of what was before speech
  bool replies = true;                ///< to a turn that the detector ended
  bool may_interrupt = true;          ///< speech stops the answer
  bool cuts_history = false;          ///< by what was heard; else the client does it: truncate()
  std::optional<milliseconds> idle;   ///< after so much silence the assistant speaks by itself
  std::string hint;                   ///< how names are spelt, for the recogniser
  int output_rate = 24'000;           ///< of the answers' sound, in Hz
  std::optional<milliseconds> ahead;  ///< sound is sent at most so long before it is played
};

/// When something happened, counted from the end of the user's speech.
struct ReplyTimes {
  std::optional<milliseconds> turn_end;  ///< that it was over was known
  std::optional<milliseconds> heard;     ///< its text was
  std::optional<milliseconds> token;     ///< the first one
  std::optional<milliseconds> clause;    ///< the first one went to the voice
  std::optional<milliseconds> sound;     ///< its first sound came
};

struct ReplyUsage {
  int input_tokens = 0;
  int cached_tokens = 0;
  int text_tokens = 0;         ///< of the answer
  milliseconds sound{};        ///< of the answer
  milliseconds heard_sound{};  ///< of the turn that it answers
  int dropped_messages = 0;    ///< of the history, to make it fit
};

struct Reply {
  enum class Status : std::uint8_t { kInProgress, kCompleted, kCancelled, kIncomplete, kFailed };
  /// Why it was cancelled.
  enum class Reason : std::uint8_t { kNone, kTurnDetected, kClientCancelled };

  std::string id;
  std::string item_id;    ///< of what it says
  bool is_apart = false;  ///< not part of the conversation
  ReplyOptions options;
  std::map<std::string, std::string> metadata = {};
  Status status = Status::kInProgress;
  Reason reason = Reason::kNone;
  std::string text = {};
  std::string heard = {};  ///< of a cancelled one: as far as it was heard
  std::vector<inference::ToolCall> calls = {};
  std::vector<std::string> call_items = {};  ///< their ids
  std::optional<Error> error = {};
  ReplyTimes times = {};
  ReplyUsage usage = {};
  std::string chat_engine = {};
  std::string voice = {};  ///< who speaks
};

/// A reply that a client asks for.
struct ReplyWish {
  ReplyOptions options;
  bool is_apart = false;
  std::optional<std::vector<Item>> input = {};  ///< instead of the conversation
  std::map<std::string, std::string> metadata = {};
};

/// A turn of the user's, as far as it has come.
struct Turn {
  std::string item_id;
  std::string text = {};
  std::string language = {};
  milliseconds begin{};  ///< in the sound that has come
  milliseconds end{};
  milliseconds sound{};  ///< that went to the recogniser
  std::optional<milliseconds> turn_end = {};
  std::optional<milliseconds> heard = {};
};

}  // namespace hailstone::voice
