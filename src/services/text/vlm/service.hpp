// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Questions about pictures, for people who have a picture and a question and no dialect.

#include <string>

#include "base/run_context.hpp"
#include "services/text/chat/task.hpp"

namespace hailstone::chat {
class ChatService;
}
namespace hailstone::picture {
class ModelChoice;
}

namespace hailstone::vlm {

/// Thread-safe.
class VlmService {
 public:
  /// Both outlive it.
  VlmService(chat::ChatService& chat, picture::ModelChoice& choice) noexcept
      : chat_(chat), choice_(choice) {}

  /// Which model answers where a client names none: the one that was installed last of those that
  /// see and speak. Throws http::StatusError 503 with the command that installs one.
  std::string default_model();

  /// As ChatService::generate.
  chat::Summary ask(const chat::GenerateTask& task, chat::ReplySink& sink, const RunContext& run);

 private:
  chat::ChatService& chat_;
  picture::ModelChoice& choice_;
};

}  // namespace hailstone::vlm
