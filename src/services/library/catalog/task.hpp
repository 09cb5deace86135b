// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The catalogue as it looks on this machine.

#include <optional>
#include <string>
#include <vector>

#include "base/byte_size.hpp"
#include "core/catalog/catalog_model.hpp"

namespace hailstone::catalog {

/// Empty: all.
struct CatalogQuery {
  std::string task;
  std::string engine;
};

struct OfferedVariant {
  core::CatalogVariant variant;
  bool usable = false;  ///< its engine works here
  bool installed = false;
  bool chosen = false;  ///< what a pull takes where the name leaves the choice open
};

struct Offer {
  core::CatalogModel model;  ///< without its variants
  std::vector<OfferedVariant> variants;
  std::optional<ByteSize> size;  ///< of the chosen variant, where known
  bool installed = false;
  bool loaded = false;
};

struct CatalogList {
  std::vector<Offer> offers;          ///< by task, then by name
  std::vector<std::string> problems;  ///< files that could not be read
};

}  // namespace hailstone::catalog
