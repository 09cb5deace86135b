// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

// `hailstone setup --models`: of the catalogue the models that fit this machine, one for each task
// that people expect, shown before they are fetched.

#include <cstdint>
#include <string>
#include <vector>

#include "cli/commands.hpp"

namespace hailstone::cli {

struct FittingModel {
  std::string name;
  std::string task;
  std::string licence;
  std::int64_t bytes = 0;  ///< of the download; estimated where the catalogue does not know it
};

/// catalog: the reply of /api/catalog. memory: what models may take. Each model takes at most a
/// third of it, so that two of them and their work fit; only permissive licences. Pure.
std::vector<FittingModel> choose_models(const Json& catalog, std::int64_t memory);

/// Asks before it fetches, unless is_agreed. Throws what Service throws, and Error(kBadRequest)
/// where there is nobody to ask.
void set_up_models(const CommandContext& context, bool is_agreed);

}  // namespace hailstone::cli
