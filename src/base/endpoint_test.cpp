// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "base/endpoint.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hailstone {
namespace {

TEST(Endpoint, ReadsEveryFormThatOllamaUsersWrite) {
  const auto read = [](std::string_view text) { return to_string(parse_endpoint(text, 11434)); };
  EXPECT_EQ(read("0.0.0.0"), "0.0.0.0:11434");
  EXPECT_EQ(read("pi.local:80"), "pi.local:80");
  EXPECT_EQ(read(":8080"), "127.0.0.1:8080");
  EXPECT_EQ(read("8080"), "127.0.0.1:8080");
  EXPECT_EQ(read(" http://pi:8000/ "), "pi:8000");
  EXPECT_EQ(read("HTTP://pi"), "pi:80");
  EXPECT_EQ(read("[::1]:80"), "[::1]:80");
  EXPECT_EQ(read("[::]"), "[::]:11434");
  EXPECT_EQ(read("fe80::1"), "[fe80::1]:11434");
}

TEST(Endpoint, RefusesWhatIsNoAddress) {
  for (const char* text : {"", "  ", "host:", "host:http", "host:65536", "99999", "[::1", "[::1]80",
                           "https://host", "ftp://host", "a b", "host/path", "h\nost", "host:-1"}) {
    EXPECT_THROW(parse_endpoint(text, 1), Error) << text;
  }
}

TEST(Endpoint, KnowsLoopbackAddresses) {
  for (const char* host : {"127.0.0.1", "127.1.2.3", "localhost", "LocalHost", "::1"}) {
    EXPECT_TRUE(is_loopback(host)) << host;
  }
  for (const char* host : {"0.0.0.0", "::", "192.168.1.1", "127.example.org", "pi.local", ""}) {
    EXPECT_FALSE(is_loopback(host)) << host;
  }
}

}  // namespace
}  // namespace hailstone
