// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/go_template/parser.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/strings.hpp"
#include "formats/go_template/lexer.hpp"

namespace hailstone::go_template {
namespace {

/// Recursion is over what is nested in the text.
constexpr int kMaxNesting = 200;

/// The tokens of one action, and what they may mean at its place. Owned by one thread.
class ActionParser {
 public:
  ActionParser(const std::vector<Token>& tokens, const FunctionNames& functions,
               std::vector<std::string>& variables)
      : tokens_(tokens), functions_(functions), variables_(variables) {}

  const Token& peek() const noexcept { return tokens_[at_]; }
  const Token& next() noexcept { return at_ + 1 < tokens_.size() ? tokens_[at_++] : tokens_[at_]; }

  bool takes(Token::Kind kind, std::string_view text) {
    if (peek().kind != kind || peek().text != text) return false;
    next();
    return true;
  }

  std::string quoted_name(const char* what) {
    const Token& token = next();
    if (token.kind != Token::Kind::kConstant || !token.constant.is(Value::Kind::kText)) {
      fail(token.line, std::string("{{") + what + "}} wants a name in quotes");
    }
    return token.constant.text();
  }

  bool at_end() const noexcept { return peek().kind == Token::Kind::kEnd; }

  void expect_end(const char* what) const {
    if (!at_end()) unexpected(peek(), what);
  }

  /// The whole rest of the action.
  Pipeline pipeline(const char* context) {
    Pipeline out = open_pipeline(context);
    while (!at_end()) out.commands.push_back(command(context));
    check(out, context);
    return out;
  }

  [[noreturn]] static void unexpected(const Token& token, const char* context) {
    const std::string what =
        token.kind == Token::Kind::kEnd ? "end" : std::string(utf8_prefix(token.text, 40));
    fail(token.line, "unexpected " + what + " in " + context);
  }

 private:
  bool is_mark(std::string_view text) const noexcept {
    return peek().kind == Token::Kind::kMark && peek().text == text;
  }

  /// With the variables in front of it.
  Pipeline open_pipeline(const char* context) {
    Pipeline out;
    out.line = peek().line;
    while (peek().kind == Token::Kind::kVariable) {
      const Token& mark = tokens_[at_ + 1];  // kEnd is the last
      const bool sets = mark.kind == Token::Kind::kMark && (mark.text == ":=" || mark.text == "=");
      const bool is_first = mark.kind == Token::Kind::kMark && mark.text == ",";
      if (!sets && !is_first) break;
      out.variables.push_back(next().text);
      next();
      if (sets) {
        out.declares = mark.text == ":=";
        break;
      }
      const bool pairs = std::string_view(context) == "range" && out.variables.size() < 2;
      if (!pairs) fail(mark.line, std::string("too many declarations in ") + context);
      if (peek().kind != Token::Kind::kVariable) {
        fail(peek().line, "range can only initialize variables");
      }
    }
    if (!out.declares) {
      for (const auto& name : out.variables) require_variable(name, out.line);
    }
    declared_.insert(declared_.end(), out.declares ? out.variables.begin() : out.variables.end(),
                     out.variables.end());
    return out;
  }

 public:
  /// What the pipelines have declared becomes known: behind them, not in them.
  void declare() {
    variables_.insert(variables_.end(), declared_.begin(), declared_.end());
    declared_.clear();
  }

 private:
  void check(const Pipeline& pipeline, const char* context) {
    if (pipeline.commands.empty()) {
      fail(pipeline.line, std::string("missing value for ") + context);
    }
    for (std::size_t i = 1; i < pipeline.commands.size(); ++i) {
      const auto kind = pipeline.commands[i].operands.front().kind;
      if (kind == Operand::Kind::kConstant || kind == Operand::Kind::kDot ||
          kind == Operand::Kind::kNil) {
        fail(pipeline.line, "non executable command in pipeline stage " + std::to_string(i + 1));
      }
    }
  }

  Command command(const char* context) {
    Command out;
    for (;;) {
      if (at_end() || is_mark(")")) break;
      if (is_mark("|")) {
        const Token& pipe = next();
        if (at_end() || is_mark(")") || is_mark("|")) {
          fail(pipe.line, "missing value behind |");
        }
        break;
      }
      if (!out.operands.empty() && !peek().spaced) unexpected(peek(), "operand");
      out.operands.push_back(operand(context));
    }
    if (out.operands.empty()) fail(peek().line, "empty command");
    return out;
  }

  Operand operand(const char* context) {
    const Token& token = peek();
    Operand out = term(context);
    const bool is_field = out.kind == Operand::Kind::kField;
    while (peek().kind == Token::Kind::kField && !peek().spaced) {
      if (out.kind == Operand::Kind::kConstant || out.kind == Operand::Kind::kDot ||
          out.kind == Operand::Kind::kNil) {
        fail(token.line, "unexpected . after term " + token.text);
      }
      out.chain.push_back(next().text);
    }
    if (is_field && out.chain.empty()) unexpected(token, context);
    return out;
  }

  Operand term(const char* context) {
    const Token& token = next();
    Operand out;
    switch (token.kind) {
      case Token::Kind::kDot:
        return out;
      case Token::Kind::kField:
        out.kind = Operand::Kind::kField;
        out.chain.push_back(token.text);
        return out;
      case Token::Kind::kVariable:
        require_variable(token.text, token.line);
        out.kind = Operand::Kind::kVariable;
        out.name = token.text;
        return out;
      case Token::Kind::kConstant:
        out.kind = Operand::Kind::kConstant;
        out.constant = token.constant;
        return out;
      case Token::Kind::kWord:
        return word(token);
      case Token::Kind::kMark:
        if (token.text == "(") return parenthesized();
        break;
      case Token::Kind::kEnd:
        break;
    }
    unexpected(token, context);
  }

  Operand word(const Token& token) const {
    Operand out;
    out.kind = Operand::Kind::kConstant;
    if (token.text == "true" || token.text == "false") {
      out.constant = Value(token.text == "true");
    } else if (token.text == "nil") {
      out.kind = Operand::Kind::kNil;
    } else {
      if (functions_.count(token.text) == 0) {
        fail(token.line, "function \"" + token.text + "\" not defined");
      }
      out.kind = Operand::Kind::kFunction;
      out.name = token.text;
    }
    return out;
  }

  Operand parenthesized() {
    constexpr const char* kContext = "parenthesized pipeline";
    if (++nesting_ > kMaxNesting) fail(peek().line, "parentheses are nested too deeply");
    Pipeline inner = open_pipeline(kContext);
    while (!is_mark(")")) {
      if (at_end()) fail(peek().line, "unclosed left paren");
      inner.commands.push_back(command(kContext));
    }
    next();
    check(inner, kContext);
    --nesting_;
    Operand out;
    out.kind = Operand::Kind::kPipeline;
    out.pipeline.push_back(std::move(inner));
    return out;
  }

  void require_variable(const std::string& name, int line) const {
    const auto known = [&](const auto& names) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (!known(variables_) && !known(declared_)) fail(line, "undefined variable \"" + name + '"');
  }

  const std::vector<Token>& tokens_;
  const FunctionNames& functions_;
  std::vector<std::string>& variables_;
  std::vector<std::string> declared_;
  std::size_t at_ = 0;
  int nesting_ = 0;
};

/// The parts of a template, from the first to the last. One use.
class TreeParser {
 public:
  TreeParser(std::string_view text, const FunctionNames& functions)
      : parts_(cut_template(text)), functions_(functions) {}

  Tree parse() {
    tree_.root = list();
    if (stop_ != Stop::kNone) fail(stop_line_, std::string("unexpected {{") + stop_word() + "}}");
    for (const auto& [name, line] : called_) {
      if (tree_.definitions.count(name) == 0) fail(line, "template \"" + name + "\" not defined");
    }
    return std::move(tree_);
  }

 private:
  /// What has ended a list.
  enum class Stop { kNone, kEnd, kElse };

  const char* stop_word() const noexcept { return stop_ == Stop::kEnd ? "end" : "else"; }

  /// Up to {{end}}, {{else}} or the end of the template.
  Nodes list() {
    Nodes nodes;
    stop_ = Stop::kNone;
    while (at_ < parts_.size()) {
      const Part& part = parts_[at_++];
      if (!part.text.empty()) add_text(part, nodes);
      if (part.action.empty()) continue;
      ActionParser action(part.action, functions_, variables_);
      add_action(action, part.line, nodes);
      if (stop_ != Stop::kNone) break;
    }
    return nodes;
  }

  static void add_text(const Part& part, Nodes& nodes) {
    Node node;
    node.line = part.text_line;
    node.text = part.text;
    nodes.push_back(std::move(node));
  }

  void add_action(ActionParser& action, int line, Nodes& nodes) {
    constexpr auto kWord = Token::Kind::kWord;
    if (action.takes(kWord, "end")) {
      action.expect_end("end");
      return stop(Stop::kEnd, line);
    }
    if (action.takes(kWord, "else")) {
      pending_.emplace(action);
      return stop(Stop::kElse, line);
    }
    if (action.takes(kWord, "if")) {
      nodes.push_back(control(action, Node::Kind::kIf, "if", line));
    } else if (action.takes(kWord, "range")) {
      nodes.push_back(control(action, Node::Kind::kRange, "range", line));
    } else if (action.takes(kWord, "with")) {
      nodes.push_back(control(action, Node::Kind::kWith, "with", line));
    } else if (action.takes(kWord, "define")) {
      define(action, line);
    } else if (action.takes(kWord, "block")) {
      nodes.push_back(block(action, line));
    } else if (action.takes(kWord, "template")) {
      nodes.push_back(call(action, line));
    } else if (action.takes(kWord, "break")) {
      nodes.push_back(jump(action, Node::Kind::kBreak, "break", line));
    } else if (action.takes(kWord, "continue")) {
      nodes.push_back(jump(action, Node::Kind::kContinue, "continue", line));
    } else {
      Node node;
      node.kind = Node::Kind::kAction;
      node.line = line;
      node.pipeline = action.pipeline("command");
      action.declare();
      nodes.push_back(std::move(node));
    }
  }

  void stop(Stop stop, int line) {
    stop_ = stop;
    stop_line_ = line;
  }

  Node control(ActionParser& action, Node::Kind kind, const char* word, int line) {
    if (++nesting_ > kMaxNesting) fail(line, "control structures are nested too deeply");
    const std::size_t known = variables_.size();
    Node node;
    node.kind = kind;
    node.line = line;
    node.pipeline = action.pipeline(word);
    action.declare();
    ranges_ += kind == Node::Kind::kRange ? 1 : 0;
    node.body = list();
    ranges_ -= kind == Node::Kind::kRange ? 1 : 0;
    if (stop_ == Stop::kElse) node.otherwise = otherwise(kind);
    if (stop_ != Stop::kEnd) unclosed(word, line);
    stop_ = Stop::kNone;
    variables_.resize(known);
    --nesting_;
    return node;
  }

  /// What follows an {{else}}; one {{end}} closes the whole row of else-ifs.
  Nodes otherwise(Node::Kind kind) {
    const int line = stop_line_;
    ActionParser action = *pending_;
    pending_.reset();
    for (const auto& [word, chained] :
         {std::pair{"if", Node::Kind::kIf}, std::pair{"with", Node::Kind::kWith}}) {
      if (kind != chained || !action.takes(Token::Kind::kWord, word)) continue;
      Nodes nodes;
      nodes.push_back(control(action, chained, word, line));
      stop_ = Stop::kEnd;
      return nodes;
    }
    action.expect_end("else");
    Nodes nodes = list();
    if (stop_ == Stop::kElse) fail(stop_line_, "expected end; found {{else}}");
    return nodes;
  }

  [[noreturn]] static void unclosed(const char* word, int line) {
    fail(line, std::string("{{") + word + "}} has no {{end}}");
  }

  /// A template has its own variables, and stands in no range.
  void definition(const std::string& name, const char* word, int line) {
    const auto variables = std::exchange(variables_, {"$"});
    const int ranges = std::exchange(ranges_, 0);
    if (++nesting_ > kMaxNesting) fail(line, "templates are nested too deeply");
    Nodes body = list();
    if (stop_ != Stop::kEnd) unclosed(word, line);
    stop_ = Stop::kNone;
    --nesting_;
    variables_ = variables;
    ranges_ = ranges;
    tree_.definitions[name] = std::move(body);
  }

  void define(ActionParser& action, int line) {
    if (nesting_ > 0) fail(line, "unexpected {{define}}");
    const std::string name = action.quoted_name("define");
    action.expect_end("define clause");
    definition(name, "define", line);
  }

  Node block(ActionParser& action, int line) {
    Node node = call_of(action, "block", line);
    if (node.pipeline.commands.empty()) fail(line, "missing value for block clause");
    definition(node.text, "block", line);
    return node;
  }

  Node call(ActionParser& action, int line) {
    Node node = call_of(action, "template", line);
    called_.emplace(node.text, line);
    return node;
  }

  static Node call_of(ActionParser& action, const char* word, int line) {
    Node node;
    node.kind = Node::Kind::kTemplate;
    node.line = line;
    node.text = action.quoted_name(word);
    if (!action.at_end()) node.pipeline = action.pipeline("template clause");
    action.declare();
    return node;
  }

  Node jump(ActionParser& action, Node::Kind kind, const char* word, int line) const {
    action.expect_end(word);
    if (ranges_ == 0) fail(line, std::string("{{") + word + "}} outside {{range}}");
    Node node;
    node.kind = kind;
    node.line = line;
    return node;
  }

  const std::vector<Part> parts_;
  const FunctionNames& functions_;
  std::vector<std::string> variables_{"$"};
  std::map<std::string, int> called_;
  Tree tree_;
  std::size_t at_ = 0;
  Stop stop_ = Stop::kNone;
  int stop_line_ = 0;
  std::optional<ActionParser> pending_;  ///< what stands behind the {{else}} that has ended a list
  int ranges_ = 0;
  int nesting_ = 0;
};

}  // namespace

Tree parse_tree(std::string_view text, const FunctionNames& functions) {
  return TreeParser(text, functions).parse();
}

}  // namespace hailstone::go_template
