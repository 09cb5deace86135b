// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/common/templates/tree_facts.hpp"

#include <algorithm>
#include <functional>

#include "base/strings.hpp"

namespace hailstone::templates {
namespace {

using go_template::Node;
using go_template::Nodes;
using go_template::Operand;
using go_template::Pipeline;

bool names(const Operand& operand, std::string_view field) {
  return std::find(operand.chain.begin(), operand.chain.end(), field) != operand.chain.end();
}

/// Every operand of a pipeline, those in parentheses too.
void visit(const Pipeline& pipeline, const std::function<void(const Operand&)>& see) {
  for (const auto& command : pipeline.commands) {
    for (const auto& operand : command.operands) {
      see(operand);
      for (const auto& inner : operand.pipeline) visit(inner, see);
    }
  }
}

bool mentions(const Pipeline& pipeline, std::string_view field) {
  bool found = false;
  visit(pipeline, [&](const Operand& operand) { found = found || names(operand, field); });
  return found;
}

bool is_text(const Node& node) noexcept {
  return node.kind == Node::Kind::kText;
}

/// Collects the facts on a walk that knows what surrounds it.
class Reader {
 public:
  TreeFacts read(const go_template::Tree& tree) {
    walk(tree.root, Inside::kNothing);
    for (const auto& [name, nodes] : tree.definitions) walk(nodes, Inside::kNothing);
    facts_.tool_tag = find_tool_tag(tree.root);
    return std::move(facts_);
  }

 private:
  enum class Inside { kNothing, kMessages };

  void walk(const Nodes& nodes, Inside inside) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const Node& node = nodes[i];
      visit(node.pipeline, [this](const Operand& operand) {
        for (const auto& field : operand.chain) facts_.names.insert(to_lower(field));
      });
      if (node.kind == Node::Kind::kAction) {
        if (inside == Inside::kMessages && mentions(node.pipeline, "Thinking"))
          read_thinking(nodes);
        const bool says = mentions(node.pipeline, "Response") ||
                          (inside == Inside::kMessages && mentions(node.pipeline, "Content"));
        if (says) read_stop(nodes, i + 1);
      }
      Inside next = inside;
      if (node.kind == Node::Kind::kRange) {
        next = mentions(node.pipeline, "Messages") ? Inside::kMessages : Inside::kNothing;
      }
      walk(node.body, next);
      walk(node.otherwise, next);
    }
  }

  /// The tags are the texts at both ends of the list that the thoughts stand in.
  void read_thinking(const Nodes& nodes) {
    if (!facts_.thinking_open.empty()) return;
    if (is_text(nodes.front())) facts_.thinking_open = trim(nodes.front().text);
    if (is_text(nodes.back())) facts_.thinking_close = trim(nodes.back().text);
  }

  /// The text behind a reply, perhaps inside an {{ if }}, or behind one.
  bool read_stop(const Nodes& nodes, std::size_t at) {
    for (; at < nodes.size(); ++at) {
      const bool is_blank = is_text(nodes[at]) && trim(nodes[at].text).empty();
      if (is_blank) continue;
      if (is_text(nodes[at])) return add_stop(trim(nodes[at].text));
      if (nodes[at].kind != Node::Kind::kIf) return false;
      if (read_stop(nodes[at].body, 0)) return true;
    }
    return false;
  }

  /// A text that only tokenizers write: "<|im_end|>", "</s>", "<end_of_turn>".
  bool add_stop(std::string_view text) {
    if (!text.starts_with('<')) return false;
    const auto end = text.find('>');
    if (end == std::string_view::npos) return false;
    const std::string stop(text.substr(0, end + 1));
    const bool special =
        stop.starts_with("<|") || stop == "</s>" || stop == "<end_of_turn>" || stop == "<eos>";
    const auto& known = facts_.stops;
    if (special && std::find(known.begin(), known.end(), stop) == known.end()) {
      facts_.stops.push_back(stop);
    }
    return special;
  }

  static const Node* find_tool_calls(const Nodes& nodes) {
    for (const Node& node : nodes) {
      if (node.kind == Node::Kind::kIf && mentions(node.pipeline, "ToolCalls")) return &node;
      if (const Node* found = find_tool_calls(node.body)) return found;
      if (const Node* found = find_tool_calls(node.otherwise)) return found;
    }
    return nullptr;
  }

  /// The first text that is written; nothing where a value comes before it.
  static const std::string* find_text(const Nodes& nodes) {
    for (const Node& node : nodes) {
      if (is_text(node) && trim(node.text).empty()) continue;
      if (is_text(node)) return &node.text;
      if (node.kind == Node::Kind::kAction && !node.pipeline.variables.empty()) continue;
      if (node.kind == Node::Kind::kAction) return nullptr;
      const std::string* found = find_text(node.body);
      return found != nullptr ? found : find_text(node.otherwise);
    }
    return nullptr;
  }

  static std::string find_tool_tag(const Nodes& nodes) {
    const Node* calls = find_tool_calls(nodes);
    const std::string* text = calls == nullptr ? nullptr : find_text(calls->body);
    if (text == nullptr) return "{";
    // The braces are the call's own.
    const std::string tag(trim(std::string_view(*text).substr(0, text->find('{'))));
    return tag.empty() ? "{" : tag;
  }

  TreeFacts facts_;
};

/// Gives true once .Response has been seen.
bool cut(Nodes& nodes) {
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    Node& node = nodes[i];
    bool seen = node.kind == Node::Kind::kAction && mentions(node.pipeline, "Response");
    if (!seen && cut(node.body)) {
      seen = true;
      node.otherwise.clear();
    }
    seen = seen || cut(node.otherwise);
    if (!seen) continue;
    nodes.resize(i + 1);
    return true;
  }
  return false;
}

}  // namespace

TreeFacts read_tree(const go_template::Tree& tree) {
  return Reader().read(tree);
}

Nodes cut_at_response(const Nodes& nodes) {
  Nodes out = nodes;
  cut(out);
  return out;
}

Node response_node() {
  Operand response;
  response.kind = Operand::Kind::kField;
  response.chain = {"Response"};
  Node node;
  node.kind = Node::Kind::kAction;
  node.pipeline.commands.push_back({{response}});
  return node;
}

}  // namespace hailstone::templates
