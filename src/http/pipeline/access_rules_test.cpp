// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "http/pipeline/access_rules.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hailstone::http {
namespace {

const HostRules kRules{{"models.example.org", "*.lan"}, "Garage"};

TEST(HostRule, LetsLocalNamesAndAddressesIn) {
  for (const char* host : {"",
                           "localhost",
                           "LOCALHOST:11434",
                           "a.localhost",
                           "box.local",
                           "box.local.:80",
                           "host.docker.internal:11434",
                           "garage:80",
                           "127.0.0.1",
                           "127.9.9.9:1",
                           "0.0.0.0:80",
                           "10.1.2.3",
                           "172.16.0.1",
                           "172.31.255.1",
                           "192.168.1.5:8080",
                           "169.254.1.1",
                           "[::1]:80",
                           "[::]",
                           "[fd00::5]:1",
                           "[fe80::1%eth0]",
                           "[::ffff:127.0.0.1]",
                           "203.0.113.9:80",
                           "models.example.org:443",
                           "nas.lan"}) {
    EXPECT_TRUE(is_allowed_host(host, "203.0.113.9", kRules)) << host;
  }
}

TEST(HostRule, KeepsOthersOut) {
  for (const char* host : {"evil.example",
                           "evil.example:11434",
                           "localhost.evil.example",
                           "evil-localhost",
                           ".local",
                           "8.8.8.8",
                           "172.32.0.1",
                           "172.15.0.1",
                           "2130706433",
                           "0x7f000001",
                           "127.1",
                           "127.0.0.1.evil.example",
                           "[2001:db8::1]",
                           "[::ffff:8.8.8.8]",
                           "localhost:80@evil.example",
                           "localhost:x",
                           "[::1",
                           "[::1]x",
                           "local",
                           "lan"}) {
    EXPECT_FALSE(is_allowed_host(host, "203.0.113.9", kRules)) << host;
  }
}

TEST(HostRule, TheOperatorMayAllowAll) {
  EXPECT_TRUE(is_allowed_host("evil.example", "10.0.0.1", {{"*"}, "garage"}));
}

TEST(OriginRule, LetsLocalPagesAndAppsIn) {
  for (const char* origin :
       {"http://localhost", "https://localhost:3000", "http://127.0.0.1:5173", "https://0.0.0.0",
        "http://[::1]:3000", "app://obsidian.md", "file://", "tauri://localhost",
        "vscode-webview://abc", "vscode-file://vscode-app", "http://192.168.1.5:11434",
        "https://ui.example.org"}) {
    EXPECT_TRUE(is_allowed_origin(origin, "192.168.1.5:11434", {"https://ui.example.org"}))
        << origin;
  }
}

TEST(OriginRule, KeepsOthersOut) {
  for (const char* origin :
       {"http://evil.example", "null", "", "http://localhost.evil.example", "http://192.168.1.5",
        "http://localhost@evil.example", "chrome-extension://abc", "ftp://localhost",
        "http://localhost:80@evil.example"}) {
    EXPECT_FALSE(is_allowed_origin(origin, "192.168.1.5:11434", {"https://ui.example.org"}))
        << origin;
  }
  EXPECT_FALSE(is_allowed_origin("http://", "", {}));
}

TEST(OriginRule, TakesPatterns) {
  EXPECT_TRUE(is_allowed_origin("null", "", {"*"}));
  EXPECT_TRUE(is_allowed_origin("chrome-extension://abc", "", {"chrome-extension://*"}));
  EXPECT_TRUE(is_allowed_origin("http://192.168.1.7:80", "", {"http://192.168.1.*"}));
  EXPECT_FALSE(is_allowed_origin("http://192.168.2.7:80", "", {"http://192.168.1.*"}));
}

TEST(ApiKey, MustBeOneOfTheKeys) {
  const std::vector<std::string> keys = {"first", "second"};
  EXPECT_TRUE(has_valid_key("Bearer first", keys));
  EXPECT_TRUE(has_valid_key("bearer  second ", keys));
  for (const char* header : {"", "Bearer", "Bearer ", "Bearer firs", "Bearer firstfirst",
                             "Bearer First", "Basic first", "first"}) {
    EXPECT_FALSE(has_valid_key(header, keys)) << header;
  }
  EXPECT_FALSE(has_valid_key("Bearer ", {""}));
}

TEST(ApiKey, MayStandInAFormWhereTheRouteSaysSo) {
  const std::vector<std::string> keys = {"first", "second"};
  EXPECT_NO_THROW(require_key("", "second", keys));
  EXPECT_NO_THROW(require_key("Bearer first", "", keys));
  EXPECT_NO_THROW(require_key("", "whatever", {}));
  for (const auto& [header, form] :
       {std::pair{"", ""}, std::pair{"", "third"}, std::pair{"Bearer third", "first"}}) {
    EXPECT_THROW(require_key(header, form, keys), Error) << header << form;
  }
}

}  // namespace
}  // namespace hailstone::http
