// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// TOML files that describe things, and their tables, read with types. Every field that is there
// must be asked for: finish() refuses the others, so that a typo shows. Everything here throws
// Error(kBadRequest) that names the file, the line, the table and the field, and nothing else.

#include <toml++/toml.h>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hailstone::core {

/// A view: the table and the texts must outlive it. One thread.
class TomlFields {
 public:
  /// file: for messages, as the next: "model 'yolox-nano'", empty at the root.
  TomlFields(const toml::table& table, std::string file, std::string where);

  /// Empty where absent.
  std::string text(std::string_view name);
  /// Also refuses an empty text.
  std::string required_text(std::string_view name);
  /// Refuses what is not in the list; empty where absent.
  std::string one_of(std::string_view name, std::span<const std::string_view> words);
  std::optional<std::int64_t> number(std::string_view name, std::int64_t min, std::int64_t max);
  bool truth(std::string_view name, bool fallback = false);
  /// A list of numbers, or one number.
  std::vector<double> numbers(std::string_view name);
  /// Null where absent.
  const toml::table* table(std::string_view name);
  /// An array of tables; empty where absent.
  std::vector<const toml::table*> tables(std::string_view name);
  /// A list of texts; empty where absent.
  std::vector<std::string> list(std::string_view name);
  /// A table of texts.
  std::map<std::string, std::string> texts(std::string_view name);

  void finish() const;

  [[noreturn]] void refuse(std::string_view name, const std::string& what) const;

 private:
  const toml::node* find(std::string_view name);

  const toml::table& table_;
  std::string file_;
  std::string where_;
  std::set<std::string, std::less<>> asked_;
};

/// Throws Error(kBadRequest) with file, line and what is wrong there.
toml::table parse_toml(std::string_view text, const std::string& file);

/// Throws Error(kBadRequest) for what is no regular file, larger than 1 MiB, or cannot be read.
std::string read_toml_file(const std::filesystem::path& file);

/// The files "*.toml" of a folder, sorted; none where it cannot be read.
std::vector<std::filesystem::path> toml_files_in(const std::filesystem::path& folder);

}  // namespace hailstone::core
