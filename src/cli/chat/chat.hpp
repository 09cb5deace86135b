// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A conversation: what was said, with which options, and how the next reply is fetched and shown.

#include <string>
#include <vector>

#include "cli/client/json_access.hpp"
#include "cli/client/service.hpp"
#include "cli/term/console.hpp"

namespace hailstone::cli {

struct ChatOptions {
  std::string model;
  std::string system;
  Json format;                       ///< null: free text
  Json parameters = Json::object();  ///< as in "options"
  Json keep_alive;                   ///< null: the service decides
  bool verbose = false;              ///< counts and times to err after each reply
  bool wrap = true;
};

/// One thread. The references outlive it.
class Chat {
 public:
  Chat(Service& service, const Console& console, ChatOptions options);

  /// Has the model loaded. Throws what Service throws.
  void load(const RunContext& run);

  /// Sends a message and shows the reply while it comes. A reply that ends early, by an exception,
  /// stays part of the conversation as far as it came.
  void say(const std::string& text, const RunContext& run);

  void clear() { messages_.clear(); }
  ChatOptions& options() noexcept { return options_; }
  const std::vector<Json>& messages() const noexcept { return messages_; }

 private:
  class Turn;
  Json request() const;

  Service& service_;
  const Console& console_;
  ChatOptions options_;
  std::vector<Json> messages_;
};

}  // namespace hailstone::cli
