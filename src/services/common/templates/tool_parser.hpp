// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Finds calls of tools in a reply that is still being written, by the tag that the model's template
// puts before them: the name of a tool that is on offer, then a JSON object of arguments. Pure.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inference/text_session.hpp"

namespace hailstone::templates {

struct Called {
  std::vector<inference::ToolCall> calls;  ///< without ids; arguments as the model wrote them
  std::string text;
};

/// Whether the reply has ended.
enum class Ended { kNo, kYes };

/// Owned by one thread.
class ToolParser {
 public:
  /// tag: "<tool_call>", "[TOOL_CALLS]"; "{" or "[": the reply is a call if it begins with one.
  ToolParser(std::string tag, std::vector<inference::ToolSpec> tools);

  Called add(std::string_view piece);
  /// The reply has ended; a call that never came is text.
  Called finish();

 private:
  enum class State { kLooking, kCalling, kDone };

  bool is_bare() const noexcept { return tag_ == "{" || tag_ == "["; }
  bool find_tag(Called& out);
  void take_calls(Called& out, Ended ended);
  std::optional<inference::ToolCall> take_call(Ended ended);
  bool is_closed() const noexcept;

  std::string tag_;
  std::vector<inference::ToolSpec> tools_;
  State state_ = State::kLooking;
  std::string kept_;
  std::size_t looked_ = 0;  ///< how much of kept_ has been looked through in vain
  bool any_ = false;
};

/// The arguments of a call in text, and where they end; nothing while no whole object of JSON is
/// there.
struct FoundArguments {
  std::string json;
  std::size_t end = 0;
};
std::optional<FoundArguments> find_arguments(std::string_view text, const std::string& tool);

}  // namespace hailstone::templates
