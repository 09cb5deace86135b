// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ostream>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "cli/commands.hpp"
#include "cli/term/human.hpp"
#include "cli/term/table.hpp"
#include "cli/term/text.hpp"

namespace hailstone::cli {
namespace {

/// Tasks and engines are plain words; anything else would need escapes in the address.
void require_word(const std::string& word) {
  const bool is_word = std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (!is_word) throw Error(ErrorCode::kBadRequest, "'" + word + "' is neither task nor engine");
}

std::string engines_of(const Json& model) {
  std::vector<std::string> out;
  for (const Json& variant : array_of(model, "variants")) {
    const std::string engine = text_of(variant, "engine");
    if (out.empty() || out.back() != engine) out.push_back(engine);
  }
  return join(out, ",");
}

std::string state_of(const Json& model) {
  if (truth_of(model, "loaded")) return "loaded";
  if (truth_of(model, "installed")) return "installed";
  return truth_of(model, "default") ? "default" : "";
}

std::string size_of(const Json& model) {
  const std::int64_t size = number_of(model, "size");
  return size > 0 ? human_bytes(size) : "-";
}

}  // namespace

void list_catalog(const CommandContext& context, const CatalogRequest& request, Output output) {
  require_word(request.task);
  require_word(request.engine);
  const Json reply = context.service.get(
      "/api/catalog?task=" + request.task + "&engine=" + request.engine, short_run());
  const Console& console = context.console;
  if (output == Output::kJson) {
    console.out << dump(reply, 2) << '\n';
    return;
  }
  std::vector<Row> rows = {{"NAME", "TASK", "SIZE", "ENGINES", "LICENCE", "STATE"}};
  for (const Json& model : array_of(reply, "models")) {
    rows.push_back({text_of(model, "name"), text_of(model, "task"), size_of(model),
                    engines_of(model), text_of(model, "licence"), state_of(model)});
  }
  console.out << format_table(rows);
  for (const Json& problem : array_of(reply, "problems")) {
    if (!problem.is_string()) continue;
    console.err << "hailstone: warning: " << printable_line(problem.get<std::string>()) << '\n';
  }
}

}  // namespace hailstone::cli
