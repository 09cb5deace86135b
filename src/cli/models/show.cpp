// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ostream>
#include <utility>

#include "base/strings.hpp"
#include "cli/commands.hpp"
#include "cli/term/table.hpp"
#include "cli/term/text.hpp"

namespace hailstone::cli {
namespace {

constexpr std::pair<ShowPart, const char*> kParts[] = {{ShowPart::kModelfile, "modelfile"},
                                                       {ShowPart::kTemplate, "template"},
                                                       {ShowPart::kParameters, "parameters"},
                                                       {ShowPart::kLicense, "license"},
                                                       {ShowPart::kSystem, "system"}};

/// The number under "<architecture>.<key>", as GGUF names it.
std::string fact(const Json& info, const std::string& key) {
  const std::string name = text_of(info, "general.architecture") + '.' + key;
  const std::int64_t value = number_of(info, name.c_str());
  return value > 0 ? std::to_string(value) : std::string();
}

std::string section(const std::string& title, std::vector<Row> rows) {
  std::erase_if(rows, [](const Row& row) { return row.back().empty(); });
  return rows.empty() ? "" : "  " + title + '\n' + format_table(rows, 4) + '\n';
}

/// The first lines of a text, one row each.
std::vector<Row> first_lines(const std::string& text, std::size_t count) {
  std::vector<Row> rows;
  for (const std::string& line : split(text, '\n')) {
    if (trim(line).empty()) continue;
    if (rows.size() == count) {
      rows.push_back({"..."});
      break;
    }
    rows.push_back({std::string(trim(line))});
  }
  return rows;
}

std::vector<Row> parameter_rows(const std::string& parameters) {
  std::vector<Row> rows;
  for (const std::string& line : split(parameters, '\n')) {
    const std::string_view text = trim(line);
    const auto end = std::min(text.find(' '), text.size());
    if (!text.empty()) {
      rows.push_back({std::string(text.substr(0, end)), std::string(trim(text.substr(end)))});
    }
  }
  return rows;
}

std::string overview(const Json& reply) {
  const Json& details = object_of(reply, "details");
  const Json& info = object_of(reply, "model_info");
  std::string architecture = text_of(info, "general.architecture");
  if (architecture.empty()) architecture = text_of(details, "family");
  std::vector<Row> capabilities;
  for (const Json& capability : array_of(reply, "capabilities")) {
    if (capability.is_string()) capabilities.push_back({capability.get<std::string>()});
  }
  const std::string task = text_of(reply, "task");
  return section("Model", {{"architecture", architecture},
                           {"task", task == "chat" ? "" : task},
                           {"engine", task == "chat" ? "" : text_of(reply, "engine")},
                           {"parameters", text_of(details, "parameter_size")},
                           {"context length", fact(info, "context_length")},
                           {"embedding length", fact(info, "embedding_length")},
                           {"quantization", text_of(details, "quantization_level")}}) +
         section("Capabilities", capabilities) +
         section("Parameters", parameter_rows(text_of(reply, "parameters"))) +
         section("System", first_lines(text_of(reply, "system"), 2)) +
         section("License", first_lines(text_of(reply, "license"), 1));
}

}  // namespace

void show_model(const CommandContext& context, const std::string& model, ShowPart part) {
  const Console& console = context.console;
  const Json reply = context.service.post("/api/show", Json{{"model", model}}, short_run());
  if (part == ShowPart::kAll) {
    console.out << overview(reply);
    return;
  }
  if (part == ShowPart::kJson) {
    console.out << dump(reply, 2) << '\n';
    return;
  }
  const auto found = std::find_if(std::begin(kParts), std::end(kParts),
                                  [&](auto& one) { return one.first == part; });
  std::string text = text_of(reply, found->second);
  if (console.out_is_terminal) text = printable(text);
  if (!text.empty() && text.back() != '\n') text += '\n';
  console.out << text;
}

}  // namespace hailstone::cli
