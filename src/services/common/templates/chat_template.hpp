// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The template of a model in a store, as Ollama understands it: what it is given, how conversations
// become prompts, and what its text tells about the replies.

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "formats/go_template/template.hpp"
#include "inference/model_facts.hpp"
#include "inference/text_session.hpp"
#include "services/common/templates/tree_facts.hpp"

namespace hailstone::templates {

/// What a model without any template is told: the bare prompt.
inline constexpr std::string_view kDefaultTemplate = "{{ .Prompt }}";

/// What shall stand for a picture in a prompt.
using PictureMark = std::string_view;

/// Immutable; any thread may use it.
class ChatTemplate {
 public:
  /// Throws Error(kBadRequest, "template: line 3: ...").
  explicit ChatTemplate(std::string_view text, const Clock& clock = system_clock());

  /// The prompt up to where the reply begins. Consecutive messages of one role are one, but for
  /// results of tools; a template that does not know of messages is run once for each question and
  /// its answer. Throws as the constructor does.
  std::string render(const inference::ChatPrompt& prompt, inference::Thinking thinking,
                     PictureMark mark = {}) const;

  /// Fill in the middle.
  std::string render_infill(const inference::InfillPrompt& prompt,
                            inference::Thinking thinking) const;

  const TreeFacts& facts() const noexcept { return facts_; }
  const std::string& text() const noexcept { return text_; }

  bool has_tools() const { return facts_.uses("tools"); }
  bool has_infill() const { return facts_.uses("suffix"); }
  bool thinks() const { return !facts_.thinking_open.empty() && !facts_.thinking_close.empty(); }
  /// Whether a call and its result both find their place in a conversation.
  bool has_tool_round_trip() const;

  /// A model's capabilities, where this template makes its prompts.
  inference::ModelFacts apply_to(inference::ModelFacts facts) const;

 private:
  std::string text_;
  go_template::Template template_;
  go_template::Template beginning_;  ///< up to the reply
  TreeFacts facts_;
};

/// Whether the model's own Jinja makes better prompts than the store's template: it can do more, or
/// only it knows what to do with results of tools. As Ollama decides.
bool prefers_own_template(const inference::ModelFacts& facts, const ChatTemplate& store);

}  // namespace hailstone::templates
