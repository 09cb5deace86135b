// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "app/places.hpp"

#include <algorithm>
#include <utility>

#include "base/strings.hpp"
#include "core/config/store_roots.hpp"

namespace hailstone::app {
namespace {

namespace fs = std::filesystem;
using status::Place;
using status::PlaceKind;

bool is_below(const fs::path& path, const fs::path& folder) {
  const auto relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

/// What made a folder one that is looked into.
std::string because_of(const fs::path& path, const core::Settings& settings,
                       const core::Environment& environment, const fs::path& program) {
  if (std::find(settings.models.begin(), settings.models.end(), path) != settings.models.end()) {
    return "setting models";
  }
  if (is_below(path, settings.home)) return "setting home";
  if (is_below(path, program.parent_path().parent_path())) return "beside the program";
  for (const auto& folder :
       split(core::find_variable(environment, "XDG_DATA_DIRS").value_or(""), ':')) {
    if (!folder.empty() && is_below(path, folder)) return "XDG_DATA_DIRS";
  }
  const auto home = core::find_variable(environment, "HOME");
  if (home && is_below(path, *home)) return "HOME";
  return "built in";
}

/// As engines/tesseract/languages.cpp and espeak-ng's library look for them.
std::vector<Place> data_places(const core::Environment& environment) {
  std::vector<Place> places;
  if (const auto prefix = core::find_variable(environment, "TESSDATA_PREFIX")) {
    places.push_back({PlaceKind::kLanguages, *prefix, "TESSDATA_PREFIX"});
  }
  for (const char* folder : {"/usr/local/share/tessdata", "/usr/share/tesseract-ocr/5/tessdata",
                             "/usr/share/tesseract-ocr/4.00/tessdata", "/usr/share/tessdata"}) {
    places.push_back({PlaceKind::kLanguages, folder, "built in"});
  }
  if (const auto path = core::find_variable(environment, "ESPEAK_DATA_PATH")) {
    places.push_back({PlaceKind::kVoices, fs::path(*path) / "espeak-ng-data", "ESPEAK_DATA_PATH"});
  }
  for (const char* folder :
       {"/usr/lib/x86_64-linux-gnu/espeak-ng-data", "/usr/lib/aarch64-linux-gnu/espeak-ng-data",
        "/usr/share/espeak-ng-data"}) {
    places.push_back({PlaceKind::kVoices, folder, "built in"});
  }
  return places;
}

std::vector<Place> program_places(const core::Settings& settings, const fs::path& program) {
  std::vector<Place> places;
  const fs::path folder = core::engine_program_folder(program);
  for (const char* host : {"onnx", "opencv", "tesseract", "fake"}) {
    places.push_back({PlaceKind::kProgram, folder / ("hailstone-host-" + std::string(host)),
                      "beside the program"});
  }
  places.push_back({PlaceKind::kProgram, settings.engine_runtime, "setting engine_runtime"});
  for (const char* tree :
       {"/var/lib/hailstone/engine-runtime", "/usr/lib/hailstone/engine-runtime"}) {
    places.push_back({PlaceKind::kProgram, tree, "built in"});
  }
  return places;
}

}  // namespace

std::vector<Place> find_places(const core::Settings& settings, const core::Environment& environment,
                               const fs::path& program) {
  std::vector<Place> places;
  const auto add = [&](PlaceKind kind, const fs::path& path) {
    places.push_back({kind, path, because_of(path, settings, environment, program)});
  };
  for (const auto& root : core::store_roots(settings, environment, program)) {
    add(PlaceKind::kModels, root);
  }
  const auto catalogs = core::catalog_folders(settings, environment, program);
  for (const auto& folder : catalogs) add(PlaceKind::kCatalog, folder);
  for (const auto& folder : catalogs) add(PlaceKind::kLabels, folder / "labels");
  for (auto& more : {data_places(environment), program_places(settings, program)}) {
    places.insert(places.end(), more.begin(), more.end());
  }
  return places;
}

std::vector<status::Variable> find_variables(const core::Environment& environment) {
  std::vector<status::Variable> variables;
  for (const char* name :
       {"HAILSTONE_HOME", "HAILSTONE_MODELS", "OLLAMA_MODELS", "HAILSTONE_HOST", "OLLAMA_HOST",
        "HAILSTONE_ENGINE_RUNTIME", "XDG_DATA_DIRS", "XDG_DATA_HOME", "XDG_STATE_HOME", "HOME",
        "TESSDATA_PREFIX", "ESPEAK_DATA_PATH", "LD_LIBRARY_PATH", "PATH"}) {
    const auto value = core::find_variable(environment, name);
    variables.emplace_back(name, value ? std::optional(std::string(*value)) : std::nullopt);
  }
  return variables;
}

}  // namespace hailstone::app
