// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// The catalogue as JSON, and what a request asks of it. Pure.

#include <map>
#include <string>

#include "services/library/catalog/task.hpp"

namespace hailstone::catalog {

/// ?task=...&engine=...; everything else is ignored.
CatalogQuery parse_query(const std::map<std::string, std::string>& query);

std::string write_catalog(const CatalogList& list);

/// As Ollama's apps want to be told what to fetch: models to talk to that run here, those that may
/// be used for everything and are small first.
std::string write_recommendations(const CatalogList& list);

/// {"models":[names]}: what hailo-ollama's clients ask for before they pull. Models that write and
/// have a file for the chip.
std::string write_hailo_list(const CatalogList& list);

}  // namespace hailstone::catalog
