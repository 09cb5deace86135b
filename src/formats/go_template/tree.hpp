// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A parsed template. Plain values: trees are copied, compared part by part and cut.

#include <map>
#include <string>
#include <vector>

#include "formats/go_template/value.hpp"

namespace hailstone::go_template {

struct Pipeline;

/// What a command is made of.
struct Operand {
  enum class Kind { kDot, kField, kVariable, kFunction, kConstant, kNil, kPipeline };

  Kind kind = Kind::kDot;
  std::string name;                ///< of a variable ("$", "$x") or a function
  std::vector<std::string> chain;  ///< the fields that are asked for one after the other
  Value constant;
  std::vector<Pipeline> pipeline;  ///< one, in parentheses
};

struct Command {
  std::vector<Operand> operands;
};

struct Pipeline {
  int line = 0;
  std::vector<std::string> variables;  ///< are set; a range may set two
  bool declares = false;               ///< := rather than =
  std::vector<Command> commands;
};

struct Node {
  enum class Kind { kText, kAction, kIf, kRange, kWith, kTemplate, kBreak, kContinue };

  Kind kind = Kind::kText;
  int line = 0;
  std::string text;  ///< or the name of the template that is called
  Pipeline pipeline;
  std::vector<Node> body;
  std::vector<Node> otherwise;  ///< {{ else }}; an else-if is a node in it
};

using Nodes = std::vector<Node>;

struct Tree {
  Nodes root;
  std::map<std::string, Nodes, std::less<>> definitions;
};

}  // namespace hailstone::go_template
