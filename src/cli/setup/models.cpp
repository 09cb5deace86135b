// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/setup/models.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <istream>
#include <ostream>
#include <string_view>

#include "base/error.hpp"
#include "cli/models/library.hpp"
#include "cli/term/human.hpp"
#include "cli/term/table.hpp"
#include "cli/term/text.hpp"

namespace hailstone::cli {
namespace {

/// In the order in which they are fetched: what people try first.
constexpr std::array<std::string_view, 8> kTasks = {"chat", "detect", "transcribe",  "speak",
                                                    "ocr",  "pose",   "face-detect", "embed"};
/// Of the memory for models, what one may take.
constexpr std::int64_t kShare = 3;

/// "0.6B" as 4-bit weights with what goes with them; a registry tells the true size only later.
std::int64_t estimate(const std::string& parameters) {
  const double amount = std::strtod(parameters.c_str(), nullptr);
  constexpr double kBytesEach = 0.75;
  const double scale = parameters.ends_with('B') ? 1e9 : parameters.ends_with('M') ? 1e6 : 0;
  return static_cast<std::int64_t>(amount * scale * kBytesEach);
}

bool runs_here(const Json& model) {
  const auto& variants = array_of(model, "variants");
  return std::any_of(variants.begin(), variants.end(), [](const Json& variant) {
    return truth_of(variant, "chosen") && truth_of(variant, "usable");
  });
}

std::int64_t size_of(const Json& model) {
  const std::int64_t known = number_of(model, "size");
  return known > 0 ? known : estimate(text_of(model, "parameters"));
}

void ask(const CommandContext& context) {
  const Console& console = context.console;
  if (!console.in_is_terminal) {
    throw Error(ErrorCode::kBadRequest, "there is nobody to ask", "--yes goes on without asking");
  }
  console.out << "Fetch them? [y/N] " << std::flush;
  std::string answer;
  std::getline(console.in, answer);
  if (answer.starts_with('y') || answer.starts_with('Y')) return;
  throw Error(ErrorCode::kCancelled, "nothing was fetched");
}

}  // namespace

std::vector<FittingModel> choose_models(const Json& catalog, std::int64_t memory) {
  std::vector<FittingModel> chosen;
  for (const auto task : kTasks) {
    for (const Json& model : array_of(catalog, "models")) {
      const bool is_meant = text_of(model, "task") == task && truth_of(model, "default") &&
                            truth_of(model, "permissive") && runs_here(model);
      const std::int64_t size = size_of(model);
      if (!is_meant || size <= 0 || size > memory / kShare) continue;
      if (!truth_of(model, "installed")) {
        chosen.push_back(
            {text_of(model, "name"), std::string(task), text_of(model, "licence"), size});
      }
      break;
    }
  }
  return chosen;
}

void set_up_models(const CommandContext& context, bool is_agreed) {
  const Json health = context.service.get("/api/health", short_run());
  const Json catalog = context.service.get("/api/catalog", short_run());
  const std::int64_t memory =
      number_of(object_of(object_of(health, "memory"), "host"), "limit_bytes");
  const auto models = choose_models(catalog, memory);
  const Console& console = context.console;
  if (models.empty()) {
    console.out << "All models that fit this machine are here (hailstone list).\n";
    return;
  }
  std::vector<Row> rows = {{"NAME", "TASK", "SIZE", "LICENCE"}};
  for (const auto& model : models) {
    rows.push_back({model.name, model.task, human_bytes(model.bytes), model.licence});
  }
  console.out << "Models may take " << human_bytes(memory) << " here; these fit:\n";
  console.out << format_table(rows);
  if (!is_agreed) ask(context);
  for (const auto& model : models) transfer_model(context, Direction::kPull, {model.name, false});
}

}  // namespace hailstone::cli
