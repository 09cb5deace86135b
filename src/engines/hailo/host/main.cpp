// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string_view>

#include "engines/hailo/engine.hpp"
#include "hosting/host_main.hpp"

namespace {

/// Nothing of the library is called any more: it may be what hangs.
void end_process(const std::string& why) {
  constexpr int kChipLost = 3;
  std::fprintf(stderr, "this process ends, and another one opens the Hailo anew: %s\n",
               why.c_str());
  std::fflush(stderr);
  ::_exit(kChipLost);
}

}  // namespace

/// The argument is the path of libhailort, or "auto".
int main(int argc, char** argv) {
  namespace hailo = hailstone::engines::hailo;
  hailo::LibraryOptions library;
  if (argc > 1 && std::string_view(argv[1]) != "auto") library.library = argv[1];
  std::error_code ignored;
  const auto bin = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  library.adapters = {bin, bin / "../lib/hailstone", "/usr/lib/hailstone"};
  const auto engine = hailo::make_hailo_engine(std::move(library), end_process);
  return hailstone::hosting::host_main(*engine);
}
