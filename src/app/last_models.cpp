// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "app/last_models.hpp"

#include <algorithm>
#include <fstream>
#include <utility>

#include "core/runtime/runtime.hpp"
#include "log/log.hpp"

namespace hailstone::app {
namespace {

namespace fs = std::filesystem;
constexpr const char* kLast = "last";

std::vector<std::string> read_lines(const fs::path& file) {
  std::vector<std::string> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> loaded_models(const core::Runtime& runtime) {
  std::vector<std::string> names;
  for (const auto& resident : runtime.residents()) {
    if (!resident.loading) names.push_back(resident.name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

LastModels::LastModels(fs::path file) : file_(std::move(file)), written_(read_lines(file_)) {}

std::vector<std::string> LastModels::expand(const std::vector<std::string>& names) const {
  std::vector<std::string> out;
  const auto add = [&out](const std::string& name) {
    if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  };
  for (const auto& name : names) {
    if (name != kLast) add(name);
    if (name == kLast) std::for_each(written_.begin(), written_.end(), add);
  }
  return out;
}

void LastModels::note(const core::Runtime& runtime) {
  auto names = loaded_models(runtime);
  if (names == written_) return;
  // Renamed, so that a power cut leaves the old list or the new one; neither is worth a sync.
  const fs::path fresh = file_.native() + ".new";
  std::ofstream out(fresh, std::ios::trunc);
  for (const auto& name : names) out << name << '\n';
  out.close();
  std::error_code error;
  if (out) fs::rename(fresh, file_, error);
  if (out && !error) {
    written_ = std::move(names);
    has_failed_ = false;
    return;
  }
  if (std::exchange(has_failed_, true)) return;
  log::warning("app", "which models are loaded cannot be written down", {{"file", file_.native()}});
}

}  // namespace hailstone::app
