// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where this service looks for what it works with, and what it found there: what one asks when a
// service does not see what a shell sees.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hailstone::status {

enum class PlaceKind : std::uint8_t {
  kModels,     ///< a root of the store
  kCatalog,    ///< tables of models that can be had
  kLabels,     ///< label sets
  kLanguages,  ///< Tesseract's
  kVoices,     ///< espeak-ng's
  kProgram,    ///< an engine's own, or what it is started with
};

struct Place {
  PlaceKind kind = PlaceKind::kModels;
  std::filesystem::path path;
  std::string because;  ///< what decided it: "HAILSTONE_MODELS", "XDG_DATA_DIRS", "built in"
};

struct SeenPlace {
  Place place;
  bool readable = false;
  std::string reason;              ///< why it is not
  std::size_t count = 0;           ///< of what it holds
  std::vector<std::string> names;  ///< of the first of them, sorted
};

/// A variable of the environment that has a say, and its value where it is set.
using Variable = std::pair<std::string, std::optional<std::string>>;

/// Looks at the disk, at a bounded number of entries. Throws nothing.
SeenPlace look_into(const Place& place);

/// "models", "catalog", ...
const char* name_of(PlaceKind kind) noexcept;

}  // namespace hailstone::status
