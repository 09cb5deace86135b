// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The JSON of a response, of its items, and of the events of one that is being written. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "services/text/responses/task.hpp"

namespace hailstone::responses {

std::string write_response(const Response& response, const std::string& echo);
/// As they are kept.
std::vector<StoredItem> write_items(const std::vector<OutputItem>& items);

/// Makes the data of events; each gets the next number. Owned by one thread.
class EventNumbers {
 public:
  /// "response.created" and the others that show the whole response.
  std::string of_response(std::string_view type, const Response& response, const std::string& echo);
  std::string item_added(int index, const OutputItem& item);
  /// The place in the item where text goes.
  std::string part_added(int index, const OutputItem& item);
  std::string delta(int index, const OutputItem& item, std::string_view text,
                    const std::vector<inference::TokenLogprob>& logprobs);
  std::string text_done(int index, const OutputItem& item);
  std::string part_done(int index, const OutputItem& item);
  std::string item_done(int index, const OutputItem& item);

 private:
  int next_ = 0;
};

/// The "type" of an event.
struct EventNames {
  std::string_view part_added;  ///< empty: an item of that kind has no parts
  std::string_view delta;
  std::string_view text_done;
  std::string_view part_done;
};
EventNames names_for(OutputItem::Kind kind) noexcept;

std::string write_deleted(const std::string& id);
std::string write_input_items(const std::vector<StoredItem>& items);
std::string write_input_tokens(int tokens);

}  // namespace hailstone::responses
