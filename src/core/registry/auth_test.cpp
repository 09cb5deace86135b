// SPDX-FileCopyrightText: 2026 The Hailstone authors
// SPDX-License-Identifier: Apache-2.0
#include "core/registry/auth.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "core/registry/url.hpp"

namespace hailstone::core {
namespace fs = std::filesystem;
namespace {

// The first key of RFC 8032, which everybody knows, as ssh-keygen would write it.
constexpr const char* kOpenSsh =
    "-----BEGIN OPENSSH PRIVATE KEY-----\n"
    "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n"
    "QyNTUxOQAAACDXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdRGgAAAIgBAgMEAQID\n"
    "BAAAAAtzc2gtZWQyNTUxOQAAACDXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdRGg\n"
    "AAAECdYbGd7/1aYLqESvSS7CzEREnFaXsyaRlwO6wDHK5/YNdamAGCsQq31Uv+08lkBzoO\n"
    "4XLz2qYjJa8CGmj3B1EaAAAABHRlc3QH\n"
    "-----END OPENSSH PRIVATE KEY-----\n";
constexpr const char* kPublic =
    "AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
constexpr const char* kSignatureOfNothing =
    "5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc+bRr0lv18FlbviRlUUFDjnoQCw==";

class SigningKeyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "hailstone-key-XXXXXX").string();
    home_ = mkdtemp(pattern.data());
  }
  void TearDown() override { fs::remove_all(home_); }
  fs::path home_;
};

TEST_F(SigningKeyTest, ReadsOllamasKeyAndSignsAsTheStandardSays) {
  std::ofstream(home_ / "key") << kOpenSsh;
  const SigningKey key(home_ / "key");
  EXPECT_EQ(key.public_key(), std::string("ssh-ed25519 ") + kPublic);
  EXPECT_EQ(key.sign(""), std::string(kPublic) + ":" + kSignatureOfNothing);
}

TEST_F(SigningKeyTest, MakesOneThatIsTheSameNextTime) {
  const std::string made = SigningKey(home_ / "folder/key").public_key();
  EXPECT_EQ(SigningKey(home_ / "folder/key").public_key(), made);
  EXPECT_EQ(fs::status(home_ / "folder/key").permissions(), fs::perms(0600));
}

TEST_F(SigningKeyTest, RefusesAKeyThatIsCutShortAnywhere) {
  const std::string whole = kOpenSsh;
  for (std::size_t size = 0; size < whole.size() - 80; size += 7) {
    std::ofstream(home_ / "key") << whole.substr(0, size);
    EXPECT_THROW(SigningKey(home_ / "key"), Error) << size;
  }
}

TEST(Challenge, IsReadFromItsHeader) {
  const auto challenge =
      find_challenge(R"(Bearer realm="https://r/token", service="s",scope="a:b:c d:e:f")");
  ASSERT_TRUE(challenge);
  EXPECT_EQ(token_url(*challenge, 17, "n+"),
            "https://r/token?nonce=n%2B&scope=a%3Ab%3Ac&scope=d%3Ae%3Af&service=s&ts=17");
  for (const char* other : {"", "Basic realm=\"x\"", "Bearer", "Bearer realm=", "Bearer realm=\"x",
                            "Bearer ,,,=\"\"", "bearer service=\"x\""}) {
    EXPECT_FALSE(find_challenge(other)) << other;
  }
}

TEST(Url, KnowsThisMachineAndNothingThatLooksLikeIt) {
  for (const char* ours : {"http://localhost/", "http://127.0.0.1:5000/", "http://[::1]:1/x",
                           "http://a.localhost", "http://127.9.9.9"}) {
    EXPECT_TRUE(is_loopback(parse_url(ours))) << ours;
  }
  for (const char* others : {"http://127.0.0.1.example.org", "http://localhost.example.org",
                             "http://10.0.0.1", "http://example.org/localhost"}) {
    EXPECT_FALSE(is_loopback(parse_url(others))) << others;
    EXPECT_THROW(require_allowed(parse_url(others), Security::kHttps), Error) << others;
    EXPECT_NO_THROW(require_allowed(parse_url(others), Security::kInsecure)) << others;
  }
  for (const char* bad : {"", "ftp://x/", "file:///etc/passwd", "http://user:word@x/", "x"}) {
    EXPECT_THROW(parse_url(bad), Error) << bad;
  }
}

TEST(Url, RedirectsLeadNeitherToPlainHttpNorBackToThisMachine) {
  const Url net = parse_url("https://registry.example/v2/a");
  EXPECT_EQ(follow(net, "/b?c", Security::kHttps).text, "https://registry.example/b?c");
  EXPECT_EQ(follow(net, "https://cdn.example/x", Security::kHttps).host, "cdn.example");
  for (const char* bad : {"http://cdn.example/x", "https://127.0.0.1/x", "http://localhost/",
                          "https://[::1]/", "file:///etc/passwd", "gopher://x"}) {
    EXPECT_THROW(follow(net, bad, Security::kHttps), Error) << bad;
  }
  EXPECT_THROW(follow(net, "http://127.0.0.1/", Security::kInsecure), Error);
  EXPECT_NO_THROW(follow(net, "http://cdn.example/", Security::kInsecure));
}

TEST(Url, RedirectsLeadNoCloserThanTheyCameFrom) {
  const Url net = parse_url("https://registry.example/v2/a");
  for (const char* closer :
       {"https://0.0.0.0/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://127.1/",
        "https://0x7f000001/", "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::7f00:1]/",
        "https://localhost./", "https://10.1.2.3/", "https://172.31.0.1/", "https://192.168.1.1/",
        "https://169.254.169.254/latest", "https://100.64.0.1/", "https://[fe80::1]/",
        "https://[fd00::1]/"}) {
    EXPECT_THROW(follow(net, closer, Security::kHttps), Error) << closer;
  }
  for (const char* farther : {"https://172.32.0.1/", "https://11.0.0.1/", "https://[2001:db8::1]/",
                              "https://169.253.0.1/", "https://8.8.8.8/"}) {
    EXPECT_NO_THROW(follow(net, farther, Security::kHttps)) << farther;
  }
  EXPECT_NO_THROW(follow(net, "http://192.168.1.1/", Security::kInsecure));
  const Url neighbour = parse_url("https://192.168.1.2/");
  EXPECT_NO_THROW(follow(neighbour, "https://10.0.0.1/", Security::kHttps));
  EXPECT_THROW(follow(neighbour, "https://[::ffff:127.0.0.1]/", Security::kInsecure), Error);
}

TEST(Url, AServerOfTheWorldLeadsToNamesOfTheWorldAlone) {
  const Url net = parse_url("https://registry.example/v2/a");
  const auto leads = [&](Security security, std::optional<Reach> peer) {
    return follow(net, "https://cdn.example/x", security, peer).is_world_only;
  };
  EXPECT_TRUE(leads(Security::kHttps, Reach::kWorld));
  EXPECT_FALSE(leads(Security::kHttps, Reach::kNeighbourhood));  // a registry at home, or a proxy
  EXPECT_FALSE(leads(Security::kHttps, std::nullopt));
  EXPECT_FALSE(leads(Security::kInsecure, Reach::kWorld));
  const Url second = follow(net, "https://cdn.example/x", Security::kHttps, Reach::kWorld);
  EXPECT_TRUE(follow(second, "/y", Security::kHttps, std::nullopt).is_world_only);
}

}  // namespace
}  // namespace hailstone::core
