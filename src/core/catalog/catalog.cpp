// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/catalog.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <tuple>
#include <utility>

#include "base/error.hpp"
#include "base/strings.hpp"
#include "core/catalog/parse.hpp"
#include "core/store/blobs/files.hpp"
#include "core/store/model_name.hpp"
#include "log/log.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kAnyTag = ":latest";

/// Sorted by name, so that messages and results do not depend on the file system.
std::vector<fs::path> toml_files(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->path().extension() == ".toml") out.push_back(it->path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// Throws Error(kNotFound).
std::string read_file(const fs::path& file) {
  std::ifstream in = open_stream(file);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw Error(ErrorCode::kNotFound, file.string() + ": cannot be read");
  return bytes;
}

bool has_variant(const CatalogModel& model, std::string_view engine) {
  return std::any_of(model.variants.begin(), model.variants.end(),
                     [&](const auto& variant) { return variant.engine == engine; });
}

}  // namespace

Catalog::Catalog(std::vector<CatalogModel> models, std::vector<std::string> problems)
    : models_(std::move(models)), problems_(std::move(problems)) {
  // Stable, so that of two of one name the first stays the first.
  const auto key = [](const CatalogModel& model) {
    return std::make_tuple(model.task, to_lower(model.name));
  };
  std::stable_sort(models_.begin(), models_.end(),
                   [&](const auto& a, const auto& b) { return key(a) < key(b); });
  for (std::size_t i = 0; i < models_.size(); ++i) {
    by_name_.emplace(to_lower(models_[i].name), i);
  }
}

const CatalogModel* Catalog::find_exact(const std::string& name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &models_[found->second];
}

CatalogMatch Catalog::find(std::string_view name) const {
  std::string wanted = to_lower(name);
  if (wanted.ends_with(kAnyTag)) wanted.resize(wanted.size() - kAnyTag.size());
  if (const auto* model = find_exact(wanted)) return {model, std::nullopt};
  // The engine is the tag, or the last part of it.
  const auto at = wanted.find_last_of(":-");
  const auto colon = wanted.find(':');
  if (colon == std::string::npos || (wanted[at] == ':' && at != colon)) return {};
  const auto* model = find_exact(wanted.substr(0, at));
  const std::string engine = wanted.substr(at + 1);
  if (model == nullptr || !has_variant(*model, engine)) return {};
  return {model, engine};
}

Catalog load_catalog(const std::vector<fs::path>& folders) {
  std::vector<CatalogModel> models;
  std::vector<std::string> problems;
  for (const auto& folder : folders) {
    std::vector<CatalogModel> here;
    for (const auto& file : toml_files(folder)) {
      // One of the catch points of ARCHITECTURE.md: see load_catalog's promise.
      try {
        auto more = parse_catalog(read_file(file), file.string());
        std::move(more.begin(), more.end(), std::back_inserter(here));
      } catch (const Error& error) {
        log::warning("catalog", "file left out", {{"why", error.what()}});
        problems.emplace_back(error.what());
      }
    }
    for (auto& model : here) {
      const bool is_known = std::any_of(models.begin(), models.end(), [&](const auto& known) {
        return equals_ignoring_case(known.name, model.name);
      });
      if (!is_known) models.push_back(std::move(model));
    }
  }
  return Catalog(std::move(models), std::move(problems));
}

std::vector<std::string> read_labels(const std::vector<fs::path>& folders, const std::string& set) {
  // The set's name comes from files of users: it must not lead out of the folder.
  const bool is_name = find_model_name(set) && set.find_first_of("/:") == std::string::npos;
  for (const auto& folder : folders) {
    const fs::path file = folder / "labels" / (set + ".txt");
    if (!is_name || !fs::is_regular_file(file)) continue;
    std::vector<std::string> labels = split(read_file(file), '\n');
    while (!labels.empty() && labels.back().empty()) labels.pop_back();
    return labels;
  }
  throw Error(ErrorCode::kNotFound, "label set '" + set + "' not found",
              "label sets are files labels/NAME.txt beside the catalogue");
}

}  // namespace hailstone::core
