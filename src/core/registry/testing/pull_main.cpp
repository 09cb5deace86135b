// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// registry-pull ROOT NAME: pulls a model into a store; one line per progress: "COMPLETED TOTAL", at
// the end "success". For tests that kill it and benchmarks that measure it.

#include <cstdio>

#include "base/error.hpp"
#include "core/registry/registry.hpp"

using namespace hailstone;
using namespace hailstone::core;

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: registry-pull ROOT NAME\n");
    return 2;
  }
  try {
    const Store store({argv[1]});
    StoreWriter writer(store);
    Registry registry(writer, {});
    const auto print = [](const TransferProgress& progress) {
      if (progress.total > 0) {
        std::printf("%llu %llu\n", static_cast<unsigned long long>(progress.completed),
                    static_cast<unsigned long long>(progress.total));
      }
      std::fflush(stdout);
    };
    registry.pull(parse_model_name(argv[2]), Security::kHttps, print, {});
    std::puts("success");
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n%s\n", error.what(), error.detail().c_str());
    return 1;
  }
  return 0;
}
