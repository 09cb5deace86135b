// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is said in Wyoming's protocol, as plain values: the events that clients send.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace hailstone::wyoming {

/// One event as it stands on the wire.
struct Event {
  std::string type;
  std::string data;     ///< a JSON object as text; empty: none
  std::string payload;  ///< sound, mostly

  bool operator==(const Event&) const = default;
};

/// Of a client's stream of sound.
using Timestamp = std::optional<std::chrono::milliseconds>;

struct SoundShape {
  int rate = 16'000;
  int width = 2;  ///< bytes of a sample
  int channels = 1;

  bool operator==(const SoundShape&) const = default;
};

/// Who speaks, and in which conversation. All may be empty.
struct Context {
  std::string conversation;
  std::string satellite;  ///< the device that heard it
  std::string json;       ///< as it came, to be sent back
};

struct Describe {};
struct Ping {
  std::string text;
};

struct Transcribe {
  std::string model;
  std::string language;
  /// After so much silence an utterance is over.
  std::chrono::milliseconds silence{700};
};
struct AudioStart {
  SoundShape shape;
  Timestamp at;
};
struct AudioChunk {
  SoundShape shape;
  Timestamp at;
  std::string bytes;
};
struct AudioStop {};

struct VoiceName {
  std::string name;
  std::string language;
  std::string speaker;
};
struct Synthesize {
  std::string text;
  VoiceName voice;
  bool is_ssml = false;
};
/// Its text comes in pieces.
struct SynthesizeStart {
  VoiceName voice;
  bool is_ssml = false;
};
struct SynthesizeChunk {
  std::string text;
};
struct SynthesizeStop {};

struct Detect {
  std::vector<std::string> names;  ///< empty: any
};

/// Something that a person said, to be answered or carried out.
struct Said {
  std::string text;
  std::string language;
  Context context;
};
struct Recognize {
  Said said;  ///< only as an intent
};

struct Unknown {
  std::string type;
};

using Message = std::variant<Describe, Ping, Transcribe, AudioStart, AudioChunk, AudioStop,
                             Synthesize, SynthesizeStart, SynthesizeChunk, SynthesizeStop, Detect,
                             Said, Recognize, Unknown>;

}  // namespace hailstone::wyoming
