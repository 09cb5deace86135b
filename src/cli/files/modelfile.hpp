// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// A Modelfile: the text in which a user describes a model, as Ollama reads it.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hailstone::cli {

struct Modelfile {
  std::vector<std::string> from;  ///< a name, or files
  std::vector<std::string> adapters;
  std::vector<std::pair<std::string, std::string>> parameters;
  std::optional<std::string> template_text;
  std::optional<std::string> system;
  std::vector<std::string> licenses;
  std::vector<std::pair<std::string, std::string>> messages;  ///< role, text
  std::vector<std::string> notes;  ///< for people: what has been left out, and why
};

/// Instructions in any case, one a line; a text in quotes may span several, and ends where a line
/// does. In any encoding that says what it is. What only Ollama knows what to do with is left out.
/// Pure. Throws Error(kBadRequest, "Modelfile:3: ...").
Modelfile parse_modelfile(std::string_view bytes);

}  // namespace hailstone::cli
