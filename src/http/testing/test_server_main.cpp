// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0

// The tests' server as a program, for clients in other languages. Ends with its standard input.

#include <cstdio>

#include "http/testing/test_server.hpp"

int main() {
  hailstone::http::testing::TestServer server;
  server.release();
  std::printf("port %d\n", static_cast<int>(server.port()));
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return 0;
}
