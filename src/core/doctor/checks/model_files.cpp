// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/doctor/checks/model_files.hpp"

#include <charconv>

#include "base/error.hpp"
#include "core/config/store_roots.hpp"
#include "core/store/model_name.hpp"

namespace hailstone::doctor {
namespace fs = std::filesystem;
namespace {

constexpr int kMostFiles = 5000;

/// All numbers after "size" in a manifest: of its layers, and its few bytes of configuration.
std::uint64_t sum_of_sizes(std::string_view manifest) {
  constexpr std::string_view kKey = "\"size\":";
  std::uint64_t sum = 0;
  for (auto at = manifest.find(kKey); at != std::string_view::npos; at = manifest.find(kKey, at)) {
    at += kKey.size();
    while (at < manifest.size() && manifest[at] == ' ') ++at;
    std::uint64_t size = 0;
    std::from_chars(manifest.data() + at, manifest.data() + manifest.size(), size);
    sum += size;
  }
  return sum;
}

/// Walks a folder; visit says true to end the walk.
template <typename Visit>
bool walk(const Box& box, const fs::path& folder, int& budget, const Visit& visit) {
  for (const auto& name : box.names(folder.native())) {
    if (--budget < 0) return false;
    const auto path = folder / name;
    const auto status = box.status(path.native());
    if (!status) continue;
    if (visit(path, *status)) return true;
    if (status->kind == 'd' && walk(box, path, budget, visit)) return true;
  }
  return false;
}

std::vector<fs::path> roots(const Examination& examination, const core::Settings& settings,
                            const core::Environment& environment) {
  return core::store_roots(settings, environment, examination.asked.program);
}

}  // namespace

std::vector<fs::path> service_roots(const Examination& examination) {
  if (examination.settings.home.empty()) return {};
  return roots(examination, examination.settings, examination.service.environment);
}

std::vector<fs::path> shell_roots(const Examination& examination) {
  core::ConfigInput input;
  input.environment = examination.asked.environment;
  if (!examination.box.is_live()) input.etc = "/nonexistent";
  try {
    return roots(examination, core::load_settings(input), input.environment);
  } catch (const Error& error) {  // this shell could not start one
    return {};
  }
}

ByteSize size_of_models(const Examination& examination, const std::vector<std::string>& names) {
  ByteSize sum;
  for (const auto& text : names) {
    const auto name = core::find_model_name(text);
    if (!name) continue;
    for (const auto& root : service_roots(examination)) {
      const auto manifest = examination.box.text(core::manifest_path(root, *name).native());
      if (!manifest) continue;
      sum += ByteSize::bytes(sum_of_sizes(*manifest));
      break;
    }
  }
  return sum;
}

bool has_models(const Box& box, const fs::path& root) {
  int budget = kMostFiles;
  return walk(box, core::manifests_folder(root), budget,
              [](const fs::path&, const FileStatus& status) { return status.kind == '-'; });
}

std::string find_unreadable(const Box& box, const Account& account, const fs::path& root) {
  if (const auto obstacle = find_obstacle(box, account, root, Want::kList)) return *obstacle;
  std::string found;
  int budget = kMostFiles;
  walk(box, root, budget, [&](const fs::path& path, const FileStatus& status) {
    const auto want = status.kind == 'd' ? Want::kList : Want::kRead;
    if (may(account, status, want)) return false;
    found = path.string();
    return true;
  });
  return found;
}

}  // namespace hailstone::doctor
