// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/system/status.hpp"

#include <chrono>
#include <cmath>
#include <optional>
#include <ostream>

#include "base/strings.hpp"
#include "cli/term/human.hpp"
#include "cli/term/table.hpp"
#include "cli/term/text.hpp"
#include "core/doctor/facts/service.hpp"

namespace hailstone::cli {
namespace {

/// What the service said; null where it is not there.
struct Answers {
  Json health;
  Json running;    ///< of /api/ps: lanes and their queues
  Json resources;  ///< models with engine and memory
};

std::optional<Answers> ask(Service& service) {
  try {
    Answers answers;
    answers.health = service.get("/api/health", short_run());
    answers.running = service.get("/api/ps", short_run());
    answers.resources = service.get("/api/list-resources", short_run());
    return answers;
  } catch (const net::ConnectionError& error) {
    if (error.kind() != net::ConnectionError::Kind::kCannotConnect) throw;
    return std::nullopt;
  }
}

std::string duration(std::int64_t seconds) {
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 60 * kMinute;
  constexpr std::int64_t kDay = 24 * kHour;
  const auto text = [](std::int64_t number, const char* unit) {
    return std::to_string(number) + " " + unit;
  };
  if (seconds >= kDay) return text(seconds / kDay, "d ") + text(seconds % kDay / kHour, "h");
  if (seconds >= kHour) return text(seconds / kHour, "h ") + text(seconds % kHour / kMinute, "min");
  if (seconds >= kMinute) return text(seconds / kMinute, "min");
  return text(seconds, "s");
}

std::string until(const Json& model) {
  if (truth_of(model, "loading")) return "loading";
  if (truth_of(model, "pinned")) return "pinned";
  const auto time = find_time(text_of(model, "expires_at"));
  if (!time) return "forever";
  return relative_time(*time,
                       std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

std::string requests(const Json& model) {
  const auto leases = number_of(model, "leases");
  if (leases == 0) return "idle";
  return std::to_string(leases) + (leases == 1 ? " request" : " requests");
}

std::vector<Row> model_rows(const Json& resources) {
  std::vector<Row> rows;
  for (const Json& model : array_of(resources, "models")) {
    const auto npu = number_of(model, "npu_bytes");
    std::string memory = human_bytes(number_of(model, "host_bytes"));
    if (npu > 0) memory += " + " + human_bytes(npu) + " NPU";
    rows.push_back(
        {text_of(model, "name"), text_of(model, "engine"), memory, requests(model), until(model)});
  }
  return rows;
}

std::string pool(const Json& memory, const char* name) {
  const Json& one = object_of(memory, name);
  return human_bytes(number_of(one, "used_bytes")) + " of " +
         human_bytes(number_of(one, "limit_bytes"));
}

std::string memory_text(const Json& health) {
  const Json& memory = object_of(health, "memory");
  std::string text = pool(memory, "host") + " for models";
  if (number_of(object_of(memory, "npu"), "used_bytes") > 0 ||
      truth_of(object_of(health, "npu"), "present")) {
    text += ", NPU " + pool(memory, "npu");
  }
  return text;
}

std::string heat_text(const Json& health) {
  const Json& host = object_of(health, "host");
  std::string text = text_of(host, "heat");
  if (host.contains("temperature_c") && host["temperature_c"].is_number()) {
    text += ", " + std::to_string(std::lround(host["temperature_c"].get<double>())) + " \u00B0C";
  }
  if (host.contains("cpu_load") && host["cpu_load"].is_number()) {
    text += ", processor " + std::to_string(std::lround(host["cpu_load"].get<double>() * 100)) +
            " % busy";
  }
  return text;
}

std::string queue_text(const Json& running) {
  std::string text;
  for (const auto& [lane, figures] : object_of(running, "queue").items()) {
    const auto runs = number_of(figures, "running");
    const auto waits = number_of(figures, "waiting");
    if (runs + waits == 0) continue;
    text += (text.empty() ? "" : "; ") + lane + ": " + std::to_string(runs) + " running, " +
            std::to_string(waits) + " waiting";
  }
  return text.empty() ? "nothing runs or waits" : text;
}

std::string engines_text(const Json& health) {
  std::string usable;
  std::string others;
  for (const Json& engine : array_of(health, "engines")) {
    const bool works = truth_of(engine, "usable");
    auto& list = works ? usable : others;
    if (!list.empty()) list += ", ";
    list += text_of(engine, "name");
    const auto version = text_of(engine, "version");
    if (works && !version.empty()) list += " " + version;
  }
  return (usable.empty() ? "none" : usable) +
         (others.empty() ? "" : "; not here: " + others + " (`hailstone doctor` tells why)");
}

std::string npu_text(const Json& health) {
  const Json& npu = object_of(health, "npu");
  if (!truth_of(npu, "present")) return {};
  std::string text = text_of(npu, "chip");
  for (const char* key : {"node", "driver"}) {
    if (const auto value = text_of(npu, key); !value.empty()) {
      text += std::string(", ") + (std::string_view(key) == "driver" ? "driver " : "") + value;
    }
  }
  const auto trouble = text_of(npu, "trouble");
  return trouble.empty() ? text : text + "; " + trouble + " (`hailstone doctor`)";
}

std::string unit_text(const doctor::Service& unit) {
  if (!unit.has_unit) return {};
  auto text = unit.of_unit("ActiveState") + " (" + unit.of_unit("SubState") + ")";
  const auto restarts = unit.of_unit("NRestarts");
  if (!restarts.empty() && restarts != "0") text += ", started anew " + restarts + " times";
  return text;
}

std::vector<std::string> last_lines(const doctor::Box& box, int lines) {
  if (lines <= 0) return {};
  const auto output = box.run({"journalctl", "-u", doctor::kUnit, "-n", std::to_string(lines), "-o",
                               "short", "--no-pager", "--quiet"});
  std::vector<std::string> found;
  if (!output || output->status != 0) return found;
  for (auto& line : split(output->text, '\n')) {
    if (!line.empty()) found.push_back(std::move(line));
  }
  return found;
}

void print_line(std::ostream& out, const char* name, const std::string& text) {
  if (!text.empty()) out << "  " << name << printable_line(text) << '\n';
}

void print_answers(std::ostream& out, const Answers& answers, const std::string& url) {
  const Json& health = answers.health;
  out << "hailstone " << printable_line(text_of(health, "version")) << " at " << url << ": "
      << printable_line(text_of(health, "status")) << ", up for "
      << duration(number_of(health, "uptime_s")) << '\n';
  for (const Json& reason : array_of(health, "reasons")) {
    if (reason.is_string()) out << "  ! " << printable_line(reason.get<std::string>()) << '\n';
  }
  print_line(out, "memory   ", memory_text(health));
  print_line(out, "heat     ", heat_text(health));
  print_line(out, "queue    ", queue_text(answers.running));
  print_line(out, "engines  ", engines_text(health));
  print_line(out, "npu      ", npu_text(health));
  const auto rows = model_rows(answers.resources);
  print_line(out, "models   ", rows.empty() ? "none is loaded" : "");
  constexpr int kIndent = 2;
  if (!rows.empty()) out << "  models\n" << format_table(rows, 2 * kIndent);
}

Json to_json(const std::optional<Answers>& answers, const doctor::Service& unit,
             const std::vector<std::string>& journal) {
  Json out = {{"reached", answers.has_value()}, {"journal", journal}, {"unit", nullptr}};
  if (unit.has_unit) out["unit"] = unit.unit;
  if (answers) {
    out["health"] = answers->health;
    out["queue"] = object_of(answers->running, "queue");
    out["models"] = array_of(answers->resources, "models");
  }
  return out;
}

}  // namespace

ServiceState show_status(const CommandContext& context, const StatusRequest& request,
                         const doctor::Box& box) {
  const auto& [console, environment, service] = context;
  const auto answers = ask(service);
  const auto unit = doctor::read_service(box, {});
  const auto journal = last_lines(box, request.lines);
  std::ostream& out = console.out;
  if (request.json) {
    out << dump(to_json(answers, unit, journal), 2) << '\n';
  } else {
    if (answers) print_answers(out, *answers, service.url());
    if (!answers) out << "no service at " << service.url() << " (`hailstone doctor` tells why)\n";
    print_line(out, "unit     ", unit_text(unit));
    if (!journal.empty()) out << '\n';
    for (const auto& line : journal) out << printable_line(line) << '\n';
  }
  if (!answers) return ServiceState::kAbsent;
  return text_of(answers->health, "status") == "ok" ? ServiceState::kWell : ServiceState::kDegraded;
}

}  // namespace hailstone::cli
