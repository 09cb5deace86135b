// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/config/config_file.hpp"

#include <toml++/toml.h>
#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/config/nearest.hpp"
#include "core/config/settings.hpp"

namespace hailstone::core {
namespace {

std::string read_whole(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream content;
  // An empty file makes the insertion fail, too; only bad() tells a failed read.
  content << stream.rdbuf();
  if (!stream.is_open() || stream.bad() || std::filesystem::is_directory(file)) {
    throw Error(ErrorCode::kBadRequest, file.string() + ": cannot be read",
                "Name a TOML file with --config or HAILSTONE_CONFIG");
  }
  return content.str();
}

std::string at(const std::filesystem::path& file, const toml::source_region& region) {
  return file.string() + ':' + std::to_string(region.begin.line);
}

void require_known(const std::string& key, const std::string& source) {
  std::vector<std::string> names;
  for (const Setting& setting : setting_table()) names.emplace_back(setting.name);
  if (std::find(names.begin(), names.end(), key) != names.end()) return;
  const auto nearest = find_nearest(key, names);
  throw Error(ErrorCode::kBadRequest,
              source + ": unknown setting '" + key + "'" +
                  (nearest ? "; did you mean '" + *nearest + "'?" : ""),
              "Settings: " + join(names, ", "));
}

/// A scalar as it would stand in a variable.
std::string scalar_text(const toml::node& node, const std::string& where) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* truth = node.as_boolean()) return truth->get() ? "true" : "false";
  throw Error(ErrorCode::kBadRequest, where + ": a text, a whole number or a truth value expected");
}

std::vector<std::string> texts_of(const toml::node& node, const std::string& where) {
  const toml::array* array = node.as_array();
  if (array == nullptr) return {scalar_text(node, where)};
  std::vector<std::string> texts;
  for (const toml::node& element : *array) texts.push_back(scalar_text(element, where));
  return texts;
}

}  // namespace

std::map<std::string, Given> read_config_file(const std::filesystem::path& file) {
  const std::string content = read_whole(file);
  toml::table table;
  try {
    table = toml::parse(content);
  } catch (const toml::parse_error& error) {
    throw Error(ErrorCode::kBadRequest,
                at(file, error.source()) + ": " + std::string(error.description()),
                "The file is TOML: NAME = VALUE, texts in quotes");
  }
  std::map<std::string, Given> given;
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    const std::string source = at(file, key.source());
    require_known(name, source);
    given[name] = Given{texts_of(node, source + ": " + name), source};
  }
  return given;
}

}  // namespace hailstone::core
