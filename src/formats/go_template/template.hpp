// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Go's text/template: the language in which Ollama's registries write what a model is told. The
// whole of it but methods, channels and complex numbers; maps that lack a key give nil
// ("missingkey=zero"). Pure.
//
//   const Template greeting("Hello {{ .Name }}");
//   Record data;
//   data.set("Name", "Ada");
//   greeting.execute(data);

#include <cstddef>
#include <string>
#include <string_view>

#include "formats/go_template/functions.hpp"
#include "formats/go_template/tree.hpp"

namespace hailstone::go_template {

/// Whoever writes a template does not own the machine it runs on.
struct Limits {
  std::size_t steps = 2'000'000;               ///< nodes and operands, and each 64 bytes made
  std::size_t output = std::size_t{64} << 20;  ///< bytes
  int depth = 400;                             ///< of what is nested, calls of templates included
};

/// A value: immutable once made, so that any threads may execute it.
class Template {
 public:
  /// functions: beside Go's own. Throws Error(kBadRequest, "template: line 3: ...").
  explicit Template(std::string_view text, Functions functions = {});
  /// Of a tree that was parsed with these functions.
  Template(Tree tree, Functions functions);

  /// Throws as the constructor does, for what only the data shows, and where a limit is reached.
  std::string execute(const Value& data, const Limits& limits = {}) const;

  const Tree& tree() const noexcept { return tree_; }
  const Functions& functions() const noexcept { return functions_; }

 private:
  Functions functions_;
  Tree tree_;
};

}  // namespace hailstone::go_template
