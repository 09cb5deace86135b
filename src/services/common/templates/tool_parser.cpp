// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/templates/tool_parser.hpp"

#include <algorithm>
#include <utility>

#include "base/strings.hpp"
#include "services/common/templates/thinking_parser.hpp"

namespace hailstone::templates {
namespace {

/// What a model may write into one call before it is taken for no call at all.
constexpr std::size_t kMostCall = std::size_t{1} << 18;

struct NamedTool {
  const inference::ToolSpec* tool = nullptr;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The tool whose name comes first, of several there the longest. Nothing while the text ends in
/// what may become a longer name.
std::optional<NamedTool> find_tool(std::string_view text,
                                   const std::vector<inference::ToolSpec>& tools, Ended ended) {
  std::optional<NamedTool> found;
  for (const auto& tool : tools) {
    const std::size_t partial = partial_tag(text, tool.name);
    const bool grows = ended == Ended::kNo && partial > 0 && partial < tool.name.size();
    if (grows) return std::nullopt;
    const auto at = text.find(tool.name);
    if (tool.name.empty() || at == std::string_view::npos) continue;
    const bool better = !found || at < found->begin ||
                        (at == found->begin && tool.name.size() > found->tool->name.size());
    if (better) found = NamedTool{&tool, at, at + tool.name.size()};
  }
  return found;
}

bool takes_arguments(const inference::ToolSpec& tool) {
  const auto at = tool.parameters.find("\"properties\"");
  if (at == std::string::npos) return false;
  const auto open = tool.parameters.find('{', at);
  const auto next =
      open == std::string::npos ? open : tool.parameters.find_first_not_of(" \t\r\n", open + 1);
  return next != std::string::npos && tool.parameters[next] != '}';
}

}  // namespace

ToolParser::ToolParser(std::string tag, std::vector<inference::ToolSpec> tools)
    : tag_(std::move(tag)), tools_(std::move(tools)) {}

Called ToolParser::add(std::string_view piece) {
  Called out;
  if (state_ == State::kDone) {
    out.text = piece;
    return out;
  }
  kept_ += piece;
  if (state_ == State::kLooking && !find_tag(out)) return out;
  take_calls(out, Ended::kNo);
  if (is_closed() || kept_.size() > kMostCall) {
    state_ = State::kDone;
    out.text += std::exchange(kept_, {});
  }
  return out;
}

/// Gives false while there is none; what stands before it is text.
bool ToolParser::find_tag(Called& out) {
  const auto at = kept_.find(tag_);
  const std::size_t kept = at == std::string::npos ? partial_tag(kept_, tag_) : kept_.size() - at;
  out.text = kept_.substr(0, kept_.size() - kept);
  kept_.erase(0, out.text.size());
  // Braces inside a text are no call.
  if (is_bare() && !trim(out.text).empty()) {
    state_ = State::kDone;
    out.text += std::exchange(kept_, {});
    return false;
  }
  if (at == std::string::npos) return false;
  state_ = State::kCalling;
  return true;
}

std::optional<inference::ToolCall> ToolParser::take_call(Ended ended) {
  // An object ends with a brace: without a new one there is nothing new to find.
  const bool is_new = kept_.find('}', looked_) != std::string::npos;
  looked_ = kept_.size();
  if (!is_new && ended == Ended::kNo) return std::nullopt;
  const auto named = find_tool(kept_, tools_, ended);
  if (!named) return std::nullopt;
  inference::ToolCall call;
  call.name = named->tool->name;
  std::size_t end = named->end;
  if (auto found = find_arguments(kept_, call.name)) {
    call.arguments = std::move(found->json);
    end = std::max(end, found->end);
  } else {
    const bool is_bare_name = ended == Ended::kYes && kept_.find('{', end) == std::string::npos;
    if (!is_bare_name || takes_arguments(*named->tool)) return std::nullopt;
    call.arguments = "{}";
  }
  kept_.erase(0, end);
  looked_ = 0;
  return call;
}

/// Where braces stand for calls, the reply goes on as text behind the last one.
bool ToolParser::is_closed() const noexcept {
  if (!is_bare()) return false;
  const char open = tag_.front();
  const char close = open == '{' ? '}' : ']';
  int depth = 0;
  for (const char c : kept_) {
    if (c == open) ++depth;
    if (c == close && --depth == 0) return true;
  }
  return false;
}

void ToolParser::take_calls(Called& out, Ended ended) {
  while (auto call = take_call(ended)) {
    out.calls.push_back(*std::move(call));
    any_ = true;
  }
}

Called ToolParser::finish() {
  Called out;
  if (state_ == State::kCalling) take_calls(out, Ended::kYes);
  if (!any_) out.text = std::exchange(kept_, {});
  return out;
}

}  // namespace hailstone::templates
