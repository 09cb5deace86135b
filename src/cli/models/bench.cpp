// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>
#include <ostream>

#include "cli/commands.hpp"
#include "cli/models/library.hpp"
#include "cli/term/human.hpp"
#include "cli/term/interrupts.hpp"
#include "cli/term/table.hpp"
#include "cli/term/text.hpp"

namespace hailstone::cli {
namespace {

/// Three digits say enough: "1234", "123", "12.3", "1.23".
std::string human_number(double value) {
  std::array<char, 64> text{};
  const int digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

std::string amount_in(const Json& object, const char* key, const char* unit) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number()) return "-";
  return human_number(found->get<double>()) + " " + unit;
}

std::string memory_of(const Json& variant) {
  const Json& memory = object_of(variant, "memory");
  const std::int64_t host = number_of(memory, "host_bytes");
  const std::int64_t npu = number_of(memory, "npu_bytes");
  if (host + npu <= 0) return "-";
  return human_bytes(host) + (npu > 0 ? " + " + human_bytes(npu) + " NPU" : "");
}

Row make_row(const Json& variant) {
  const Json& speed = object_of(variant, "speed");
  return {text_of(variant, "model"),
          text_of(variant, "engine"),
          amount_in(speed, "value", text_of(speed, "unit").c_str()),
          amount_in(speed, "prompt_tokens_per_second", "tokens/s"),
          amount_in(speed, "median_ms", "ms"),
          amount_in(speed, "p90_ms", "ms"),
          memory_of(variant),
          amount_in(variant, "load_seconds", "s"),
          truth_of(variant, "chosen") ? "takes this" : ""};
}

void print_table(const Console& console, const Json& variants, const std::string& last_column) {
  std::vector<Row> rows = {
      {"VARIANT", "ENGINE", "SPEED", "PROMPT", "MEDIAN", "P90", "MEMORY", "LOAD", last_column}};
  for (const Json& variant : variants) rows.push_back(make_row(variant));
  console.out << format_table(rows);
}

void print_result(const Console& console, const Json& result) {
  print_table(console, array_of(result, "variants"), "AUTO");
  for (const Json& missing : array_of(result, "missing")) {
    console.out << "not installed: " << printable_line(text_of(missing, "engine"))
                << " (hailstone pull " << printable_line(text_of(missing, "model")) << ")\n";
  }
  for (const Json& variant : array_of(result, "variants")) {
    const std::string why = text_of(variant, "error");
    if (why.empty()) continue;
    console.err << "hailstone: warning: " << printable_line(text_of(variant, "model")) << ": "
                << printable_line(why) << '\n';
  }
}

Json body_of(const BenchRequest& request) {
  Json body{{"model", request.model}};
  if (!request.engine.empty()) body["engine"] = request.engine;
  if (request.runs > 0) body["runs"] = request.runs;
  if (request.all) body["all"] = true;
  return body;
}

}  // namespace

void bench_model(const CommandContext& context, const BenchRequest& request, Output output) {
  Json result;
  if (request.model.empty()) {
    result = context.service.get("/api/bench", short_run());
  } else {
    Interrupts interrupts;
    ProgressView view(context.console);
    result = follow(context, "/api/bench", body_of(request), view,
                    {Deadline::never(), interrupts.arm()});
  }
  // Figures in a pipe are for a program.
  if (output == Output::kJson || !context.console.out_is_terminal) {
    context.console.out << dump(result, 2) << '\n';
  } else if (request.model.empty()) {
    print_table(context.console, array_of(result, "measurements"), "");
  } else {
    print_result(context.console, result);
  }
}

}  // namespace hailstone::cli
