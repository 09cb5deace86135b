// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/llama/slots/prompt_files.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

#include "log/log.hpp"

namespace hailstone::engines::llama {
namespace {

namespace fs = std::filesystem;

/// FNV-1a: a name for the folder. That the key is the very same is looked at inside.
std::string name_of(const std::string& key) {
  std::uint64_t state = 0xCBF29CE484222325U;
  for (const char c : key) state = (state ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  char text[17];
  std::snprintf(text, sizeof(text), "%016llx", static_cast<unsigned long long>(state));
  return text;
}

std::string read_all(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Entry {
  fs::path folder;
  fs::file_time_type used;
  std::uint64_t bytes = 0;
};

Entry look_at(const fs::path& folder) {
  Entry entry{folder, fs::file_time_type::min(), 0};
  std::error_code ignored;
  for (const auto& file : fs::directory_iterator(folder, ignored)) {
    const auto bytes = file.file_size(ignored);
    if (!ignored) entry.bytes += bytes;
    const auto time = file.last_write_time(ignored);
    if (!ignored) entry.used = std::max(entry.used, time);
  }
  return entry;
}

/// The one that was used last comes last.
std::vector<Entry> look_into(const fs::path& root) {
  std::vector<Entry> entries;
  std::error_code ignored;
  for (const auto& folder : fs::directory_iterator(root, ignored)) {
    if (folder.is_directory(ignored)) entries.push_back(look_at(folder.path()));
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.used < b.used; });
  return entries;
}

void clear_away(const fs::path& folder) {
  std::error_code error;
  fs::remove_all(folder, error);
  if (error) {
    log::warning("llama", "kept prompts cannot be removed",
                 {{"folder", folder.native()}, {"why", error.message()}});
  }
}

void make_private_folder(const fs::path& folder) {
  fs::create_directories(folder);
  fs::permissions(folder, fs::perms::owner_all);
}

}  // namespace

PromptFiles::PromptFiles(PromptFileOptions options) : options_(std::move(options)) {
  std::error_code ignored;
  if (options_.folder.empty() || !fs::is_directory(options_.folder, ignored)) return;
  if (!is_on()) {
    clear_away(options_.folder);
    return;
  }
  remove_old();
  keep_within_budget();
}

bool PromptFiles::is_on() const noexcept {
  return !options_.folder.empty() && options_.budget.count() > 0;
}

std::optional<fs::path> PromptFiles::find_folder(const std::string& key) const {
  if (!is_on()) return std::nullopt;
  const fs::path folder = options_.folder / name_of(key);
  try {
    make_private_folder(options_.folder);
    make_private_folder(folder);
  } catch (const fs::filesystem_error& error) {
    log::warning("llama", "prompts cannot be kept", {{"why", error.what()}});
    return std::nullopt;
  }
  const fs::path named = folder / "key";
  if (read_all(named) == key) return folder;
  std::error_code ignored;
  for (const auto& file : fs::directory_iterator(folder, ignored)) clear_away(file.path());
  std::ofstream(named, std::ios::binary) << key;
  return folder;
}

void PromptFiles::remove_old() const {
  const auto oldest = fs::file_time_type::clock::now() - kKeep;
  for (const auto& entry : look_into(options_.folder)) {
    if (entry.used < oldest) clear_away(entry.folder);
  }
}

void PromptFiles::keep_within_budget() const {
  auto entries = look_into(options_.folder);
  std::uint64_t sum = 0;
  for (const auto& entry : entries) sum += entry.bytes;
  for (const auto& entry : entries) {
    if (sum <= options_.budget.count()) return;
    clear_away(entry.folder);
    sum -= entry.bytes;
  }
}

void PromptFiles::tell(const std::string& model, int saved, int restored) const {
  if (!options_.on_news) return;
  PromptFileNews news{model, saved, restored, {}};
  std::uint64_t sum = 0;
  for (const auto& entry : look_into(options_.folder)) sum += entry.bytes;
  news.kept = ByteSize::bytes(sum);
  options_.on_news(news);
}

}  // namespace hailstone::engines::llama
