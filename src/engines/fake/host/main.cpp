// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/fake/engine.hpp"
#include "hosting/host_main.hpp"

/// The argument is the engine's name, so that a daemon can have one beside the engine in process.
int main(int argc, char** argv) {
  namespace fake = hailstone::engines::fake;
  const auto engine = fake::make_fake_engine(argc > 1 ? argv[1] : "fake", fake::Place::kOwnProcess);
  return hailstone::hosting::host_main(*engine);
}
