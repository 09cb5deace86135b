// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What has been said in a talk: items, as OpenAI's Realtime API has them, and the messages that a
// language model gets of them. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inference/message.hpp"
#include "services/speech/voice/turns/spoken_text.hpp"

namespace hailstone::voice {

struct Content {
  enum class Kind : std::uint8_t { kText, kAudio, kImage };
  Kind kind = Kind::kText;
  std::string text = {};  ///< the text; of audio what was said; of an image its bytes

  bool operator==(const Content&) const = default;
};

struct Item {
  enum class Kind : std::uint8_t { kMessage, kCall, kCallOutput };
  enum class Status : std::uint8_t { kInProgress, kCompleted, kIncomplete };

  std::string id = {};
  Kind kind = Kind::kMessage;
  Status status = Status::kCompleted;
  inference::Role role = inference::Role::kUser;
  std::vector<Content> contents = {};
  inference::ToolCall call = {};  ///< kCall; of kCallOutput its id
  std::string output = {};        ///< kCallOutput
  SpokenText spoken = {};         ///< of an answer that sounds
};

/// The texts of all contents, one behind the other.
std::string text_of(const Item& item);

/// A conversation that goes on for ever loses its oldest items.
inline constexpr std::size_t kMostItems = 1000;

/// Belongs to one thread.
class Conversation {
 public:
  const std::vector<Item>& items() const noexcept { return items_; }
  /// Null where there is none.
  Item* find(std::string_view id) noexcept;
  /// Behind the item of that id, "root": before all, nothing: at the end. Throws Error(kNotFound)
  /// for an id that is none, Error(kConflict) for an item whose id is there already. Gives the id
  /// of the item before it; empty: it is the first.
  std::string add(Item item, const std::optional<std::string>& after = std::nullopt);
  /// False where it is not there.
  bool remove(std::string_view id);
  /// The id of the last one; empty: there is none.
  std::string last_id() const;

  /// Leaves of an answer what has sounded until then. Throws Error(kNotFound) for an item that is
  /// not there, Error(kBadRequest) for one that does not sound, or not so long.
  void truncate(std::string_view id, Length until);

 private:
  std::vector<Item> items_;
};

/// What a language model is told. instructions may be empty.
std::vector<inference::Message> make_messages(std::string_view instructions,
                                              const std::vector<Item>& items);

}  // namespace hailstone::voice
