// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A response: what a client of /v1/responses asks, what is written for it, and what is kept.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "services/text/chat/task.hpp"

namespace hailstone::responses {

/// One entry of a conversation, as JSON text, and its id.
struct StoredItem {
  std::string id;
  std::string json;
};

struct Call {
  chat::ChatTask task;
  std::string previous;  ///< the response that this one goes on from; may be empty
  bool store = true;
  std::string echo;               ///< the request's settings that a response repeats: a JSON object
  std::vector<StoredItem> input;  ///< of this request alone
  std::map<std::string, std::string, std::less<>> namespaces = {};  ///< of tools that have one
};

/// What a model writes.
struct OutputItem {
  enum class Kind { kReasoning, kMessage, kCall };

  Kind kind = Kind::kMessage;
  std::string id;
  std::string text;          ///< or what was thought, or a call's arguments
  std::string call_id = {};  ///< this and the next of a call
  std::string name = {};
  std::string name_space = {};  ///< of the tool, as the client has grouped them
  std::vector<inference::TokenLogprob> logprobs = {};
};

enum class Status { kInProgress, kCompleted, kIncomplete, kFailed };

/// Everything that a response object tells.
struct Response {
  std::string id;
  std::int64_t created = 0;                    ///< seconds since 1970
  std::optional<std::int64_t> completed = {};  ///< the same
  Status status = Status::kInProgress;
  std::string error_code = {};  ///< of one that failed
  std::string error_message = {};
  std::vector<OutputItem> output = {};
  chat::Summary summary = {};
};

}  // namespace hailstone::responses
