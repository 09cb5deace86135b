// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/workers/worker_file.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "core/catalog/toml_fields.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

using inference::FieldKind;
using inference::WorkerField;
using inference::WorkerKind;
using inference::WorkerManifest;
using inference::WorkerNetwork;
using inference::WorkerResult;

constexpr std::array<std::string_view, 4> kKinds = {"function", "stream", "command", "native"};
constexpr std::array<std::string_view, 5> kResults = {"json", "picture", "audio", "file", "stream"};
constexpr std::array<std::string_view, 6> kFieldKinds = {"text",    "integer", "number",
                                                         "boolean", "json",    "file"};
constexpr std::array<std::string_view, 3> kNetworks = {"none", "local", "any"};
constexpr std::array<std::string_view, 2> kVisions = {"detect", "any"};
constexpr std::array<std::string_view, 3> kLaneWords = {"interactive", "live", "batch"};
constexpr std::array<std::string_view, 4> kMethods = {"POST", "GET", "PUT", "DELETE"};
constexpr std::int64_t kLongestTime = 86'400;  // seconds
constexpr std::int64_t kMostBytes = std::int64_t{1} << 40;
constexpr std::int64_t kLargestUpload = std::int64_t{1} << 30;
constexpr std::size_t kLongestName = 32;

template <typename Kind, std::size_t size>
Kind kind_of(TomlFields& fields, std::string_view name,
             const std::array<std::string_view, size>& words) {
  const std::string word = fields.one_of(name, words);
  const auto found = std::find(words.begin(), words.end(), word);
  return found == words.end() ? Kind{} : static_cast<Kind>(found - words.begin());
}

bool is_name_letter(char letter) noexcept {
  return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-';
}

bool is_route_letter(char letter) noexcept {
  return is_name_letter(letter) || (letter >= 'A' && letter <= 'Z') || letter == '_' ||
         letter == '.' || letter == '/';
}

bool is_route(std::string_view route) noexcept {
  return route.size() > 1 && route.front() == '/' && route.back() != '/' &&
         route.find("//") == std::string_view::npos && route.find("..") == std::string_view::npos &&
         std::all_of(route.begin(), route.end(), is_route_letter);
}

std::chrono::seconds read_seconds(TomlFields& fields, std::string_view name,
                                  std::chrono::seconds fallback) {
  return std::chrono::seconds(fields.number(name, 1, kLongestTime).value_or(fallback.count()));
}

ByteSize read_bytes(TomlFields& fields, std::string_view name, ByteSize fallback,
                    std::int64_t most = kMostBytes) {
  const auto given = fields.number(name, 0, most);
  return given ? ByteSize::bytes(static_cast<std::uint64_t>(*given)) : fallback;
}

std::vector<fs::path> read_paths(TomlFields& fields, std::string_view name,
                                 const fs::path& folder) {
  std::vector<fs::path> paths;
  for (const fs::path path : fields.list(name)) {
    paths.push_back((path.is_relative() ? folder / path : path).lexically_normal());
  }
  return paths;
}

// Fields of requests --------------------------------------------------------------------------

std::optional<double> read_limit(TomlFields& fields, std::string_view name) {
  const auto values = fields.numbers(name);
  if (values.empty()) return std::nullopt;
  if (values.size() > 1 || !std::isfinite(values.front())) fields.refuse(name, "must be a number");
  return values.front();
}

nlohmann::json to_json(const toml::node& node) {
  if (const auto* value = node.as_string()) return value->get();
  if (const auto* value = node.as_integer()) return value->get();
  if (const auto* value = node.as_floating_point()) return value->get();
  if (const auto* value = node.as_boolean()) return value->get();
  auto out = node.is_array() ? nlohmann::json::array() : nlohmann::json::object();
  if (const auto* list = node.as_array()) {
    for (const toml::node& item : *list) out.push_back(to_json(item));
  } else if (const auto* table = node.as_table()) {
    for (const auto& [key, value] : *table) out[std::string(key.str())] = to_json(value);
  }
  return out;
}

/// As JSON, and of the field's kind.
std::optional<std::string> read_fallback(const toml::table& table, const TomlFields& fields,
                                         const WorkerField& field) {
  const toml::node* node = table.get("default");
  if (node == nullptr) return std::nullopt;
  const auto value = to_json(*node);
  const auto kind = field.kind;
  const bool fits = (kind == FieldKind::kText && value.is_string()) ||
                    (kind == FieldKind::kInteger && value.is_number_integer()) ||
                    (kind == FieldKind::kNumber && value.is_number()) ||
                    (kind == FieldKind::kTruth && value.is_boolean()) || kind == FieldKind::kJson;
  if (!fits) fields.refuse("default", "must be of the field's type");
  return value.dump();
}

WorkerField read_field(const std::string& name, const toml::table& table, const std::string& file) {
  TomlFields fields(table, file, "field '" + name + "'");
  WorkerField field;
  field.name = name;
  field.kind = kind_of<FieldKind>(fields, "type", kFieldKinds);
  field.description = fields.text("description");
  field.required = fields.truth("required");
  field.min = read_limit(fields, "min");
  field.max = read_limit(fields, "max");
  if (field.min && field.max && *field.min > *field.max) fields.refuse("max", "is below min");
  constexpr std::int64_t kMostText = 16 << 20;
  field.max_length = static_cast<std::size_t>(
      fields.number("max_length", 0, kMostText).value_or(std::int64_t(field.max_length)));
  field.choices = fields.list("choices");
  field.media = fields.list("media");
  field.max_bytes = read_bytes(fields, "max_bytes", field.max_bytes, kLargestUpload);
  field.fallback = read_fallback(table, fields, field);
  return field;
}

/// TomlFields knows every field that was asked for; "default" may be of any type.
void check_field_names(const toml::table& table, const std::string& file, const std::string& name) {
  constexpr std::array<std::string_view, 10> kKnown = {
      "type",       "description", "required", "min",       "max",
      "max_length", "choices",     "media",    "max_bytes", "default"};
  const TomlFields fields(table, file, "field '" + name + "'");
  for (const auto& [key, value] : table) {
    if (std::find(kKnown.begin(), kKnown.end(), key.str()) != kKnown.end()) continue;
    fields.refuse(key.str(),
                  "is not a field; fields: type, description, required, default, min, max, "
                  "max_length, choices, media, max_bytes");
  }
}

std::vector<WorkerField> read_fields(TomlFields& fields, const std::string& file) {
  std::vector<WorkerField> out;
  const toml::table* table = fields.table("fields");
  if (table == nullptr) return out;
  for (const auto& [key, value] : *table) {
    const std::string name(key.str());
    if (value.as_table() == nullptr) {
      fields.refuse("fields", "'" + name + "' must be a table: [fields." + name + "]");
    }
    check_field_names(*value.as_table(), file, name);
    out.push_back(read_field(name, *value.as_table(), file));
  }
  return out;
}

// The rest ------------------------------------------------------------------------------------

inference::WorkerCage read_cage(TomlFields& fields, const fs::path& folder) {
  inference::WorkerCage cage;
  cage.read = read_paths(fields, "read", folder);
  cage.write = read_paths(fields, "write", folder);
  cage.devices = read_paths(fields, "devices", folder);
  cage.network = kind_of<WorkerNetwork>(fields, "network", kNetworks);
  if (const auto memory = fields.number("memory_bytes", 1 << 20, kMostBytes)) {
    cage.memory = ByteSize::bytes(static_cast<std::uint64_t>(*memory));
  }
  cage.disk = read_bytes(fields, "disk_bytes", cage.disk);
  constexpr int kMostProcesses = 4096;
  cage.processes =
      static_cast<int>(fields.number("processes", 1, kMostProcesses).value_or(cage.processes));
  return cage;
}

void read_route(TomlFields& fields, WorkerManifest& worker) {
  const std::string method = fields.one_of("method", kMethods);
  if (!method.empty()) worker.method = method;
  worker.route = fields.text("route");
  if (worker.route.empty()) worker.route = "/api/" + worker.name;
  if (worker.kind != WorkerKind::kNative && !is_route(worker.route)) {
    fields.refuse("route",
                  "must be a path of letters, digits and - _ . /: \"/api/" + worker.name + "\"");
  }
  worker.result = kind_of<WorkerResult>(fields, "result", kResults);
  if (worker.kind == WorkerKind::kStream) worker.result = WorkerResult::kStream;
  worker.media_type = fields.text("media_type");
  worker.vision = fields.one_of("vision", kVisions);
  worker.timeout = read_seconds(fields, "timeout", worker.timeout);
}

void read_running(TomlFields& fields, WorkerManifest& worker) {
  worker.start_limit = read_seconds(fields, "start_limit", worker.start_limit);
  if (const auto keep = fields.number("keep_alive", -1, kLongestTime)) {
    worker.keep_alive = std::chrono::seconds(*keep);
  }
  if (const auto lane = find_lane(fields.one_of("lane", kLaneWords))) worker.lane = *lane;
  constexpr int kMostParallel = 15;  // a host works on so many requests of one model
  worker.parallel = static_cast<int>(fields.number("parallel", 1, kMostParallel).value_or(1));
  worker.host = read_bytes(fields, "host_bytes", worker.host);
  worker.npu = read_bytes(fields, "npu_bytes", {});
  worker.exclusive = fields.text("exclusive");
  worker.autostart = fields.truth("autostart");
  worker.restart = fields.truth("restart", true);
  if (const auto limit = fields.number("stall_limit", 1, kLongestTime)) {
    if (worker.kind != WorkerKind::kStream) {
      fields.refuse("stall_limit", "is for streams; what a request may take is its timeout");
    }
    worker.stall_limit = std::chrono::seconds(*limit);
  }
}

void read_program(TomlFields& fields, WorkerManifest& worker, const fs::path& folder) {
  // What Python reads of the file itself: which kind needs which is checked here.
  const std::string module = fields.text("module");
  const auto command = fields.list("command");
  fields.list("outputs");
  fields.text("requirements");
  fields.truth("system_packages");
  fields.text("self_test");
  fields.texts("settings");
  const bool is_python = worker.kind == WorkerKind::kFunction || worker.kind == WorkerKind::kStream;
  if (is_python && module.empty()) {
    fields.refuse("module", "is missing: the Python file beside this one, or a module's name");
  }
  if (worker.kind == WorkerKind::kCommand && (command.empty() || command.front().empty())) {
    fields.refuse("command", "must be a list: the program, then its arguments");
  }
  const fs::path python = fields.text("python");
  if (!python.empty()) worker.python = python.is_relative() ? folder / python : python;
  const fs::path directory = fields.text("working_directory");
  if (!directory.empty()) {
    worker.working_directory = directory.is_relative() ? folder / directory : directory;
  }
  worker.environment = fields.texts("environment");
  worker.inherited = fields.list("inherit");
}

WorkerManifest read_worker(TomlFields& fields, const fs::path& file) {
  WorkerManifest worker;
  worker.file = file;
  worker.name = fields.required_text("name");
  if (!is_worker_name(worker.name)) {
    fields.refuse("name", "must be a word of a-z, 0-9 and '-' that begins with a letter");
  }
  worker.kind = kind_of<WorkerKind>(fields, "kind", kKinds);
  worker.description = fields.text("description");
  worker.needs = fields.text("needs");
  worker.application = fields.text("application");
  worker.licence = fields.text("licence");
  read_route(fields, worker);
  read_running(fields, worker);
  read_program(fields, worker, file.parent_path());
  worker.fields = read_fields(fields, file.native());
  worker.cage = read_cage(fields, file.parent_path());
  return worker;
}

}  // namespace

bool is_worker_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= kLongestName && name.front() >= 'a' &&
         name.front() <= 'z' && std::all_of(name.begin(), name.end(), is_name_letter);
}

WorkerManifest parse_worker_file(std::string_view text, const fs::path& file) {
  const toml::table root = parse_toml(text, file.native());
  TomlFields fields(root, file.native(), "");
  WorkerManifest worker = read_worker(fields, fs::absolute(file).lexically_normal());
  fields.finish();
  return worker;
}

}  // namespace hailstone::core
