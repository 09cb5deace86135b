// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the text of a template tells about its model, without running it. Pure.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "formats/go_template/tree.hpp"

namespace hailstone::templates {

struct TreeFacts {
  std::set<std::string> names;  ///< of all fields that are looked at, in lower case
  std::string thinking_open;    ///< "<think>": what stands before .Thinking; may be empty
  std::string thinking_close;
  std::string tool_tag;            ///< what a call of a tool begins with; "{": mere JSON
  std::vector<std::string> stops;  ///< special texts that stand behind what the model says

  bool uses(std::string_view name) const { return names.count(std::string(name)) > 0; }
};

TreeFacts read_tree(const go_template::Tree& tree);

/// The nodes up to {{ .Response }}: what follows comes after the reply.
go_template::Nodes cut_at_response(const go_template::Nodes& nodes);

/// {{ .Response }}.
go_template::Node response_node();

}  // namespace hailstone::templates
