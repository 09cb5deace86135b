// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/engines/engine_files.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/error.hpp"
#include "core/catalog/toml_fields.hpp"
#include "log/log.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

using inference::EngineDescriptor;
using inference::HostScope;

constexpr std::string_view kScopes[] = {"model", "shared"};
constexpr std::string_view kAccelerators[] = {"npu"};
constexpr std::int64_t kLongestLimit = 86'400;  // seconds

std::vector<std::string> read_words(TomlFields& fields, std::string_view name) {
  auto words = fields.list(name);
  for (const auto& word : words) {
    if (!inference::is_engine_word(word)) {
      fields.refuse(name, "'" + word + "' is not a word of a-z, 0-9 and '-'");
    }
  }
  return words;
}

std::chrono::milliseconds read_seconds(TomlFields& fields, std::string_view name) {
  return std::chrono::seconds(fields.number(name, 1, kLongestLimit).value_or(0));
}

/// A program beside the file may be named by its name alone.
std::vector<std::string> read_command(TomlFields& fields, const fs::path& folder) {
  auto command = fields.list("command");
  if (command.empty() || command.front().empty()) {
    fields.refuse("command", "must be a list: the program, then its arguments");
  }
  const fs::path program = command.front();
  if (program.is_relative()) command.front() = (folder / program).lexically_normal();
  return command;
}

EngineDescriptor read_engine(TomlFields& fields, const fs::path& folder) {
  EngineDescriptor engine;
  engine.name = fields.required_text("name");
  if (!inference::is_engine_word(engine.name)) {
    fields.refuse("name", "must be a word of a-z, 0-9 and '-'");
  }
  engine.description = fields.text("description");
  engine.command = read_command(fields, folder);
  engine.formats = read_words(fields, "formats");
  engine.tasks = read_words(fields, "tasks");
  engine.scope =
      fields.one_of("scope", kScopes) == "shared" ? HostScope::kShared : HostScope::kPerModel;
  engine.accelerator = fields.one_of("accelerator", kAccelerators);
  for (auto& [task, group] : fields.texts("exclusive")) engine.exclusive_groups[task] = group;
  engine.environment = fields.texts("environment");
  engine.inherited = fields.list("inherit");
  engine.readable = fields.list("read");
  engine.devices = fields.list("devices");
  engine.start_limit = read_seconds(fields, "start_limit");
  engine.stall_limit = read_seconds(fields, "stall_limit");
  return engine;
}

}  // namespace

EngineDescriptor parse_engine_file(std::string_view text, const fs::path& file) {
  const toml::table root = parse_toml(text, file.native());
  TomlFields fields(root, file.native(), "");
  EngineDescriptor engine = read_engine(fields, fs::absolute(file).parent_path());
  fields.finish();
  if (const auto* known = inference::find_known_engine(engine.name)) {
    fields.refuse("name", "'" + known->name + "' is an engine of the program itself");
  }
  return engine;
}

std::vector<EngineDescriptor> read_engine_files(const std::vector<fs::path>& folders) {
  std::map<std::string, EngineDescriptor> engines;
  for (const auto& folder : folders) {
    for (const auto& file : toml_files_in(folder)) {
      try {
        auto engine = parse_engine_file(read_toml_file(file), file);
        engines[engine.name] = std::move(engine);
      } catch (const Error& error) {  // one bad file is not the end of the others
        log::error("engines", "an engine's file is left out", {{"problem", error.what()}});
      }
    }
  }
  std::vector<EngineDescriptor> out;
  out.reserve(engines.size());
  for (auto& [name, engine] : engines) out.push_back(std::move(engine));
  return out;
}

}  // namespace hailstone::core
