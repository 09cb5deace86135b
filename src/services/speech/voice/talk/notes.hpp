// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the workers of a talk report to its thread.

#include <exception>
#include <functional>
#include <string>
#include <variant>

#include "base/clock.hpp"
#include "services/speech/speak/task.hpp"
#include "services/speech/voice/turns/spoken_text.hpp"
#include "services/text/chat/task.hpp"

namespace hailstone::voice {

/// Of a recogniser's run.
struct HearNote {
  int hearing = 0;
  enum class Kind { kPartial, kDone, kFailed } kind = Kind::kPartial;
  std::string text = {};      ///< all of the run's
  std::string language = {};  ///< kDone
  std::exception_ptr failure = {};
};

/// Of an answer.
struct ReplyNote {
  enum class Kind {
    kBegun,    ///< the model is there
    kPiece,    ///< of text or calls
    kWritten,  ///< to its end
    kClause,   ///< will be said now
    kSpeaker,
    kSound,
    kSpoken,  ///< all of it
    kFailed,
  };
  int reply = 0;
  Kind kind = Kind::kBegun;
  SteadyTime at{};
  chat::Started started = {};
  inference::TextChunk chunk = {};
  chat::Summary summary = {};
  std::string text = {};  ///< of kClause
  speak::Speaker speaker = {};
  std::string sound = {};  ///< 16 bit, little endian, of the talk's output rate
  Length length{};         ///< of the sound
  std::exception_ptr failure = {};
};

/// The models are loaded, or cannot be.
struct CastNote {
  std::string hear = {};
  std::string chat = {};
  std::string speak = {};
  std::exception_ptr failure = {};
};

using Note = std::variant<HearNote, ReplyNote, CastNote>;

/// Called on a worker's thread. Waits while too many have not been read; throws Error(kCancelled)
/// at the end of the talk.
using Post = std::function<void(Note&&)>;

}  // namespace hailstone::voice
