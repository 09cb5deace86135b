// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The messages of /api/voice. Pure.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/speech/voice/talk/notes.hpp"
#include "services/speech/voice/talk/task.hpp"
#include "services/speech/wake/detector.hpp"

namespace hailstone::voice {

enum class Wire : std::uint8_t {
  kPcm16,  ///< little endian
  kOpus,   ///< packets, one a message
};

struct LiveOptions {
  TalkOptions talk;
  Wire input = Wire::kPcm16;
  int input_rate = 16'000;
  Wire output = Wire::kPcm16;
  std::vector<Item> history = {};
  std::vector<std::string> wake = {};  ///< words, one of which wakes it up; none: always awake
  wake::WakeOptions wake_options = {};
  milliseconds attention{8000};  ///< so long it stays awake while nothing happens
};

LiveOptions default_options();

/// The members of {"type":"start",...} and {"type":"update",...}, over what was said before:
/// docs/voice.md lists them. Throws Error(kBadRequest) that names the field.
void read_options(std::string_view message, LiveOptions& options);
/// The same from a query.
void read_options(const std::map<std::string, std::string>& query, LiveOptions& options);

/// What a client says besides sound.
struct Command {
  enum class Kind : std::uint8_t {
    kStart,
    kUpdate,
    kCommit,
    kClear,
    kCancel,
    kPlayed,
    kText,
    kToolResult,
    kStop,
  };
  Kind kind = Kind::kStart;
  std::string text = {};  ///< kText; the output of kToolResult
  std::string id = {};    ///< of the call
  milliseconds played{};  ///< kPlayed
};
/// Throws Error(kBadRequest).
Command parse_command(std::string_view message);

std::string write_ready(const CastNote& cast, const LiveOptions& options);
std::string write_awake(const wake::WakeWord& word, const wake::Detection& call);
std::string write_asleep();
std::string write_speech_started(const Turn& turn);
std::string write_speech_stopped(const Turn& turn);
std::string write_partial(const Turn& turn, std::string_view text);
std::string write_heard(const Turn& turn);
std::string write_reply_started(const Reply& reply);
std::string write_text(const Reply& reply, std::string_view text);
std::string write_speaking(const Reply& reply, const speak::Speaker& speaker);
std::string write_tool_call(const Reply& reply, const inference::ToolCall& call);
std::string write_interrupted(const Reply& reply);
std::string write_reply_done(const Reply& reply);
std::string write_error(const Error& error);
std::string write_end();

}  // namespace hailstone::voice
