// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/flite/engine.hpp"
#include "hosting/host_main.hpp"

int main() {
  const auto engine = hailstone::engines::flite::make_flite_engine();
  return hailstone::hosting::host_main(*engine);
}
