// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/registry/allowed_fetch.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstring>

#include "base/error.hpp"
#include "core/registry/url.hpp"

namespace hailstone::core {
namespace {

using testing::HasSubstr;

Reach reach(const char* text) {
  sockaddr_storage storage{};
  if (std::strchr(text, ':') != nullptr) {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    EXPECT_EQ(::inet_pton(AF_INET6, text, &v6.sin6_addr), 1) << text;
    std::memcpy(&storage, &v6, sizeof v6);
  } else {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    EXPECT_EQ(::inet_pton(AF_INET, text, &v4.sin_addr), 1) << text;
    std::memcpy(&storage, &v4, sizeof v4);
  }
  return reach_of(reinterpret_cast<const sockaddr&>(storage));
}

TEST(Reach, KnowsWhatIsNotTheWorld) {
  for (const char* near : {"127.0.0.1",       "0.0.0.0",         "10.1.2.3",      "172.31.0.1",
                           "192.168.1.1",     "169.254.169.254", "100.64.0.1",    "198.18.0.1",
                           "224.0.0.1",       "255.255.255.255", "::1",           "::",
                           "::ffff:10.0.0.1", "64:ff9b::7f00:1", "fd00::1",       "fe80::1",
                           "fec0::1",         "ff02::1",         "2002:7f00:1::", "2001::1"}) {
    EXPECT_NE(reach(near), Reach::kWorld) << near;
  }
  for (const char* far : {"1.1.1.1", "172.32.0.1", "2606:4700::1111", "::ffff:1.1.1.1"}) {
    EXPECT_EQ(reach(far), Reach::kWorld) << far;
  }
}

std::string refusal(const AllowedFetch& fetch, const std::string& url) {
  try {
    fetch.fetch(url, {Deadline::in(std::chrono::seconds(5)), {}});
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kBadRequest) << url;
    return error.what();
  }
  return "fetched";
}

TEST(AllowedFetch, OnlyAllowedHostsAreAsked) {
  const AllowedFetch fetch({"*.example.com", "one.example.org", "*"});
  for (const char* url : {"http://127.0.0.1/x", "http://2130706433/x", "http://0x7f.1/x",
                          "http://[::1]/x", "http://[::ffff:127.0.0.1]/x"}) {
    EXPECT_THAT(refusal(fetch, url), HasSubstr("not allowed")) << url;
  }
  const AllowedFetch names({"*.example.com"});
  for (const char* url :
       {"https://example.com/x", "https://badexample.com/x", "https://example.com.evil.net/x",
        "https://a.example.com@evil.net/x", "file:///etc/passwd", "gopher://a.example.com/"}) {
    EXPECT_NE(refusal(names, url), "fetched") << url;
  }
}

TEST(AllowedFetch, ANameThatMeansThisMachineLeadsNowhere) {
  EXPECT_THAT(refusal(AllowedFetch({"localhost"}), "http://localhost:9/x"),
              HasSubstr("can be fetched from localhost"));
}

}  // namespace
}  // namespace hailstone::core
