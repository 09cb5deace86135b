// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// OpenAI's Realtime API as plain values: a session's settings, and what a client asks of it.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "services/speech/voice/talk/task.hpp"

namespace hailstone::realtime {

using voice::milliseconds;

/// Which names a client knows.
enum class Dialect : std::uint8_t {
  kGa,
  kBeta,  ///< with the header OpenAI-Beta: realtime=v1
};

enum class SessionKind : std::uint8_t {
  kRealtime,
  kTranscription,  ///< nothing is answered
};

enum class Encoding : std::uint8_t { kPcm16, kMuLaw, kALaw };

struct Format {
  Encoding encoding = Encoding::kPcm16;
  int rate = 24'000;

  bool operator==(const Format&) const = default;
};

/// A session as it stands.
struct Session {
  SessionKind kind = SessionKind::kRealtime;
  std::string id;
  std::string json;  ///< the whole of it, as GA clients see it
  voice::TalkOptions talk;
  Format input;
  Format output;
  bool tells_transcripts = false;  ///< of what the user said
};

/// A client's event.
struct Command {
  enum class Kind : std::uint8_t {
    kUpdate,
    kAppend,
    kCommit,
    kClear,
    kCreateItem,
    kRetrieve,
    kDelete,
    kTruncate,
    kRespond,
    kCancel,
    kClearOutput,
  };
  Kind kind = Kind::kUpdate;
  std::string session = {};               ///< kUpdate: JSON
  std::string audio = {};                 ///< kAppend: bytes
  voice::Item item = {};                  ///< kCreateItem
  std::optional<std::string> after = {};  ///< likewise: previous_item_id
  std::string item_id = {};               ///< kRetrieve, kDelete, kTruncate
  milliseconds audio_end{};               ///< kTruncate
  std::string response = {};              ///< kRespond: JSON; kCancel: an id, or empty
};

/// What a client got wrong, and in which of its events.
struct Complaint {
  std::string type = "invalid_request_error";
  std::string code;
  std::string message;
  std::string param;     ///< may be empty
  std::string event_id;  ///< of the client's event; may be empty
};

}  // namespace hailstone::realtime
