// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "services/system/status/places.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace hailstone::status {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostEntries = 10'000;
constexpr std::size_t kMostNames = 50;

/// Which files below a folder count, and how they are called there.
struct Content {
  std::string_view folder;     ///< within the place; empty: itself
  std::string_view extension;  ///< empty: any
  bool is_deep = false;        ///< folders within, too
};

Content content_of(PlaceKind kind) noexcept {
  switch (kind) {
    case PlaceKind::kModels:
      return {"manifests", "", true};
    case PlaceKind::kCatalog:
      return {"", ".toml", false};
    case PlaceKind::kLabels:
      return {"", ".txt", false};
    case PlaceKind::kLanguages:
      return {"", ".traineddata", false};
    case PlaceKind::kVoices:
      return {"lang", "", true};
    case PlaceKind::kProgram:
      break;
  }
  return {};
}

/// "registry.ollama.ai/library/mistral/latest" is mistral:latest; other files lose their ending.
std::string name_for(const fs::path& file, const fs::path& below, PlaceKind kind) {
  if (kind == PlaceKind::kVoices) return file.filename().string();
  if (kind != PlaceKind::kModels) return file.stem().string();
  const std::string model = file.parent_path().lexically_relative(below).generic_string();
  constexpr std::string_view kUsual = "registry.ollama.ai/library/";
  return (model.starts_with(kUsual) ? model.substr(kUsual.size()) : model) + ":" +
         file.filename().string();
}

template <typename Iterator>
void count(const fs::path& folder, PlaceKind kind, SeenPlace& seen) {
  const Content content = content_of(kind);
  std::error_code error;
  std::size_t entries = 0;
  for (Iterator it(folder, fs::directory_options::skip_permission_denied, error), end;
       !error && it != end && ++entries <= kMostEntries; it.increment(error)) {
    std::error_code ignored;
    if (!it->is_regular_file(ignored)) continue;
    if (!content.extension.empty() && it->path().extension() != content.extension) continue;
    ++seen.count;
    seen.names.push_back(name_for(it->path(), folder, kind));
  }
  std::sort(seen.names.begin(), seen.names.end());
  if (seen.names.size() > kMostNames) seen.names.resize(kMostNames);
}

std::string why_not(const fs::path& path, int mode) {
  return ::access(path.c_str(), mode) == 0 ? std::string() : std::strerror(errno);
}

}  // namespace

SeenPlace look_into(const Place& place) {
  SeenPlace seen{place, false, {}, 0, {}};
  const bool is_program = place.kind == PlaceKind::kProgram;
  seen.reason = why_not(place.path, R_OK | X_OK);  // a folder has to be searched, too
  std::error_code ignored;
  if (seen.reason.empty() && !is_program && !fs::is_directory(place.path, ignored)) {
    seen.reason = "it is no folder";
  }
  seen.readable = seen.reason.empty();
  if (!seen.readable || is_program) return seen;
  const Content content = content_of(place.kind);
  const fs::path folder = content.folder.empty() ? place.path : place.path / content.folder;
  if (content.is_deep) {
    count<fs::recursive_directory_iterator>(folder, place.kind, seen);
  } else {
    count<fs::directory_iterator>(folder, place.kind, seen);
  }
  return seen;
}

const char* name_of(PlaceKind kind) noexcept {
  switch (kind) {
    case PlaceKind::kModels:
      return "models";
    case PlaceKind::kCatalog:
      return "catalog";
    case PlaceKind::kLabels:
      return "labels";
    case PlaceKind::kLanguages:
      return "languages";
    case PlaceKind::kVoices:
      return "voices";
    case PlaceKind::kProgram:
      break;
  }
  return "program";
}

}  // namespace hailstone::status
