// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

namespace hailstone::fuzz {

/// To refuse is what a parser is for; anything else that it throws is a find.
template <typename Parse>
void attempt(Parse&& parse) {
  try {
    parse();
  } catch (const Error&) {
  }
}

}  // namespace hailstone::fuzz
