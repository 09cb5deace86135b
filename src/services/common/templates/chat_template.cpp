// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/templates/chat_template.hpp"

#include <algorithm>
#include <utility>

#include "base/strings.hpp"
#include "services/common/templates/plain_messages.hpp"
#include "services/common/templates/values.hpp"

namespace hailstone::templates {
namespace {

using go_template::Record;
using go_template::Template;
using go_template::Tree;
using go_template::Value;
using inference::Capability;
using inference::Thinking;

/// With a place for the reply, where the text has none.
Template with_response(std::string_view text, const Clock& clock) {
  Template parsed(text, ollama_functions(clock));
  const TreeFacts facts = read_tree(parsed.tree());
  if (facts.uses("messages") || facts.uses("response")) return parsed;
  Tree tree = parsed.tree();
  tree.root.push_back(response_node());
  return {std::move(tree), parsed.functions()};
}

Template beginning_of(const Template& whole) {
  Tree tree = whole.tree();
  tree.root = cut_at_response(tree.root);
  return {std::move(tree), whole.functions()};
}

/// One question with its answer, for templates that know nothing else.
struct Round {
  std::string system;
  std::string prompt;
  std::string response;

  Record data(Thinking thinking) const {
    Record out;
    out.set("System", system);
    out.set("Prompt", prompt);
    out.set("Response", response);
    add_thinking(out, thinking);
    return out;
  }
};

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool has(const std::vector<Capability>& capabilities, Capability capability) {
  return std::find(capabilities.begin(), capabilities.end(), capability) != capabilities.end();
}

/// A Jinja template that writes both calls and their results.
bool jinja_has_round_trip(std::string_view jinja) {
  const bool calls = contains(jinja, "tool_calls") || contains(jinja, "assistant_tool_call");
  if (!calls || !contains(jinja, "tools")) return false;
  for (const char* sign : {"tool_response", "tool_results", "role'] == 'tool'",
                           "role'] == \"tool\"", "role\"] == 'tool'", "role\"] == \"tool\"",
                           ".role == 'tool'", ".role == \"tool\"", "ipython"}) {
    if (contains(jinja, sign)) return true;
  }
  return false;
}

std::vector<Capability> of_templates(const std::vector<Capability>& all) {
  std::vector<Capability> out;
  for (const auto capability : {Capability::kTools, Capability::kThinking}) {
    if (has(all, capability)) out.push_back(capability);
  }
  return out;
}

void set_capability(std::vector<Capability>& all, Capability capability, bool there) {
  if (there == has(all, capability)) return;
  if (there) {
    all.push_back(capability);
  } else {
    std::erase(all, capability);
  }
}

}  // namespace

ChatTemplate::ChatTemplate(std::string_view text, const Clock& clock)
    : text_(text),
      template_(with_response(text, clock)),
      beginning_(beginning_of(template_)),
      facts_(read_tree(template_.tree())) {}

std::string ChatTemplate::render(const inference::ChatPrompt& prompt, Thinking thinking,
                                 PictureMark mark) const {
  const Collated collated = collate(prompt.messages, mark);
  if (facts_.uses("messages")) {
    std::vector<Value> messages;
    messages.reserve(collated.messages.size());
    for (const auto& message : collated.messages) messages.push_back(message_value(message));
    Record data;
    data.set("System", collated.system);
    data.set("Messages", Value(std::move(messages)));
    data.set("Tools", tools_value(prompt.tools));
    data.set("Response", "");
    add_thinking(data, thinking);
    return template_.execute(data);
  }
  std::string out;
  Round round;
  const auto finish = [&] { out += template_.execute(std::exchange(round, {}).data(thinking)); };
  for (const auto& message : collated.messages) {
    if (message.role == "system") {
      if (!round.prompt.empty() || !round.response.empty()) finish();
      round.system = message.content;
    } else if (message.role == "assistant") {
      round.response = message.content;
    } else if (message.role == "user") {
      if (!round.response.empty()) finish();
      round.prompt = message.content;
    }
  }
  return out + beginning_.execute(round.data(thinking));
}

std::string ChatTemplate::render_infill(const inference::InfillPrompt& prompt,
                                        Thinking thinking) const {
  Record data;
  data.set("Prompt", prompt.prefix);
  data.set("Suffix", prompt.suffix);
  data.set("Response", "");
  add_thinking(data, thinking);
  return template_.execute(data);
}

bool ChatTemplate::has_tool_round_trip() const {
  if (!has_tools() || !facts_.uses("toolcalls")) return false;
  return contains(text_, "eq .Role \"tool\"") || contains(text_, "tool_response") ||
         contains(text_, "TOOL_RESULTS") || contains(text_, "Role \"tool\"");
}

inference::ModelFacts ChatTemplate::apply_to(inference::ModelFacts facts) const {
  auto& all = facts.capabilities;
  if (!has(all, Capability::kCompletion)) return facts;
  set_capability(all, Capability::kTools, has_tools());
  set_capability(all, Capability::kThinking, thinks());
  // What the engine fills in by tokens of the model's own stays.
  if (has_infill()) set_capability(all, Capability::kInsert, true);
  std::sort(all.begin(), all.end());
  return facts;
}

bool prefers_own_template(const inference::ModelFacts& facts, const ChatTemplate& store) {
  if (facts.chat_template.empty()) return false;
  const auto own = of_templates(facts.capabilities);
  const auto stores = of_templates(store.apply_to(facts).capabilities);
  const bool own_round_trip = jinja_has_round_trip(facts.chat_template);
  if (own.size() > stores.size()) return !store.has_tool_round_trip() || own_round_trip;
  const bool both_have_tools = own == stores && has(own, Capability::kTools);
  return both_have_tools && own_round_trip && !store.has_tool_round_trip();
}

}  // namespace hailstone::templates
