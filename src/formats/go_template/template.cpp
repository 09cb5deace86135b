// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/go_template/template.hpp"

#include <algorithm>
#include <utility>

#include "formats/go_template/lexer.hpp"
#include "formats/go_template/parser.hpp"
#include "formats/go_template/printing.hpp"

namespace hailstone::go_template {
namespace {

using Kind = Value::Kind;

FunctionNames names_of(const Functions& functions) {
  FunctionNames names{"and", "or"};
  for (const auto& [name, function] : builtin_functions()) names.insert(name);
  for (const auto& [name, function] : functions) names.insert(name);
  return names;
}

/// One execution. Owned by one thread.
class Execution {
 public:
  Execution(const Tree& tree, const Functions& functions, const Limits& limits)
      : tree_(tree), functions_(functions), limits_(limits) {}

  std::string run(const Value& data) {
    variables_.emplace_back("$", data);
    walk(tree_.root, data);
    return std::move(out_);
  }

 private:
  enum class Flow { kOn, kBreak, kContinue };
  using Variables = std::vector<std::pair<std::string, Value>>;

  void spend(std::size_t steps) {
    steps_ += steps;
    if (steps_ > limits_.steps) fail(line_, "the template takes too long");
  }

  void spend_on(const Value& made) {
    if (made.is(Kind::kText)) spend(made.size() / 64);
  }

  void write(std::string_view text) {
    if (text.size() > limits_.output - out_.size()) fail(line_, "the template writes too much");
    spend(text.size() / 64);
    out_ += text;
  }

  Flow walk(const Nodes& nodes, const Value& dot) {
    if (++depth_ > limits_.depth) fail(line_, "the template calls itself too deeply");
    Flow flow = Flow::kOn;
    for (std::size_t i = 0; i < nodes.size() && flow == Flow::kOn; ++i) flow = walk(nodes[i], dot);
    --depth_;
    return flow;
  }

  Flow walk(const Node& node, const Value& dot) {
    line_ = node.line;
    spend(1);
    switch (node.kind) {
      case Node::Kind::kText:
        write(node.text);
        return Flow::kOn;
      case Node::Kind::kAction:
        act(node.pipeline, dot);
        return Flow::kOn;
      case Node::Kind::kIf:
      case Node::Kind::kWith:
        return branch(node, dot);
      case Node::Kind::kRange:
        return range(node, dot);
      case Node::Kind::kTemplate:
        call_template(node, dot);
        return Flow::kOn;
      case Node::Kind::kBreak:
        return Flow::kBreak;
      case Node::Kind::kContinue:
        return Flow::kContinue;
    }
    return Flow::kOn;
  }

  void act(const Pipeline& pipeline, const Value& dot) {
    const Value value = evaluate(pipeline, dot);
    if (!pipeline.variables.empty()) return;
    if (value.is(Kind::kText)) return write(value.text());
    write(value.is(Kind::kNil) ? "<no value>" : print(value));
  }

  Flow branch(const Node& node, const Value& dot) {
    const std::size_t known = variables_.size();
    const Value value = evaluate(node.pipeline, dot);
    const bool holds = value.holds();
    const bool rebinds = holds && node.kind == Node::Kind::kWith;
    const Flow flow = walk(holds ? node.body : node.otherwise, rebinds ? value : dot);
    variables_.resize(known);
    return flow;
  }

  Flow range(const Node& node, const Value& dot) {
    const std::size_t known = variables_.size();
    const Value over = evaluate(node.pipeline, dot);
    const std::size_t inner = variables_.size();
    bool any = false;
    Flow flow = Flow::kOn;
    for_each(node, over, [&](const Value& key, const Value& value) {
      any = true;
      spend(1);
      set_range_variables(node.pipeline, key, value);
      flow = walk(node.body, value);
      variables_.resize(inner);
      return flow != Flow::kBreak;
    });
    flow = any ? Flow::kOn : walk(node.otherwise, dot);
    variables_.resize(known);
    return flow;
  }

  /// visit gives false to end it.
  template <typename Visit>
  void for_each(const Node& node, const Value& over, const Visit& visit) {
    switch (over.kind()) {
      case Kind::kNil:
        return;
      case Kind::kInt:
        for (std::int64_t i = 0; i < over.as_int(); ++i) {
          if (!visit(Value(i), Value(i))) return;
        }
        return;
      case Kind::kList:
        for (std::size_t i = 0; i < over.size(); ++i) {
          if (!visit(Value(static_cast<std::int64_t>(i)), over.item(i))) return;
        }
        return;
      case Kind::kRecord:
        if (over.record().shape == Record::Shape::kMap) return for_each_field(over, visit);
        break;
      default:
        break;
    }
    fail(node.line, "range can't iterate over a " + std::string(name_of(over.kind())));
  }

  template <typename Visit>
  void for_each_field(const Value& over, const Visit& visit) {
    auto fields = over.record().fields;
    spend(fields.size());
    std::stable_sort(fields.begin(), fields.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [name, value] : fields) {
      if (!visit(Value(name), value)) return;
    }
  }

  /// One variable is the value, two are the index and the value.
  void set_range_variables(const Pipeline& pipeline, const Value& key, const Value& value) {
    const auto& names = pipeline.variables;
    if (names.empty()) return;
    set_variable(pipeline, names.front(), names.size() == 1 ? value : key);
    if (names.size() > 1) set_variable(pipeline, names.back(), value);
  }

  void set_variable(const Pipeline& pipeline, const std::string& name, const Value& value) {
    if (pipeline.declares) {
      variables_.emplace_back(name, value);
    } else {
      *find_variable(name) = value;
    }
  }

  Value* find_variable(const std::string& name) {
    for (auto variable = variables_.rbegin(); variable != variables_.rend(); ++variable) {
      if (variable->first == name) return &variable->second;
    }
    fail(line_, "undefined variable: " + name);
  }

  void call_template(const Node& node, const Value& dot) {
    const Value inner = node.pipeline.commands.empty() ? Value() : evaluate(node.pipeline, dot);
    const auto found = tree_.definitions.find(node.text);
    if (found == tree_.definitions.end()) {
      fail(node.line, "template \"" + node.text + "\" not defined");
    }
    const Variables outer = std::exchange(variables_, Variables{{"$", inner}});
    walk(found->second, inner);
    variables_ = outer;
  }

  Value evaluate(const Pipeline& pipeline, const Value& dot) {
    Value value;
    for (std::size_t i = 0; i < pipeline.commands.size(); ++i) {
      value = evaluate(pipeline.commands[i], dot, i == 0 ? nullptr : &value);
    }
    // A range sets its variables itself, once for each item.
    const bool is_pair = pipeline.variables.size() > 1;
    for (const auto& name : pipeline.variables) {
      if (!is_pair) set_variable(pipeline, name, value);
    }
    return value;
  }

  /// last: what the command before in the pipeline has given.
  Value evaluate(const Command& command, const Value& dot, const Value* last) {
    const Operand& first = command.operands.front();
    if (first.kind == Operand::Kind::kFunction) return call(command, dot, last);
    if (command.operands.size() > 1 || last != nullptr) {
      fail(line_, "can't give argument to non-function " + text_of(first));
    }
    if (first.kind == Operand::Kind::kNil) fail(line_, "nil is not a command");
    return value_of(first, dot);
  }

  static std::string text_of(const Operand& operand) {
    std::string text =
        operand.kind == Operand::Kind::kConstant ? print(operand.constant) : operand.name;
    for (const auto& field : operand.chain) text.append(".").append(field);
    return text.empty() ? "." : text;
  }

  Value value_of(const Operand& operand, const Value& dot) {
    spend(1);
    switch (operand.kind) {
      case Operand::Kind::kDot:
        return dot;
      case Operand::Kind::kField:
        return follow(dot, operand.chain);
      case Operand::Kind::kVariable:
        return follow(*find_variable(operand.name), operand.chain);
      case Operand::Kind::kConstant:
        return operand.constant;
      case Operand::Kind::kNil:
        return {};
      case Operand::Kind::kPipeline:
        return follow(evaluate(operand.pipeline.front(), dot), operand.chain);
      case Operand::Kind::kFunction: {
        Command alone;
        alone.operands.push_back(operand);
        alone.operands.front().chain.clear();
        return follow(call(alone, dot, nullptr), operand.chain);
      }
    }
    return {};
  }

  Value follow(Value value, const std::vector<std::string>& chain) {
    for (std::size_t i = 0; i < chain.size(); ++i) value = field_of(value, chain[i], i == 0);
    return value;
  }

  Value field_of(const Value& value, const std::string& name, bool is_first) {
    if (value.is(Kind::kNil)) {
      if (is_first) return {};
      fail(line_, "nil pointer evaluating ." + name);
    }
    if (!value.is(Kind::kRecord)) {
      fail(line_, "can't evaluate field " + name + " in a " + std::string(name_of(value.kind())));
    }
    const Record& record = value.record();
    spend(1 + record.fields.size() / 16);
    if (const Value* found = record.find(name)) return *found;
    if (record.shape == Record::Shape::kMap) return {};
    fail(line_, "can't evaluate field " + name + ": there is none of that name");
  }

  Value call(const Command& command, const Value& dot, const Value* last) {
    const Operand& function = command.operands.front();
    if (function.name == "and" || function.name == "or") return shortcut(command, dot, last);
    std::vector<Value> arguments;
    arguments.reserve(command.operands.size());
    for (std::size_t i = 1; i < command.operands.size(); ++i) {
      arguments.push_back(value_of(command.operands[i], dot));
    }
    if (last != nullptr) arguments.push_back(*last);
    spend(1 + arguments.size());
    const auto own = functions_.find(function.name);
    const Function& run =
        own != functions_.end() ? own->second : builtin_functions().find(function.name)->second;
    for (const Value& argument : arguments) spend_on(argument);
    Value made = run(Call{function.name, line_, arguments});
    spend_on(made);
    return follow(std::move(made), function.chain);
  }

  /// The first argument that decides; those behind it are not evaluated.
  Value shortcut(const Command& command, const Value& dot, const Value* last) {
    const bool wanted = command.operands.front().name == "or";
    const std::size_t count = command.operands.size();
    if (count < 2 && last == nullptr) {
      fail(line_,
           "wrong number of args for " + command.operands.front().name + ": want at least 1 got 0");
    }
    Value value;
    for (std::size_t i = 1; i < count; ++i) {
      value = value_of(command.operands[i], dot);
      if (value.holds() == wanted) return value;
    }
    return last == nullptr ? value : *last;
  }

  const Tree& tree_;
  const Functions& functions_;
  const Limits limits_;
  Variables variables_;
  std::string out_;
  std::size_t steps_ = 0;
  int depth_ = 0;
  int line_ = 0;
};

}  // namespace

Template::Template(std::string_view text, Functions functions)
    : functions_(std::move(functions)), tree_(parse_tree(text, names_of(functions_))) {}

Template::Template(Tree tree, Functions functions)
    : functions_(std::move(functions)), tree_(std::move(tree)) {}

std::string Template::execute(const Value& data, const Limits& limits) const {
  return Execution(tree_, functions_, limits).run(data);
}

}  // namespace hailstone::go_template
