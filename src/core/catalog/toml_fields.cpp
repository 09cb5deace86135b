// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/toml_fields.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/store/blobs/files.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kLargestFile = 1U << 20;

std::vector<std::string> to_strings(std::span<const std::string_view> words) {
  return {words.begin(), words.end()};
}

}  // namespace

TomlFields::TomlFields(const toml::table& table, std::string file, std::string where)
    : table_(table), file_(std::move(file)), where_(std::move(where)) {}

const toml::node* TomlFields::find(std::string_view name) {
  asked_.emplace(name);
  return table_.get(name);
}

void TomlFields::refuse(std::string_view name, const std::string& what) const {
  const toml::node* node = table_.get(name);
  const auto line = (node != nullptr ? node->source() : table_.source()).begin.line;
  throw Error(ErrorCode::kBadRequest, file_ + ":" + std::to_string(line) + ": " + where_ +
                                          (where_.empty() ? "" : ": ") + std::string(name) + " " +
                                          what);
}

std::string TomlFields::text(std::string_view name) {
  const toml::node* node = find(name);
  if (node == nullptr) return {};
  const auto* value = node->as_string();
  if (value == nullptr) refuse(name, "must be a text");
  return value->get();
}

std::string TomlFields::required_text(std::string_view name) {
  std::string value = text(name);
  if (value.empty()) refuse(name, "is missing");
  return value;
}

std::string TomlFields::one_of(std::string_view name, std::span<const std::string_view> words) {
  std::string value = text(name);
  if (value.empty() || std::find(words.begin(), words.end(), value) != words.end()) return value;
  refuse(name, "'" + value + "' is unknown; known: " + join(to_strings(words), ", "));
}

std::optional<std::int64_t> TomlFields::number(std::string_view name, std::int64_t min,
                                               std::int64_t max) {
  const toml::node* node = find(name);
  if (node == nullptr) return std::nullopt;
  const auto* value = node->as_integer();
  if (value == nullptr || value->get() < min || value->get() > max) {
    refuse(name,
           "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max));
  }
  return value->get();
}

bool TomlFields::truth(std::string_view name, bool fallback) {
  const toml::node* node = find(name);
  if (node == nullptr) return fallback;
  const auto* value = node->as_boolean();
  if (value == nullptr) refuse(name, "must be true or false");
  return value->get();
}

std::vector<double> TomlFields::numbers(std::string_view name) {
  const toml::node* node = find(name);
  if (node == nullptr) return {};
  std::vector<double> out;
  const auto append = [&](const toml::node& item) {
    const auto value = item.value<double>();
    if (!value || !item.is_number()) refuse(name, "must be a number or a list of numbers");
    out.push_back(*value);
  };
  if (const toml::array* array = node->as_array()) {
    for (const toml::node& item : *array) append(item);
  } else {
    append(*node);
  }
  return out;
}

const toml::table* TomlFields::table(std::string_view name) {
  const toml::node* node = find(name);
  if (node == nullptr) return nullptr;
  if (node->as_table() == nullptr) refuse(name, "must be a table");
  return node->as_table();
}

std::vector<const toml::table*> TomlFields::tables(std::string_view name) {
  const toml::node* node = find(name);
  if (node == nullptr) return {};
  if (node->as_array() == nullptr) refuse(name, "must be a list of tables");
  std::vector<const toml::table*> out;
  for (const toml::node& item : *node->as_array()) {
    if (item.as_table() == nullptr) refuse(name, "must be a list of tables");
    out.push_back(item.as_table());
  }
  return out;
}

std::vector<std::string> TomlFields::list(std::string_view name) {
  const toml::node* node = find(name);
  if (node == nullptr) return {};
  if (node->as_array() == nullptr) refuse(name, "must be a list of texts");
  std::vector<std::string> out;
  for (const toml::node& item : *node->as_array()) {
    if (item.as_string() == nullptr) refuse(name, "must be a list of texts");
    out.push_back(item.as_string()->get());
  }
  return out;
}

std::map<std::string, std::string> TomlFields::texts(std::string_view name) {
  const toml::table* found = table(name);
  std::map<std::string, std::string> out;
  if (found == nullptr) return out;
  for (const auto& [key, value] : *found) {
    if (value.as_string() == nullptr) refuse(name, "must be a table of texts");
    out.emplace(key.str(), value.as_string()->get());
  }
  return out;
}

void TomlFields::finish() const {
  for (const auto& [key, value] : table_) {
    if (asked_.count(key.str()) > 0) continue;
    refuse(key.str(), "is not a field; fields: " + join({asked_.begin(), asked_.end()}, ", "));
  }
}

toml::table parse_toml(std::string_view text, const std::string& file) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw Error(ErrorCode::kBadRequest, file + ":" + std::to_string(error.source().begin.line) +
                                            ": " + std::string(error.description()));
  }
}

std::string read_toml_file(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error) || fs::file_size(file, error) > kLargestFile || error) {
    throw Error(ErrorCode::kBadRequest, file.native() + ": not a file of at most 1 MiB");
  }
  std::ifstream stream = open_stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) throw Error(ErrorCode::kBadRequest, file.native() + ": cannot be read");
  return text.str();
}

std::vector<fs::path> toml_files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".toml") files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace hailstone::core
