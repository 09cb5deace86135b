// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// This program as a whole, linked with libespeak-ng, is under the GPL, version 3 or later.

#include "engines/espeak/engine.hpp"
#include "hosting/host_main.hpp"

int main() {
  const auto engine = hailstone::engines::espeak::make_espeak_engine();
  return hailstone::hosting::host_main(*engine);
}
