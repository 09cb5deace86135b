// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "engines/whisper/engine.hpp"
#include "hosting/host_main.hpp"
#include "os/thread_name.hpp"

/// The argument is the number of threads for models that do not say it.
int main(int argc, char** argv) {
  hailstone::os::set_thread_name("host-whisper");  // else it has the loader's name
  const auto engine =
      hailstone::engines::whisper::make_whisper_engine(argc > 1 ? std::atoi(argv[1]) : 0);
  return hailstone::hosting::host_main(*engine);
}
