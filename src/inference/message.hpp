// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is said in a conversation: messages of text, pictures and sounds in the order in which they
// came, and calls of tools.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hailstone::inference {

enum class Role { kSystem, kUser, kAssistant, kTool };

/// A value.
struct Part {
  enum class Kind { kText, kImage, kAudio };

  Kind kind = Kind::kText;
  std::string data;  ///< the text; or PNG, JPEG, WebP; or WAV, MP3: raw bytes

  bool operator==(const Part&) const = default;
};

struct ToolCall {
  std::string id;
  std::string name;
  std::string arguments;  ///< a JSON object, as text

  bool operator==(const ToolCall&) const = default;
};

struct Message {
  Role role = Role::kUser;
  std::vector<Part> parts;
  std::string thinking;
  std::vector<ToolCall> tool_calls;
  std::string tool_name;
  std::string tool_call_id;
  /// What the client calls a role that is none of ours ("developer"); templates may know it. The
  /// role is then the user's.
  std::string role_name = {};
};

/// A message of one text. Of none where the text is empty.
Message make_message(Role role, std::string text);
void add_text(Message& message, std::string text);
void add_image(Message& message, std::string bytes);

/// Its texts, one behind the other.
std::string text_of(const Message& message);
bool has_part(const Message& message, Part::Kind kind) noexcept;
bool has_part(const std::vector<Message>& messages, Part::Kind kind) noexcept;

struct ToolSpec {
  std::string name;
  std::string description;
  std::string parameters;  ///< a JSON schema, as text
};

/// Which tools a reply may call, or has to.
struct ToolChoice {
  enum class Mode { kAuto, kNone, kRequired, kNamed };

  Mode mode = Mode::kAuto;
  std::string name;  ///< kNamed: the only one

  bool operator==(const ToolChoice&) const = default;
};

/// A piece of a call that is being written. The arguments of all pieces of an index, one behind the
/// other, are its JSON. The first piece of an index has its id and its name, later ones have none;
/// indices rise from 0, and the pieces of one come before those of the next.
struct ToolCallPiece {
  int index = 0;
  std::string id;
  std::string name;
  std::string arguments;
};

/// Makes whole calls of pieces. Owned by one thread.
class ToolCallJoiner {
 public:
  /// The calls that are complete now, because a later one has begun.
  std::vector<ToolCall> add(std::vector<ToolCallPiece>&& pieces);
  /// The last one.
  std::vector<ToolCall> finish();

 private:
  int index_ = -1;
  ToolCall call_;  ///< growing, if index_ is not negative
};

}  // namespace hailstone::inference
