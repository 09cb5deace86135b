// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <ostream>

#include "base/strings.hpp"
#include "cli/commands.hpp"
#include "cli/term/human.hpp"
#include "cli/term/table.hpp"
#include "cli/term/text.hpp"
#include "os/cage/cage.hpp"

namespace hailstone::cli {
namespace {

std::chrono::sys_seconds now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::string when(const std::string& time) {
  const auto found = find_time(time);
  return found ? relative_time(*found, now()) : time;
}

/// As in Ollama's table: enough of the digest to tell models apart.
std::string short_id(const Json& model) {
  return text_of(model, "digest").substr(0, 12);
}

std::string until(const Json& model) {
  const auto time = find_time(text_of(model, "expires_at"));
  if (!time) return "Forever";
  return *time < now() ? "Stopping..." : relative_time(*time, now());
}

std::string processor(const Json& model) {
  if (const std::string named = text_of(model, "processor"); !named.empty()) return named;
  const std::int64_t size = number_of(model, "size");
  const std::int64_t vram = number_of(model, "size_vram");
  if (vram <= 0 || size <= 0) return "100% CPU";
  if (vram >= size) return "100% GPU";
  const std::int64_t gpu = vram * 100 / size;
  return std::to_string(100 - gpu) + "%/" + std::to_string(gpu) + "% CPU/GPU";
}

void print_json(const Console& console, const Json& value) {
  console.out << dump(value, 2) << '\n';
}

std::string state(const Json& model) {
  if (model.contains("faulted")) return "faulted";
  return truth_of(model, "loaded") ? "yes" : "";
}

void print_models(const Console& console, const Json& reply) {
  std::vector<Row> rows = {{"NAME", "ID", "SIZE", "MODIFIED", "LOADED"}};
  for (const Json& model : array_of(reply, "models")) {
    rows.push_back({text_of(model, "name"), short_id(model), human_bytes(number_of(model, "size")),
                    when(text_of(model, "modified_at")), state(model)});
  }
  console.out << format_table(rows);
  for (const Json& model : array_of(reply, "models")) {
    const std::string note = text_of(model, "note");
    if (note.empty()) continue;
    console.out << '\n' << printable_line(text_of(model, "name") + ": " + note) << '\n';
  }
}

void print_loaded(const Console& console, const Json& reply) {
  std::vector<Row> rows = {{"NAME", "ID", "SIZE", "PROCESSOR", "CONTEXT", "UNTIL"}};
  for (const Json& model : array_of(reply, "models")) {
    const std::int64_t context = number_of(model, "context_length");
    rows.push_back({text_of(model, "name"), short_id(model), human_bytes(number_of(model, "size")),
                    processor(model), context > 0 ? std::to_string(context) : "", until(model)});
  }
  console.out << format_table(rows);
}

}  // namespace

void list_models(const CommandContext& context, Output output) {
  const Json reply = context.service.get("/api/tags", short_run());
  (output == Output::kJson ? print_json : print_models)(context.console, reply);
}

void list_loaded(const CommandContext& context, Output output) {
  const Json reply = context.service.get("/api/ps", short_run());
  (output == Output::kJson ? print_json : print_loaded)(context.console, reply);
}

void stop_model(const CommandContext& context, const std::string& model) {
  try {
    // Clears a fault as well, and unloads what is pinned.
    context.service.post("/api/unload", Json{{"model", model}}, short_run());
    return;
  } catch (const RefusedError& error) {
    constexpr int kNotFound = 404;
    if (error.status() != kNotFound) throw;
  }
  // An empty prompt and no time to live: this unloads on Ollama's own server, too.
  context.service.post("/api/generate", Json{{"model", model}, {"keep_alive", 0}}, short_run());
}

void print_versions(const CommandContext& context) {
  const Console& console = context.console;
  console.out << "hailstone " HAILSTONE_VERSION "\n" << std::flush;
  try {
    const Json reply = context.service.get("/api/version", short_run());
    const std::string own = text_of(reply, "hailstone");
    console.out << "service at " << context.service.url() << ": "
                << (own.empty() ? "" : "hailstone " + own + ", ") << "Ollama API "
                << text_of(reply, "version") << '\n';
  } catch (const net::ConnectionError& error) {
    console.err << "hailstone: warning: " << error.what() << '\n';
  }
}

void print_settings(const Console& console, const core::Settings& settings, Output output) {
  const std::string file = settings.file ? settings.file->string() : "none";
  if (output == Output::kJson) {
    Json values = Json::object();
    for (const auto& [name, value, source] : settings.effective) {
      values[name] = Json{{"value", value}, {"source", source}};
    }
    print_json(
        console,
        Json{{"file", file}, {"settings", values}, {"kernel_lacks", os::missing_protections()}});
    return;
  }
  std::vector<Row> rows = {{"NAME", "VALUE", "FROM"}};
  for (const auto& [name, value, source] : settings.effective) {
    rows.push_back({name, value.empty() ? "-" : value, source});
  }
  console.out << "configuration file: " << file << "\n\n" << format_table(rows);
  for (const auto& missing : os::missing_protections()) {
    console.out << "\nthis kernel has " << missing << '\n';
  }
}

std::vector<std::string> model_names(Service& service) {
  const Json reply = service.get("/api/tags", short_run());
  std::vector<std::string> names;
  for (const Json& model : array_of(reply, "models")) names.push_back(text_of(model, "name"));
  return names;
}

}  // namespace hailstone::cli
